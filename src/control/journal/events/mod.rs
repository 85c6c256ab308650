//! `GET /_mock/events`: the journal as it is written, as server-sent events.
//!
//! The ring is the buffer: a subscriber is a place in it and nothing more, so a slow one costs no memory
//! and learns how many exchanges it missed. Who follows all sandboxes has a place in the feed of all journals. An event is
//! made once for all subscribers, aside from the threads that answer where a server has somebody who does that; so is
//! found out which of them one that filters wants.

mod maker;
mod sieve;
mod source;
mod stream;

use bytes::Bytes;
use http::header;

use self::source::{AllJournals, OneJournal, Source};
use super::wanted::{journal, wanted};
use crate::api::{EventId, Problem, Requests};
use crate::app::subscribers::Full;
use crate::control::Ask;
use crate::control::foreign::{Foreign, Form};
use crate::control::parameter::{ALL_SANDBOXES, Parameter};
use crate::control::passed_over;
use crate::control::verb::{NoBody, Output, Verb};
use crate::provider::Response;
use crate::world::refusal::counted;

pub(crate) use stream::EventStream;

/// After how many seconds one who was refused may try again.
const RETRY_AFTER: &str = "5";

pub(crate) static SHOW_EVENTS: Verb<NoBody, Foreign<Events>> = Verb::get("/_mock/events", "show_events", show_events)
    .about(
        "Exchanges as they happen, as server-sent events: `exchange` (an entry of the journal), `lost` (how many were \
             missed), `reset` (what was told of a sandbox counts no more, and why; what is kept follows), `end` (and why).",
    )
    .filters()
    .takes(&[
        ALL_SANDBOXES,
        Parameter::header(
            "Last-Event-ID",
            "The last event that was seen: what followed it comes first; where the sandbox was made anew, or the server \
             started again, `reset` and all that is kept",
        ),
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
    place(ask)?;
    Ok(Foreign::new(Bytes::new()))
}

/// What is to be told, and behind which event.
fn place(ask: &Ask<'_>) -> Result<(Requests, Option<EventId>), Problem> {
    journal(ask)?;
    let wanted = wanted(ask, OTHERS)?;
    let (seen, at) = match last_seen(ask)? {
        Some(seen) => (Some(seen), None),
        None => (wanted.last_event(), Some("query.last_event_id")),
    };
    let checked = seen.map_or(Ok(()), |seen| seen.check(wanted.is_of_all_sandboxes()));
    checked.map_err(|detail| at.into_iter().fold(Problem::new(400, detail), Problem::at))?;
    Ok((wanted, seen))
}

/// The stream that a request asks for, if it asks for one.
pub(in crate::control) fn follow(ask: &Ask<'_>) -> Option<Result<(Response, Box<EventStream>), Response>> {
    (ask.method == "GET" && ask.path == "/_mock/events").then(|| {
        let looked = passed_over::look(&SHOW_EVENTS, ask).and_then(|_| place(ask));
        let (wanted, seen) = looked.map_err(|problem| problem.response())?;
        let subscribers = &ask.app.subscribers;
        let (place, source) = if wanted.is_of_all_sandboxes() {
            let source = AllJournals::new(ask.app, seen);
            (subscribers.enter_all().map_err(refused)?, Source::All(source))
        } else {
            let place = subscribers.enter(ask.sandbox.journal().followers()).map_err(refused)?;
            (place, Source::One(OneJournal::new(ask.app, ask.sandbox, seen)))
        };
        let stream = EventStream::new(ask.app.clone(), wanted, place, source);
        let head = Foreign::<Events>::new(Bytes::new()).respond(Response::new(200), ask.bounds());
        Ok((head.map_err(|problem| problem.response())?, Box::new(stream)))
    })
}

/// What a query may say beside the fields of a pattern.
const OTHERS: &[&str] = &["sandbox", "last_event_id"];

/// The answer to one stream too many: where the bound is, and how it is moved.
fn refused(full: Full) -> Response {
    let (flag, most, whose) = match full {
        Full::Server(most) => ("--max-streams", most, "this server"),
        Full::Sandbox(most) => ("--max-sandbox-streams", most, "this sandbox"),
    };
    let more = most.saturating_mul(2).max(16);
    let found = match most {
        0 => format!("streams of events are off by `{flag} 0`; start the server with"),
        most => {
            let open = counted(most, "stream");
            format!(
                "{whose} has {open} of events open, all that `{flag} {most}` allows; close one, or start the server with"
            )
        }
    };
    let problem = Problem::new(429, format!("{found} more, such as `{flag} {more}`"));
    problem.response().header(header::RETRY_AFTER, RETRY_AFTER)
}

/// The event that the client saw last, as a header field says it.
fn last_seen(ask: &Ask<'_>) -> Result<Option<EventId>, Problem> {
    let Some(value) = ask.headers.get("last-event-id") else { return Ok(None) };
    String::from_utf8_lossy(value.as_bytes()).parse().map(Some).map_err(|detail: String| Problem::new(400, detail))
}
