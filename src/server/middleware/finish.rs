//! The last step of an answer: our own header fields are put on.

use std::panic::AssertUnwindSafe;

use bytes::Bytes;
use futures_util::FutureExt;
use jiff::Timestamp;

use crate::app::Sandbox;
use crate::app::sandbox::Found;
use crate::control::EventStream;
use crate::provider::response::Response;
use crate::provider::{HeaderName, HeaderValue};
use crate::server::date::http_date;
use crate::server::message::Answer;
use crate::server::middleware::{address, cors, panics};
use crate::world::clock::Clock;

const PROVENANCE: HeaderName = HeaderName::from_static("x-mock-provenance");
const SANDBOX: HeaderName = HeaderName::from_static(address::SANDBOX);
const SANDBOX_CREATED: HeaderName = HeaderName::from_static("x-mock-sandbox-created");

/// An answer as it leaves, dated by the sandbox's clock.
pub(in crate::server) fn finish(
    response: Response,
    found: Option<&Found>,
    origin: Option<&HeaderValue>,
) -> Box<Answer> {
    let now = found.map_or(Clock::Real, |found| found.sandbox().clock()).now();
    finish_at(now, response, found, origin)
}

/// An answer as it leaves, dated by the instant that its body was made at; with all that the mock adds if that can be
/// had.
pub(in crate::server) fn finish_at(
    now: Timestamp,
    mut response: Response,
    found: Option<&Found>,
    origin: Option<&HeaderValue>,
) -> Box<Answer> {
    panics::guarded("finish", || add_fields(now, &mut response, found, origin));
    response.into()
}

/// An answer of a sandbox that nobody holds any more.
pub(in crate::server) fn in_sandbox(mut response: Response, sandbox: &Sandbox) -> Response {
    response.push(SANDBOX, sandbox.name().as_str());
    response
}

/// The next piece of an answer that goes on; nothing at its end. An error where that crashed: the answer then ends
/// without its end, so that the client knows.
pub(crate) async fn next_event(events: &mut EventStream) -> Option<Result<Bytes, Crashed>> {
    let next = async {
        panics::probe("events");
        events.next().await
    };
    let Ok(next) = AssertUnwindSafe(next).catch_unwind().await else {
        tracing::error!("a stream of events crashed");
        return Some(Err(Crashed));
    };
    next.map(Ok)
}

/// A stream of events that crashed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stream crashed")]
pub(crate) struct Crashed;

/// Puts the server's own header fields on an answer.
fn add_fields(now: Timestamp, response: &mut Response, found: Option<&Found>, origin: Option<&HeaderValue>) {
    if response.is_inferred() {
        response.push(PROVENANCE, "inferred");
    }
    if let Some(found) = found {
        response.push(SANDBOX, found.sandbox().name().as_str());
        if let Some(created) = found.created() {
            response.push(SANDBOX_CREATED, created.as_str());
        }
    }
    if let Some(origin) = origin {
        cors::open(response, origin);
    }
    if let Some(date) = http_date(now) {
        response.set_date(date);
    }
}
