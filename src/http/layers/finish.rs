//! The last step of an answer: our own header fields are put on, and it is handed to the wire.

use std::panic::AssertUnwindSafe;

use actix_web::HttpResponse;
use actix_web::body::BodyStream;
use actix_web::http::{StatusCode, header};
use futures_util::StreamExt;
use jiff::Timestamp;

use super::{address, cors, house};
use crate::control::EventStream;
use crate::http::date::http_date;
use crate::http::response::Response;
use crate::http::{HeaderName, HeaderValue};
use crate::world::clock::Clock;
use crate::world::sandbox::Found;

const PROVENANCE: HeaderName = HeaderName::from_static("x-mock-provenance");
const SANDBOX: HeaderName = HeaderName::from_static(address::SANDBOX);
const SANDBOX_CREATED: HeaderName = HeaderName::from_static("x-mock-sandbox-created");

/// Hands an answer to the wire, dated by the sandbox's clock.
pub(in crate::http) fn finish(response: Response, found: Option<&Found>, origin: Option<&HeaderValue>) -> HttpResponse {
    let now = found.map_or(Clock::Real, |found| found.sandbox.clock()).now();
    finish_at(now, response, found, origin)
}

/// Hands an answer to the wire, dated by the instant that its body was made at; with all that the mock adds if that
/// can be had.
pub(in crate::http) fn finish_at(
    now: Timestamp,
    mut response: Response,
    found: Option<&Found>,
    origin: Option<&HeaderValue>,
) -> HttpResponse {
    house::guarded("finish", || add_fields(now, &mut response, found, origin)).unwrap_or_else(|| plain(&response))
}

/// An answer whose body goes on. Where that crashes, the stream ends without its end, and the client knows.
pub(in crate::http) fn stream(head: HttpResponse, events: EventStream) -> HttpResponse {
    let events = events.inspect(|_| house::probe("events"));
    let events = AssertUnwindSafe(events).catch_unwind().map(|event| match event {
        Ok(Ok(event)) => Ok(event),
        Err(_) => {
            tracing::error!("a stream of events crashed");
            Err(std::io::Error::other("the stream crashed"))
        }
    });
    head.set_body(BodyStream::new(events)).map_into_boxed_body()
}

/// Puts the hall's own header fields on an answer.
fn add_fields(
    now: Timestamp,
    response: &mut Response,
    found: Option<&Found>,
    origin: Option<&HeaderValue>,
) -> HttpResponse {
    if response.is_inferred() {
        response.push(PROVENANCE, "inferred");
    }
    if let Some(found) = found {
        response.push(SANDBOX, found.sandbox.name().as_str());
        if let Some(created) = found.created {
            response.push(SANDBOX_CREATED, created.as_str());
        }
    }
    if let Some(origin) = origin {
        cors::open(response, origin);
    }
    let mut answer = plain(response);
    if let Some(date) = http_date(now) {
        answer.headers_mut().insert(header::DATE, date);
    }
    answer
}

/// An answer as its provider gave it.
fn plain(response: &Response) -> HttpResponse {
    let status = StatusCode::from_u16(response.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut answer = HttpResponse::with_body(status, response.bytes().clone());
    let fields = answer.headers_mut();
    for (name, value) in response.headers() {
        fields.append(name.clone(), value.clone());
    }
    answer.map_into_boxed_body()
}
