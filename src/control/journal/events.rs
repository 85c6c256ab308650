//! `GET /_mock/events`: the journal as it is written, as server-sent events.
//!
//! The ring is the buffer: a subscriber is a place in it and nothing more, so a slow one costs no memory
//! and learns how many exchanges it missed.

use std::collections::VecDeque;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::future::select;
use http::header;

use super::call::Call;
use super::entry::shown;
use super::explain::Explainer;
use super::wanted::{journal, wanted};
use crate::api::{Event, EventId, Problem, Requests};
use crate::app::AppState;
use crate::app::Sandbox;
use crate::app::subscribers::{MOST, Place};
use crate::control::Ask;
use crate::control::parameter::Parameter;
use crate::control::verb::{Foreign, Form, NoBody, Output, Verb};
use crate::provider::Response;

/// How many exchanges are looked at in one go.
const BATCH: usize = 32;

pub(crate) static SHOW_EVENTS: Verb<NoBody, Foreign<Events>> = Verb::get("/_mock/events", "show_events", show_events)
    .about(
        "Exchanges as they happen, as server-sent events: `exchange` (an entry of the journal), `lost` (how many were \
             missed), `reset` (the journal was emptied), `end` (and why).",
    )
    .filters()
    .takes(&[
        Parameter::header("Last-Event-ID", "The last event that was seen: what followed it comes first"),
        Parameter::query(
            "last_event_id",
            "The same, for clients that cannot set a header; `0-0` starts with all that is kept",
        ),
    ])
    .refuses(&[400, 409, 503]);

/// Server-sent events.
pub(crate) enum Events {}

impl Form for Events {
    const MEDIA: &'static str = "text/event-stream; charset=utf-8";

    fn head(answer: Response) -> Response {
        answer.header(header::CACHE_CONTROL, "no-store")
    }
}

fn show_events(ask: &Ask<'_>, _: NoBody) -> Result<Foreign<Events>, Problem> {
    // Only a HEAD comes here: `follow` takes the rest.
    journal(ask)?;
    wanted(ask, &["last_event_id"])?;
    Ok(Foreign::new(Bytes::new()))
}

/// The stream that a request asks for, if it asks for one.
pub(in crate::control) fn follow(ask: &Ask<'_>) -> Option<Result<(Response, Box<EventStream>), Problem>> {
    (ask.method == "GET" && ask.path == "/_mock/events").then(|| {
        let journal = journal(ask)?;
        let wanted = wanted(ask, &["last_event_id"])?;
        let (generation, number) = match last_seen(ask)?.or(wanted.last_event()) {
            Some(EventId { generation, number }) => (generation, number),
            None => journal.end(),
        };
        let place = ask
            .app
            .subscribers
            .enter()
            .ok_or_else(|| Problem::new(503, format!("{MOST} streams of events are open already; close one")))?;
        let (app, sandbox) = (ask.app.clone(), ask.sandbox.clone());
        let mut said = VecDeque::new();
        said.push_back(Bytes::from_static(b": following\n\n"));
        let stream = Box::new(EventStream { app, sandbox, wanted, place, generation, number, said, ended: false });
        Ok((Foreign::<Events>::new(Bytes::new()).respond(Response::new(200), ask.cancel)?, stream))
    })
}

/// The event that the client saw last, as a header field says it.
fn last_seen(ask: &Ask<'_>) -> Result<Option<EventId>, Problem> {
    let Some(value) = ask.headers.get("last-event-id") else { return Ok(None) };
    String::from_utf8_lossy(value.as_bytes()).parse().map(Some).map_err(|detail: String| Problem::new(400, detail))
}

/// The body of an answer that goes on: one stream's place in a journal.
///
/// It reads no clock: whoever carries it asks for a sign of life where it has been silent for long.
#[derive(Debug)]
pub(crate) struct EventStream {
    app: Arc<AppState>,
    sandbox: Arc<Sandbox>,
    wanted: Requests,
    place: Place,
    generation: u64,
    number: u64,
    said: VecDeque<Bytes>,
    ended: bool,
}

impl EventStream {
    /// The next piece of the stream; nothing at its end. Nothing is lost where it is dropped while it waits.
    pub(crate) async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(chunk) = self.said.pop_front() {
                return Some(chunk);
            }
            if self.ended {
                return None;
            }
            // Listening starts before looking, so that nothing happens in between unseen.
            let (written, closed) = (self.sandbox.journal().written(), self.place.closed());
            if self.place.is_closed() {
                self.end("the server stops");
            } else if !self.look() {
                select(written, closed).await;
            }
        }
    }

    /// Says that the stream is alive, or why it ends.
    pub(crate) fn keep_alive(&mut self) {
        if self.app.sandboxes.holds(&self.sandbox) {
            self.said.push_back(Bytes::from_static(b":\n\n"));
        } else {
            self.end("the sandbox is gone");
        }
    }

    /// Takes what is new in the journal; whether anything was, to be told or not.
    fn look(&mut self) -> bool {
        let news = self.sandbox.journal().after(self.generation, self.number, BATCH);
        if news.generation != self.generation {
            (self.generation, self.number) = (news.generation, 0);
            self.say(None, &Event::Reset { sandbox: self.sandbox.name().as_str().to_owned() });
        }
        if news.lost > 0 {
            self.number += news.lost;
            self.say(None, &Event::Lost { lost: news.lost });
        }
        let any = !news.entries.is_empty() || !self.said.is_empty();
        let (app, sandbox) = (self.app.clone(), self.sandbox.clone());
        let mut explainer = Explainer::new(&app, &sandbox);
        for entry in news.entries {
            self.number = entry.number;
            let call = Call::of(entry);
            if self.wanted.pattern().fits(&call) {
                let exchange = Box::new(shown(&call, &mut explainer));
                self.say(Some(call.entry.number), &Event::Exchange(exchange));
            }
        }
        any
    }

    fn end(&mut self, reason: &str) {
        self.ended = true;
        self.say(None, &Event::End { reason: reason.to_owned() });
    }

    fn say(&mut self, number: Option<u64>, event: &Event) {
        let mut text = format!("event: {}\n", event.name());
        if let Some(number) = number {
            text.push_str(&format!("id: {}-{number}\n", self.generation));
        }
        // A client's own JSON may have line ends; each line of data is a field of its own.
        for line in serde_json::to_string(event).unwrap_or_default().split(['\n', '\r']) {
            text.push_str("data: ");
            text.push_str(line);
            text.push('\n');
        }
        text.push('\n');
        self.said.push_back(Bytes::from(text));
    }
}
