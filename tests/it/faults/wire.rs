//! Each action as bytes and time on the wire.

use std::io::ErrorKind;
use std::time::Duration;

use persona_mock::internals::Stopwatch;
use serde_json::json;

use super::{armed, count, get, post, raw, toy};

/// Head and body.
fn parts(text: &str) -> (&str, &str) {
    text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head: {text:?}"))
}

/// The length that a head states.
fn length(head: &str) -> usize {
    let line = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    line.parse().expect("a number")
}

#[test]
fn an_answer_comes_late_after_the_work_is_done() {
    let server = armed(&json!({"action": {"delay": {"fixed": "2s"}}, "match": {"method": "POST"}}));
    let start = Stopwatch::start();
    let late = std::thread::scope(|scope| {
        let late = scope.spawn(|| raw(&server, &post("/toy/count")));
        while count(&server) != json!(2) {
            assert!(!late.is_finished(), "the write is done while its answer waits");
        }
        late.join().expect("an answer").0
    });
    assert!(late.starts_with("HTTP/1.1 201") && start.elapsed() >= Duration::from_secs(2), "{late}");
}

#[test]
fn a_delay_holds_no_worker_and_no_lock() {
    let server =
        armed(&json!({"id": "late", "action": {"delay": {"fixed": "3s"}}, "match": {"header": {"x-slow": "*"}}}));
    let start = Stopwatch::start();
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| raw(&server, &post("/toy/count").header("X-Slow", "yes")));
        }
        while server.send(&get("/_mock/faults")).json()["faults"][0]["struck"] != 20 {}
        // One worker, twenty requests in waiting: another is answered at once, writes and rules included.
        for _ in 0..20 {
            assert_eq!(server.send(&post("/toy/count")).status, 201);
        }
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    });
    assert!(start.elapsed() < Duration::from_secs(20), "they waited side by side: {:?}", start.elapsed());
}

#[test]
fn a_delay_may_be_drawn() {
    for delay in
        [json!({"uniform": {"min": "40ms", "max": "80ms"}}), json!({"lognormal": {"median": "50ms", "sigma": 0.0}})]
    {
        let server = armed(&json!({"action": {"delay": delay}}));
        let start = Stopwatch::start();
        count(&server);
        assert!(start.elapsed() >= Duration::from_millis(40), "{delay}: {:?}", start.elapsed());
    }
}

#[test]
fn a_slow_body_comes_whole_and_slowly_after_its_head() {
    let server = armed(&json!({"action": {"slow_body": {"over": "400ms"}}}));
    let start = Stopwatch::start();
    let answer = server.send(&get("/toy/count"));
    assert_eq!((answer.status, &answer.json()["count"]), (200, &json!(1)));
    assert!(start.elapsed() >= Duration::from_millis(400), "{:?}", start.elapsed());
    let (text, end) = raw(&server, &get("/toy/count"));
    let (head, body) = parts(&text);
    assert_eq!((body.len(), end), (length(head), None));
}

#[test]
fn a_cut_before_the_answer_leaves_no_byte() {
    let server = armed(&json!({"action": {"cut": "before_answer"}, "match": {"method": "POST"}}));
    assert_eq!(raw(&server, &post("/toy/count")), (String::new(), Some(ErrorKind::ConnectionReset)));
    assert_eq!(count(&server), json!(2), "the vendor has done its work");
}

#[test]
fn a_cut_after_the_headers_leaves_no_body() {
    let server = armed(&json!({"id": "cut", "action": {"cut": "after_headers"}}));
    let (text, end) = raw(&server, &get("/toy/count"));
    let (head, body) = parts(&text);
    assert!(head.starts_with("HTTP/1.1 200") && head.contains("x-mock-fault: cut"), "{head}");
    assert!(length(head) > 10);
    assert_eq!((body, end), ("", Some(ErrorKind::ConnectionReset)));
}

#[test]
fn a_cut_in_the_body_leaves_half_of_it() {
    let server = armed(&json!({"action": {"cut": "half_body"}}));
    let (text, end) = raw(&server, &get("/toy/count"));
    let (head, body) = parts(&text);
    assert_eq!(body.len(), length(head).div_ceil(2), "{text}");
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
}

#[test]
fn a_plain_answer_ends_in_no_reset() {
    let (_, end) = raw(&toy(), &get("/toy/count"));
    assert_eq!(end, None);
}

#[test]
fn a_body_is_garbled_in_three_ways() {
    let garbled = |how: &str| armed(&json!({"action": {"garble": how}})).send_unjudged(&get("/toy/count"));
    let invalid = garbled("invalid_json");
    assert_eq!(invalid.header("content-type"), Some("application/toy+json"));
    assert!(!invalid.body.is_empty() && serde_json::from_slice::<serde_json::Value>(&invalid.body).is_err());
    let empty = garbled("empty_body");
    assert_eq!((empty.status, &*empty.text(), empty.header("content-length")), (200, "", Some("0")));
    let html = garbled("wrong_content_type");
    assert_eq!((html.header("content-type"), &html.json()["count"]), (Some("text/html; charset=utf-8"), &json!(1)));
    // It has the origin of the control API's page, and what a client had stored in it runs nothing.
    assert_eq!(html.header("content-security-policy"), Some("sandbox"));
    assert_eq!([&invalid, &empty].map(|answer| answer.header("content-security-policy")), [None, None]);
}

#[test]
fn a_stale_read_sees_the_state_before_the_last_write() {
    let server = armed(&json!({"action": "stale", "when": {"first": 2}}));
    server.send(&post("/toy/count"));
    server.send(&post("/toy/count"));
    assert_eq!([count(&server), count(&server), count(&server)], [json!(2), json!(2), json!(3)]);
    assert_eq!(server.send(&get("/_mock/state/toy")).json(), json!({"count": 3}), "nothing was changed");
}
