//! A crash at each step of the way of a request is answered.

use ::http::Method;
use ::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, DATE};
use bytes::Bytes;
use futures_util::FutureExt;
use serde_json::Value;

use super::*;
use crate::app::Setup;
use crate::provider::HeaderName;
use crate::providers::registry;
use crate::server::aside::Here;
use crate::server::middleware::body::Whole;
use crate::server::middleware::finish::{Crashed, next_event};
use crate::server::middleware::panics::crash_at;

/// What came of a request that crashed at a place.
struct Outcome {
    status: u16,
    media: String,
    dated: bool,
    readable: bool,
    body: Result<Bytes, Crashed>,
    journal: usize,
}

fn send(app: &Arc<AppState>, method: &str, uri: &str, fields: &[(&'static str, &'static str)]) -> Box<Answer> {
    let name =
        |(name, value): &(&'static str, &'static str)| (HeaderName::from_static(name), HeaderValue::from_static(value));
    let sent = Sent {
        method: Method::from_bytes(method.as_bytes()).expect("a method"),
        target: uri.parse().expect("a target"),
        version: Version::HTTP_11,
        headers: fields.iter().map(name).collect(),
    };
    let mut body = Whole::new(Bytes::new());
    let answer = answer(&sent, &mut body, app, &Here).now_or_never().expect("an answer to what is there");
    trace::write(&sent, &answer);
    answer
}

/// Sends a request of a page to a server of its own, whose way crashes once at each of these places.
fn crash(places: &[&'static str], method: &str, uri: &str) -> Outcome {
    let app = Arc::new(AppState::build(registry(), &Setup::default()).unwrap_or_else(|error| panic!("{error}")));
    crash_at(places);
    let answer = send(
        &app,
        method,
        uri,
        &[
            ("authorization", "Bearer x"),
            ("origin", "http://localhost:8080"),
            ("host", "localhost:8080"),
            ("access-control-request-method", "GET"),
        ],
    );
    let body = match answer.events {
        None => Ok(answer.response.bytes().clone()),
        Some(mut events) => next_event(&mut events).now_or_never().flatten().expect("a piece"),
    };
    crash_at(&[]);
    let kept = send(&app, "GET", "/_mock/requests", &[]);
    let kept: Value = serde_json::from_slice(kept.response.bytes()).expect("JSON");
    let field = |name| answer.response.headers().iter().find(|(known, _)| *known == name).map(|(_, value)| value);
    Outcome {
        status: answer.response.status(),
        media: field(CONTENT_TYPE).map(|media| media.to_str().expect("text").to_owned()).unwrap_or_default(),
        dated: field(DATE).is_some(),
        readable: field(ACCESS_CONTROL_ALLOW_ORIGIN).is_some(),
        body,
        journal: kept["requests"].as_array().map_or(0, Vec::len),
    }
}

/// A request that the first provider answers with 200.
fn sample() -> String {
    let app = AppState::build(registry(), &Setup::default()).unwrap_or_else(|error| panic!("{error}"));
    let sample = app.samples().next().and_then(|(_, sample)| sample);
    sample.expect("a provider with a sample").target
}

#[test]
fn a_crash_before_the_vendors_answer_is_answered_in_the_vendors_words() {
    let target = sample();
    for place in ["address", "body", "settle", "limits", "route", "faults", "handle"] {
        let outcome = crash(&[place], "GET", &target);
        let seen = (outcome.status, outcome.dated, outcome.readable);
        assert_eq!(seen, (500, true, true), "{place}");
        assert!(outcome.media.starts_with("application/json"), "{place}: {}", outcome.media);
        assert!(!outcome.body.expect("a body").is_empty(), "{place}");
    }
}

#[test]
fn a_crash_after_the_vendors_answer_leaves_it_as_it_is() {
    let target = sample();
    let whole = crash(&[], "GET", &target);
    assert_eq!((whole.status, whole.dated, whole.readable, whole.journal), (200, true, true, 1));
    for (place, dated, journal) in [("finish", false, 1), ("journal", true, 0), ("log", true, 1)] {
        let outcome = crash(&[place], "GET", &target);
        assert_eq!((outcome.status, outcome.dated, outcome.journal), (200, dated, journal), "{place}");
        assert_eq!(outcome.body, whole.body, "{place}");
    }
}

#[test]
fn a_crash_of_a_preflight_is_answered() {
    let target = sample();
    assert_eq!(crash(&[], "OPTIONS", &target).status, 204);
    let outcome = crash(&["preflight"], "OPTIONS", &target);
    assert_eq!((outcome.status, outcome.readable), (500, true));
}

#[test]
fn a_crash_of_the_control_api_is_a_problem() {
    assert_eq!(crash(&[], "GET", "/_mock/clock").status, 200);
    let outcome = crash(&["control"], "GET", "/_mock/clock");
    assert_eq!((outcome.status, &*outcome.media, outcome.dated), (500, "application/problem+json", true));
}

#[test]
fn a_crash_where_no_mount_is_can_be_read_by_a_page() {
    assert_eq!(crash(&[], "GET", "/nowhere").status, 404);
    let outcome = crash(&["nowhere"], "GET", "/nowhere");
    let seen = (outcome.status, &*outcome.media, outcome.readable);
    assert_eq!(seen, (500, "application/problem+json", true));
}

#[test]
fn a_crash_while_a_crash_is_answered_is_a_bare_500() {
    let outcome = crash(&["address", "crash"], "GET", &sample());
    assert_eq!((outcome.status, outcome.body), (500, Ok(Bytes::new())));
}

#[test]
fn a_stream_of_events_that_crashes_breaks_off() {
    assert_eq!(crash(&["events"], "GET", "/_mock/events").body, Err(Crashed));
    assert_eq!(crash(&[], "GET", "/_mock/events").body, Ok(Bytes::from_static(b": following\n\n")));
}
