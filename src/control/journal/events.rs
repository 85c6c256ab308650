//! `GET /_mock/events`: the journal as it is written, as server-sent events.
//!
//! The ring is the buffer: a subscriber is a place in it and nothing more, so a slow one costs no memory
//! and learns how many exchanges it missed. An event is made once for all subscribers, aside from the threads that
//! answer where a server has somebody who does that.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use event_listener::EventListener;
use futures_util::future::select;
use http::header;

use super::call::{Call, Kept};
use super::entry::shown;
use super::explain::Explainer;
use super::wanted::{journal, wanted};
use crate::api::{Event, EventId, Problem, Requests};
use crate::app::AppState;
use crate::app::Sandbox;
use crate::app::renderings::{Key, Rendering};
use crate::app::subscribers::{Full, Place};
use crate::control::Ask;
use crate::control::foreign::{Foreign, Form};
use crate::control::parameter::Parameter;
use crate::control::verb::{NoBody, Output, Verb};
use crate::provider::Response;
use crate::world::clock::Stopwatch;
use crate::world::journal::Entry;

/// How many exchanges are looked at in one go.
const BATCH: usize = 32;

/// How many bytes of events a stream takes up before its client takes them.
const SAID: usize = 64 << 10;

/// How long events are made before the first of them is told.
const WHILE: Duration = Duration::from_millis(5);

/// After how many seconds one who was refused may try again.
const RETRY_AFTER: &str = "5";

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
    .refuses(&[400, 409, 429])
    .light();

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
pub(in crate::control) fn follow(ask: &Ask<'_>) -> Option<Result<(Response, Box<EventStream>), Response>> {
    (ask.method == "GET" && ask.path == "/_mock/events").then(|| {
        let (wanted, (generation, number)) = start(ask).map_err(|problem| problem.response())?;
        let place = ask.app.subscribers.enter(ask.sandbox.journal().followers()).map_err(refused)?;
        let (app, sandbox) = (ask.app.clone(), ask.sandbox.clone());
        let mut said = VecDeque::new();
        said.push_back(Bytes::from_static(b": following\n\n"));
        let stream = EventStream {
            app,
            sandbox,
            wanted,
            place,
            generation,
            number,
            said,
            awaited: None,
            is_here: false,
            ended: false,
        };
        let head = Foreign::<Events>::new(Bytes::new()).respond(Response::new(200), ask.cancel);
        Ok((head.map_err(|problem| problem.response())?, Box::new(stream)))
    })
}

/// Which exchanges a request wants, and behind which it starts.
fn start(ask: &Ask<'_>) -> Result<(Requests, (u64, u64)), Problem> {
    let journal = journal(ask)?;
    let wanted = wanted(ask, &["last_event_id"])?;
    let seen = last_seen(ask)?.or(wanted.last_event());
    let seen = seen.map_or_else(|| journal.end(), |EventId { generation, number }| (generation, number));
    Ok((wanted, seen))
}

/// The answer to one stream too many: where the bound is, and how it is moved.
fn refused(full: Full) -> Response {
    let (flag, most, whose) = match full {
        Full::Server(most) => ("--max-streams", most, "this server"),
        Full::Sandbox(most) => ("--max-sandbox-streams", most, "this sandbox"),
    };
    let more = most.saturating_mul(2).max(16);
    let problem = Problem::new(
        429,
        format!(
            "{whose} has {most} streams of events open, all that `{flag} {most}` allows; close one, or start the server \
             with more, such as `{flag} {more}`"
        ),
    );
    problem.response().header(header::RETRY_AFTER, RETRY_AFTER)
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
    /// The event that comes next, while it is made. It may have made room for others meanwhile.
    awaited: Option<(u64, Arc<Rendering>)>,
    /// Whether it makes its events itself, and waits for nobody who does.
    is_here: bool,
    ended: bool,
}

/// What a look at the journal found.
enum Found {
    /// Something to say.
    Said,
    /// Nothing new.
    Nothing,
    /// Exchanges that are not wanted.
    Others,
    /// Something to say that is being made.
    Awaited(EventListener),
}

impl EventStream {
    /// Has it make its events itself, whoever else would: what is there is there at once.
    pub(crate) fn stay_here(&mut self) {
        self.is_here = true;
    }

    /// The next piece of the stream, if it is there already.
    pub(crate) fn said(&mut self) -> Option<Bytes> {
        self.said.pop_front()
    }

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
                continue;
            }
            match self.look() {
                Found::Said => {}
                Found::Others if self.is_here => {}
                Found::Others => give_way().await,
                Found::Awaited(made) => {
                    drop(written);
                    select(made, closed).await;
                }
                Found::Nothing => {
                    select(written, closed).await;
                }
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

    /// Takes what is new in the journal.
    fn look(&mut self) -> Found {
        let news = self.sandbox.journal().after(self.generation, self.number, BATCH);
        if news.generation != self.generation {
            (self.generation, self.number) = (news.generation, 0);
            self.say(&Event::Reset { sandbox: self.sandbox.name().as_str().to_owned() });
        }
        if news.lost > 0 {
            self.number += news.lost;
            self.say(&Event::Lost { lost: news.lost });
        }
        let Some(last) = news.entries.last().map(|entry| entry.number) else {
            return if self.said.is_empty() { Found::Nothing } else { Found::Said };
        };
        let pattern = self.wanted.pattern();
        let mut wanted = news.entries;
        if !pattern.is_empty() {
            let mut explainer = Explainer::new(&self.app);
            let kept = |entry: &Entry| Kept { sandbox: self.sandbox.clone(), entry: entry.clone() };
            wanted.retain(|entry| pattern.fits(&explainer.seen(kept(entry), pattern)));
        }
        let mut length = 0;
        while let Some(entry) = wanted.first() {
            let (number, rendering) = (entry.number, self.rendering(entry));
            if rendering.text().is_none() {
                if !self.said.is_empty() {
                    return Found::Said;
                }
                let made = rendering.made();
                self.make(&wanted, &rendering);
                if rendering.text().is_none() {
                    self.awaited = Some((entry.stamp, rendering));
                    return Found::Awaited(made);
                }
            }
            let text = rendering.text().cloned().unwrap_or_default();
            length += text.len();
            self.said.push_back(text);
            self.number = number;
            if length > SAID {
                return Found::Said;
            }
            wanted.remove(0);
        }
        self.number = last;
        if self.said.is_empty() { Found::Others } else { Found::Said }
    }

    fn rendering(&mut self, entry: &Entry) -> Arc<Rendering> {
        match self.awaited.take() {
            Some((stamp, rendering)) if stamp == entry.stamp => rendering,
            _ => self.app.subscribers.renderings().of(key(entry)),
        }
    }

    /// Has the first of these events made, which is this one, unless somebody does that already; and those behind it.
    fn make(&self, entries: &[Entry], first: &Arc<Rendering>) {
        let maker = Maker { app: self.app.clone(), sandbox: self.sandbox.clone(), generation: self.generation };
        let Some(aside) = self.app.journals.aside().filter(|_| !self.is_here) else {
            return maker.make(entries.get(..1).unwrap_or_default(), first);
        };
        if first.ask() {
            let (entries, first) = (entries.to_vec(), first.clone());
            aside.make(move || maker.make(&entries, &first));
        }
    }

    fn end(&mut self, reason: &str) {
        self.ended = true;
        self.say(&Event::End { reason: reason.to_owned() });
    }

    fn say(&mut self, event: &Event) {
        self.said.push_back(written(None, event));
    }
}

/// Which event it is, and what of it may change.
fn key(entry: &Entry) -> Key {
    (entry.stamp, entry.exchange.progress().state)
}

/// Makes the events of a journal.
struct Maker {
    app: Arc<AppState>,
    sandbox: Arc<Sandbox>,
    generation: u64,
}

impl Maker {
    /// Makes the first event, and those behind it that nobody makes, for a while.
    fn make(&self, entries: &[Entry], first: &Arc<Rendering>) {
        let started = Stopwatch::start();
        let renderings = self.app.subscribers.renderings();
        let mut explainer = Explainer::new(&self.app);
        let mut made = Vec::with_capacity(entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let key = key(entry);
            let rendering = if at == 0 { first.clone() } else { renderings.of(key) };
            if at > 0 && (started.elapsed() > WHILE || !rendering.ask()) {
                break;
            }
            // Others wait for it: whatever happens, something is told.
            let text = catch_unwind(AssertUnwindSafe(|| self.text(entry, &mut explainer))).unwrap_or_else(|_| {
                tracing::error!(number = entry.number, "an entry of the journal could not be told as an event");
                written(Some((self.generation, entry.number)), &Event::Lost { lost: 1 })
            });
            renderings.keep(key, &rendering, text);
            made.push(rendering);
        }
        // At once, so that those who wait wake once for all of them.
        made.iter().for_each(|rendering| rendering.tell());
    }

    fn text(&self, entry: &Entry, explainer: &mut Explainer<'_>) -> Bytes {
        let exchange =
            Box::new(shown(&Call::of(Kept { sandbox: self.sandbox.clone(), entry: entry.clone() }), explainer));
        written(Some((self.generation, entry.number)), &Event::Exchange(exchange))
    }
}

/// Lets others run before it is done.
async fn give_way() {
    let mut has_given = false;
    poll_fn(|context| {
        if std::mem::replace(&mut has_given, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// An event as it is sent.
fn written(id: Option<(u64, u64)>, event: &Event) -> Bytes {
    let mut text = format!("event: {}\n", event.name());
    if let Some((generation, number)) = id {
        text.push_str(&format!("id: {generation}-{number}\n"));
    }
    // A client's own JSON may have line ends; each line of data is a field of its own.
    for line in serde_json::to_string(event).unwrap_or_default().split(['\n', '\r']) {
        text.push_str("data: ");
        text.push_str(line);
        text.push('\n');
    }
    text.push('\n');
    Bytes::from(text)
}
