//! What one request may make the server hold for its answer is bounded, and what nobody reads makes room.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use persona_mock::internals::{JournalBounds, Setup};
use serde_json::{Value, json};

use super::support::client::Answer;
use super::support::{Asked, TestServer, server};

const PROJECT: &str = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10";

fn control(server: &TestServer, method: &str, target: &str, body: &str) -> Answer {
    let asked = Asked::new(method, target);
    server.send(&if body.is_empty() { asked } else { asked.json(body) })
}

fn crud(server: &TestServer, method: &str, target: &str, body: &str) -> Answer {
    let asked = Asked::new(method, target).header("Authorization", "Bearer vm_anything");
    server.send(&if body.is_empty() { asked } else { asked.json(body) })
}

#[test]
fn bodies_and_answers_of_the_control_api_have_exact_bounds() {
    let mut setup = server::setup();
    setup.serving.max_control_body = 100;
    let small = TestServer::start(&setup);
    let body = |bytes: usize| format!("{:bytes$}", "{}");
    assert_eq!(control(&small, "POST", "/_mock/reset", &body(100)).status, 200);
    let refused = control(&small, "POST", "/_mock/reset", &body(101));
    assert_eq!(refused.status, 413);
    assert!(refused.text().contains("100 bytes that --max-control-body allows"), "{}", refused.text());
    for target in ["/_mock/state/crud", "/_mock/state", "/_mock/routes", "/_mock/openapi/crud.json"] {
        let bytes = control(&small, "GET", target, "").text().len();
        let asked = |most: usize| {
            let mut setup = server::setup();
            setup.serving.max_control_answer = most;
            control(&TestServer::start(&setup), "GET", target, "")
        };
        assert_eq!(asked(bytes).text().len(), bytes, "{target}");
        let refused = asked(bytes - 1);
        assert_eq!(refused.status, 413, "{target}");
        let said = format!("more than the {} bytes that --max-control-answer allows", bytes - 1);
        assert!(refused.text().contains(&said), "{target}: {}", refused.text());
    }
}

#[test]
fn answers_that_nobody_reads_make_room_for_those_that_somebody_does() {
    let journal = JournalBounds { exchanges: 0, ..JournalBounds::default() };
    let mut setup = Setup { journal, ..server::setup() };
    (setup.serving.max_answers, setup.serving.max_body) = (10_000_000, 2_000_000);
    let server = TestServer::start(&setup);
    let body = |size: usize| {
        json!({"project_id": PROJECT, "name": "Tess", "demographics": {"age_range": "x".repeat(size)}}).to_string()
    };
    for _ in 0..20 {
        assert_eq!(crud(&server, "POST", "/crud/personas", &body(1_000_000)).status, 201);
    }
    let other = |size: usize| crud(&server, "POST", "/_sandbox/other/crud/personas", &body(size));
    assert_eq!(other(300_000).status, 201);
    let total = || crud(&server, "GET", "/crud/personas?limit=1&offset=19", "").json()["total"].clone();
    let before = total();
    // One that waits for its client. One before it may stand in its way for a moment.
    let unread = || loop {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        let asked = Asked::new("GET", "/crud/personas?limit=20").header("Authorization", "Bearer vm_anything");
        stream.write_all(&asked.wire()).expect("a request");
        let mut start = [0; 12];
        while stream.peek(&mut start).expect("an answer") < start.len() {}
        if start == *b"HTTP/1.1 200" {
            return stream;
        }
        std::thread::sleep(Duration::from_millis(100));
    };
    let is_full = |answer: Answer, what: &str| {
        let said = "answers are full (--max-answers 10000000)";
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")), "{what}: {}", answer.text());
        let sandbox = if what.starts_with("a small one") { "other" } else { "default" };
        assert_eq!(answer.header("x-mock-sandbox"), Some(sandbox), "{what}");
        let told = answer.header("x-mock-error").map(str::to_owned).unwrap_or_else(|| answer.text());
        assert!(told.contains(said), "{what}: {told}");
        assert!(answer.header("x-mock-hint").is_some_and(|hint| hint.contains("--max-answers")), "{what}");
    };
    // A refusal has an answer that nobody reads reset, so each has one of its own.
    let _first = unread();
    is_full(crud(&server, "GET", "/crud/personas?limit=20", ""), "a page");
    let _second = unread();
    is_full(control(&server, "GET", "/_mock/state/crud", ""), "a state");
    let _third = unread();
    is_full(crud(&server, "POST", "/crud/personas", &body(40_000)), "a large record");
    let _fourth = unread();
    is_full(other(1_000), "a small one where there are some that are large");
    let _fifth = unread();
    let usual = crud(&server, "POST", "/_sandbox/usual/crud/personas", &body(1_000));
    assert_eq!(usual.status, 201, "one where there are none is always taken");
    let mut unread = unread();
    let small = crud(&server, "GET", "/v1/personas/", "");
    assert!(small.status < 500, "who asks for little is answered: {}", small.status);
    let end = Instant::now() + Duration::from_secs(30);
    let page = loop {
        let answer = crud(&server, "GET", "/crud/personas?limit=20", "");
        if answer.status == 200 {
            break answer;
        }
        assert!(Instant::now() < end, "no room is made");
        std::thread::sleep(Duration::from_millis(100));
    };
    assert!(page.text().len() > 20_000_000);
    let mut read = Vec::new();
    let outcome = unread.read_to_end(&mut read);
    assert!(outcome.is_err() && read.len() < 20_000_000, "the unread one was reset: {outcome:?}");
    assert_eq!(total(), before, "what was refused changed nothing");
}

#[test]
fn a_verify_of_too_many_calls_is_refused_and_the_first_failures_alone_are_explained() {
    let server = TestServer::start(&server::setup());
    assert_eq!(crud(&server, "GET", "/crud/personas", "").status, 200);
    let verify = |calls: usize, body: usize| {
        let call = json!({"call": {"body": "x".repeat(body)}});
        control(&server, "POST", "/_mock/verify", &json!({"calls": vec![call; calls]}).to_string())
    };
    let many = verify(1_000, 10);
    assert_eq!(many.status, 409);
    let failures = many.json()["failures"].as_array().expect("failures").clone();
    let explained = |failure: &Value| failure.get("nearest").is_some_and(|nearest| !nearest.is_null());
    assert_eq!((failures.len(), failures.iter().filter(|failure| explained(failure)).count()), (1_000, 50));
    assert!(explained(&failures[49]) && !explained(&failures[50]));
    assert!(failures[50]["because"].as_str().expect("a reason").contains("the first 50 failures"));
    let refused = verify(1_001, 10);
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("at most 1000 calls at once, found 1001"), "{}", refused.text());
    let around = r#"{"body":""}"#.len();
    assert_eq!(verify(1, 65_536 - around).status, 409);
    let refused = verify(1, 65_537 - around);
    assert_eq!(refused.status, 400);
    assert!(refused.text().contains("at most 65536 bytes of JSON, found 65537"), "{}", refused.text());
}
