//! What takes long in one sandbox keeps nobody else waiting, in it or beside it: the server has one worker here.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use persona_mock::internals::Stopwatch;
use persona_mock::provider::register;

use super::support::client::Connection;
use super::support::toy::Toy;
use super::support::{Answer, Asked, TestServer, server};

/// How long the write of [`long`] takes; whatever takes less did not wait for it.
const LONG: Duration = Duration::from_secs(4);

fn toy() -> TestServer {
    TestServer::with(&[register(Toy)], &server::setup())
}

/// A request with a body that no worker reads, whose write takes long.
fn long(sandbox: &str) -> Asked {
    Asked::new("POST", "/toy/count")
        .header("X-Mock-Sandbox", sandbox)
        .header("X-Toy-Write", "4000")
        .body(vec![b'x'; 40_000])
}

fn small(sandbox: &str) -> Asked {
    Asked::new("POST", "/toy/count").header("X-Mock-Sandbox", sandbox)
}

fn control(method: &str, target: &str, sandbox: &str) -> Asked {
    Asked::new(method, target).header("X-Mock-Sandbox", sandbox)
}

/// Sends a request on a connection of its own.
fn send(server: &TestServer, asked: &Asked) -> TcpStream {
    let mut client = TcpStream::connect(server.address).expect("a connection");
    let asked = asked.clone().header("Connection", "close");
    client.write_all(&asked.wire()).expect("a request");
    client
}

fn status(mut client: TcpStream) -> String {
    let mut text = String::new();
    client.read_to_string(&mut text).expect("an answer");
    text.lines().next().unwrap_or_default().to_owned()
}

fn timed(server: &TestServer, asked: &Asked) -> (Answer, Duration) {
    let started = Stopwatch::start();
    let answer = Connection::to(server.address).send(asked);
    (answer, started.elapsed())
}

/// Starts a long write, and waits until it is under way.
fn begin(server: &TestServer, sandbox: &str) -> TcpStream {
    let client = send(server, &long(sandbox));
    std::thread::sleep(LONG / 8);
    client
}

#[test]
fn a_long_write_keeps_nobody_waiting_but_those_who_write_the_same() {
    let server = toy();
    let under_way = begin(&server, "a");
    // It waits for its turn, and no thread that answers waits with it.
    let behind = send(&server, &small("a"));
    for (asked, status) in [
        (control("GET", "/_mock/health", "a"), 200),
        (Asked::new("GET", "/toy/count").header("X-Mock-Sandbox", "a"), 200),
        (small("b"), 201),
        (control("PUT", "/_mock/snapshots/one", "a"), 200),
        (control("PUT", "/_mock/seed", "a").json("{\"seed\": 7}"), 200),
    ] {
        let (answer, took) = timed(&server, &asked);
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(took < LONG / 2, "{} {} took {took:?}", asked.method, asked.target);
    }
    assert_eq!((status(under_way).as_str(), status(behind).as_str()), ("HTTP/1.1 201 Created", "HTTP/1.1 201 Created"));
    assert_eq!(timed(&server, &Asked::new("GET", "/toy/count").header("X-Mock-Sandbox", "a")).0.json()["count"], 3);
}

#[test]
fn a_reset_waits_for_no_write_and_replaces_what_is_under_way() {
    let server = toy();
    for (method, target) in [("POST", "/_mock/reset"), ("POST", "/_mock/snapshots/one/restore")] {
        timed(&server, &control("PUT", "/_mock/snapshots/one", "a"));
        let under_way = begin(&server, "a");
        let (answer, took) = timed(&server, &control(method, target, "a"));
        assert!(answer.status < 300, "{target}: {}", answer.text());
        assert!(took < LONG / 2, "{target} took {took:?}");
        assert_eq!(status(under_way), "HTTP/1.1 201 Created");
        let count =
            || timed(&server, &Asked::new("GET", "/toy/count").header("X-Mock-Sandbox", "a")).0.json()["count"].clone();
        assert_eq!(count(), 1, "{target} comes after the write that it did not wait for");
        assert_eq!(timed(&server, &small("a")).0.status, 201);
        assert_eq!(count(), 2, "{target}");
        timed(&server, &control("POST", "/_mock/reset", "a"));
    }
}

#[test]
fn a_call_whose_write_a_reset_took_back_is_in_no_journal() {
    let server = toy();
    let written = || timed(&server, &control("GET", "/_mock/requests", "a")).0.json()["written"].clone();
    for (target, kept) in [("/_mock/reset", 0), ("/_mock/snapshots/one/restore", 1)] {
        timed(&server, &control("POST", "/_mock/reset", "a"));
        timed(&server, &control("PUT", "/_mock/snapshots/one", "a"));
        let under_way = begin(&server, "a");
        timed(&server, &control("POST", target, "a"));
        assert_eq!(status(under_way), "HTTP/1.1 201 Created");
        assert_eq!(written(), kept, "{target} comes after the write that it did not wait for");
        assert_eq!(timed(&server, &small("a")).0.status, 201);
        assert_eq!(written(), kept + 1, "{target}");
    }
}

#[test]
fn who_waits_for_a_turn_is_counted_and_struck_once() {
    let mut setup = server::setup();
    setup.rate_limits = vec!["toy=2/1m".to_owned()];
    let server = TestServer::with(&[register(Toy)], &setup);
    let rule = r#"{"id": "late", "match": {"method": "POST"}, "action": {"delay": {"fixed": "1ms"}}}"#;
    assert_eq!(timed(&server, &control("POST", "/_mock/faults", "a").json(rule)).0.status, 201);
    let under_way = begin(&server, "a");
    let behind = send(&server, &small("a"));
    assert_eq!((status(under_way).as_str(), status(behind).as_str()), ("HTTP/1.1 201 Created", "HTTP/1.1 201 Created"));
    let (faults, _) = timed(&server, &control("GET", "/_mock/faults", "a"));
    assert_eq!(faults.json()["faults"][0]["struck"], 2, "{}", faults.text());
    let (answer, _) = timed(&server, &small("a"));
    assert_eq!(answer.status, 429, "two of two were counted: {}", answer.text());
}
