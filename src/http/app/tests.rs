//! A crash at each step of the way of a request is answered.

use actix_web::body::{MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, DATE};
use actix_web::test::{TestRequest, init_service};
use actix_web::{App, web};
use serde_json::Value;

use super::*;
use crate::http::hall::Setup;
use crate::http::layers::house::crash_at;
use crate::providers::registry;

/// What came of a request that crashed at a place.
struct Outcome {
    status: u16,
    media: String,
    dated: bool,
    readable: bool,
    body: Result<Bytes, ()>,
    journal: usize,
}

/// Sends a request of a page to a server of its own, whose way crashes once at each of these places.
fn crash(places: &[&'static str], method: &str, uri: &str) -> Outcome {
    actix_web::rt::System::new().block_on(async {
        let hall = Arc::new(Hall::build(registry(), &Setup::default()).unwrap_or_else(|error| panic!("{error}")));
        let app = App::new().app_data(web::Data::new(hall.clone())).default_service(web::to(answer));
        let service = init_service(app).await;
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let asked = TestRequest::with_uri(uri)
            .method(method)
            .insert_header(("Authorization", "Bearer x"))
            .insert_header(("Origin", "http://localhost:8080"))
            .insert_header(("Host", "localhost:8080"))
            .insert_header(("Access-Control-Request-Method", "GET"));
        crash_at(places);
        let answer: ServiceResponse = service.call(asked.to_request()).await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let body = match answer.into_body().try_into_bytes() {
            Ok(bytes) => Ok(bytes),
            Err(stream) => to_bytes(stream).await.map_err(|_| ()),
        };
        crash_at(&[]);
        let kept = service.call(TestRequest::with_uri("/_mock/requests").to_request()).await.expect("a journal");
        let kept: Value = serde_json::from_slice(&to_bytes(kept.into_body()).await.expect("a body")).expect("JSON");
        Outcome {
            status,
            media: headers.get(CONTENT_TYPE).map(|media| media.to_str().expect("text").to_owned()).unwrap_or_default(),
            dated: headers.contains_key(DATE),
            readable: headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN),
            body,
            journal: kept["requests"].as_array().map_or(0, Vec::len),
        }
    })
}

/// A request that the first provider answers with 200.
fn sample() -> String {
    let hall = Hall::build(registry(), &Setup::default()).unwrap_or_else(|error| panic!("{error}"));
    let sample = hall.samples().next().and_then(|(_, sample)| sample);
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
fn a_crash_while_a_crash_is_told_is_a_bare_500() {
    let outcome = crash(&["address", "crash"], "GET", &sample());
    assert_eq!((outcome.status, outcome.body), (500, Ok(Bytes::new())));
}

#[test]
fn a_stream_of_events_that_crashes_breaks_off() {
    assert_eq!(crash(&["events"], "GET", "/_mock/events").body, Err(()));
}
