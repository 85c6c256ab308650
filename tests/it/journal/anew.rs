//! Streams of events and sandboxes that go: whoever follows is told, and whoever comes again passes over nothing.

use std::time::Duration;

use persona_mock::internals::{Bounds, Stopwatch, WhenFull};

use super::super::support::TestServer;
use super::events::{Stream, id};
use super::{ask, told, toy, toy_with};

const ALL: &str = "/_mock/events?sandbox=*";

fn events(name: &str) -> String {
    format!("/_sandbox/{name}/_mock/events")
}

/// Calls a sandbox so often.
fn call(server: &TestServer, name: &str, times: usize) {
    for _ in 0..times {
        assert_eq!(ask(server, "POST", &format!("/_sandbox/{name}/toy/count"), "{}").status, 201);
    }
}

fn make(server: &TestServer, name: &str, start: &str) {
    let answer = ask(server, "PUT", &format!("/_mock/sandboxes/{name}"), start);
    assert_eq!(answer.status, 201, "{}", answer.text());
}

fn delete(server: &TestServer, name: &str) {
    assert_eq!(ask(server, "DELETE", &format!("/_mock/sandboxes/{name}"), "").status, 204);
}

/// Waits until a sandbox is gone.
fn is_gone(server: &TestServer, name: &str) {
    let start = Stopwatch::start();
    while told(server, "GET", "/_mock/sandboxes", "").1.to_string().contains(&format!("\"{name}\"")) {
        assert!(start.elapsed() < Duration::from_secs(20), "{name} stays");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn reset(sandbox: &str, why: &str) -> String {
    format!("data: {{\"sandbox\":\"{sandbox}\",\"why\":\"{why}\"}}\n")
}

/// The next event is that a sandbox starts anew; its id.
fn is_reset(stream: &mut Stream, sandbox: &str, why: &str) -> String {
    let event = stream.event();
    assert!(event.starts_with("event: reset\n") && event.contains(&reset(sandbox, why)), "{why}: {event}");
    id(&event)
}

/// The next events are those of these calls.
fn are_calls(stream: &mut Stream, numbers: impl IntoIterator<Item = u64>) {
    for number in numbers {
        let event = stream.event();
        assert!(event.contains(&format!("\"number\":{number},")), "{number}: {event}");
    }
}

fn is_end(stream: &mut Stream, why: &str, reason: &str) {
    let event = stream.event();
    assert_eq!(event, format!("event: end\ndata: {{\"reason\":\"{reason}\",\"why\":\"{why}\"}}\n\n"));
    stream.until("0\r\n\r\n");
}

/// The id of the last of so many calls of a sandbox.
fn seen(server: &TestServer, target: &str, calls: usize) -> String {
    let sign = if target.contains('?') { '&' } else { '?' };
    let mut stream = Stream::open(server, &format!("{target}{sign}last_event_id=0-0"), "");
    let last = (0..calls).map(|_| stream.event()).last().expect("an event");
    id(&last)
}

fn again(server: &TestServer, target: &str, seen: &str) -> Stream {
    Stream::open(server, target, &format!("Last-Event-ID: {seen}\r\n"))
}

fn crowded(when_full: WhenFull) -> TestServer {
    let bounds = Bounds { sandboxes: 1, safe: Duration::ZERO, when_full, ..Bounds::default() };
    toy_with(|setup| setup.bounds = bounds)
}

#[test]
fn an_id_of_a_sandbox_that_was_made_anew_passes_over_nothing() {
    let server = crowded(WhenFull::Evict);
    let ways: [(&str, &dyn Fn()); 5] = [
        ("deleted", &|| delete(&server, "t1")),
        ("replaced", &|| make(&server, "t1", "{}")),
        ("replaced", &|| make(&server, "t1", r#"{"from": "default"}"#)),
        ("evicted", &|| call(&server, "t2", 1)),
        ("expired", &|| is_gone(&server, "t1")),
    ];
    for (why, way) in ways {
        if why == "expired" {
            make(&server, "t1", r#"{"ttl": "300ms"}"#);
        }
        call(&server, "t1", 2);
        let seen = seen(&server, &events("t1"), 2);
        way();
        if why == "evicted" {
            delete(&server, "t2");
        }
        // As many as were seen, and one more.
        call(&server, "t1", 3);
        let mut stream = again(&server, &events("t1"), &seen);
        let anew = is_reset(&mut stream, "t1", why);
        are_calls(&mut stream, 1..=3);
        drop(stream);
        // The reset itself is a place.
        let mut stream = again(&server, &events("t1"), &anew);
        are_calls(&mut stream, 1..=3);
        drop(stream);
        delete(&server, "t1");
    }
}

#[test]
fn an_id_of_another_start_of_the_server_passes_over_nothing() {
    let (before, after) = (toy(), toy());
    for server in [&before, &after] {
        call(server, "t1", 3);
    }
    for target in [events("t1"), ALL.to_owned()] {
        let seen = seen(&before, &target, 2);
        let mut stream = again(&after, &target, &seen);
        let sandbox = if target == ALL { "*" } else { "t1" };
        let anew = is_reset(&mut stream, sandbox, "restarted");
        are_calls(&mut stream, 1..=3);
        are_calls(&mut again(&after, &target, &anew), 1..=3);
        are_calls(&mut again(&before, &target, &seen), [3]);
    }
}

#[test]
fn an_id_that_no_event_has_passes_over_nothing() {
    let server = toy();
    call(&server, "t1", 2);
    call(&server, "t2", 2);
    let (one, other) = (seen(&server, &events("t1"), 2), seen(&server, &events("t2"), 1));
    let ahead = one.replacen("0-2-", "0-3-", 1);
    let of_a_later_reset = one.replacen("0-2-", "1-1-", 1);
    for id in [other, ahead, of_a_later_reset] {
        let mut stream = again(&server, &events("t1"), &id);
        is_reset(&mut stream, "t1", "unknown");
        are_calls(&mut stream, [1, 2]);
    }
    let all = seen(&server, ALL, 4);
    let mut stream = again(&server, ALL, &all.replacen("0-4-", "0-9-", 1));
    is_reset(&mut stream, "*", "unknown");
    are_calls(&mut stream, [1, 2, 1, 2]);
    // A reset is told as it was.
    ask(&server, "POST", "/_sandbox/t1/_mock/reset", "");
    call(&server, "t1", 1);
    let mut stream = again(&server, &events("t1"), &one);
    is_reset(&mut stream, "t1", "emptied");
    are_calls(&mut stream, [1]);
}

#[test]
fn what_is_no_id_of_this_stream_is_refused_and_zero_is_the_start() {
    let server = toy();
    call(&server, "t1", 2);
    ask(&server, "POST", "/_sandbox/t1/_mock/reset", "");
    call(&server, "t1", 2);
    let mut stream = again(&server, &events("t1"), "0-0");
    are_calls(&mut stream, [1, 2]);
    let (one, all) = (seen(&server, &events("t1"), 1), seen(&server, ALL, 1));
    let refused = [
        (events("t1"), "0-1", "does not say of which start of the server it is"),
        (ALL.to_owned(), "x-1", "or 0-0 for all that is kept, found \"x-1\""),
        (events("t1"), &*all, "is an event of all sandboxes, and this stream follows one"),
        (ALL.to_owned(), &*one, "is an event of one sandbox, and this stream follows all"),
    ];
    for (target, id, said) in refused {
        let sign = if target == ALL { '&' } else { '?' };
        for method in ["GET", "HEAD"] {
            let answer = ask(&server, method, &format!("{target}{sign}last_event_id={id}"), "");
            assert_eq!(answer.status, 400, "{method} {target} {id}");
            let hint = answer.header("x-mock-hint").expect("a hint").to_owned();
            assert!(hint.contains(said) && hint.ends_with("(at query.last_event_id)"), "{hint}");
        }
    }
}

#[test]
fn a_stream_is_told_all_that_was_kept_and_that_its_sandbox_was_deleted() {
    let server = toy();
    make(&server, "t1", "{}");
    let mut streams = [Stream::open(&server, &events("t1"), ""), Stream::open(&server, &events("t1"), "")];
    let mut some = Stream::open(&server, &format!("{}?status=404", events("t1")), "");
    call(&server, "t1", 40);
    delete(&server, "t1");
    call(&server, "t1", 1);
    for stream in &mut streams {
        are_calls(stream, 1..=40);
        is_end(stream, "deleted", "the sandbox `t1` was deleted");
    }
    is_end(&mut some, "deleted", "the sandbox `t1` was deleted");
}

#[test]
fn a_stream_goes_on_with_the_sandbox_that_takes_the_place_of_its_own() {
    let server = toy_with(|setup| setup.streams.sandbox = 2);
    // Before anybody made one, too.
    let mut stream = Stream::open(&server, &events("t1"), "");
    let mut some = Stream::open(&server, &format!("{}?changed=true", events("t1")), "");
    let starts = [r#"{"ttl": "400ms"}"#, r#"{"from": "default"}"#, r#"{"seed": 7, "ttl": "400ms"}"#];
    for (seen, start) in (0..).zip(starts) {
        make(&server, "t1", start);
        call(&server, "t1", 2 + seen);
        for stream in [&mut stream, &mut some] {
            is_reset(stream, "t1", "replaced");
            are_calls(stream, 1..=2 + seen as u64);
        }
    }
    // Its streams count there, and use it.
    assert_eq!(ask(&server, "GET", &events("t1"), "").status, 429);
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(told(&server, "GET", "/_mock/sandboxes/t1", "").0, 200, "a stream is use");
    call(&server, "t1", 1);
    let last = stream.event();
    assert!(last.contains("\"number\":5,"), "{last}");
    drop((stream, some));
    is_gone(&server, "t1");
}

#[test]
fn a_replaced_sandbox_is_let_go_of_while_it_is_followed() {
    let server = toy();
    make(&server, "t1", "{}");
    ask(&server, "PUT", "/_sandbox/t1/_mock/snapshots/s", "");
    let mut stream = Stream::open(&server, &events("t1"), "");
    let bytes = || {
        let page = ask(&server, "GET", "/_mock/metrics", "").text();
        let line = page.lines().find_map(|line| line.strip_prefix("persona_mock_state_bytes "));
        line.and_then(|bytes| bytes.parse::<u64>().ok()).expect("a number")
    };
    let held = bytes();
    for _ in 0..3 {
        make(&server, "t1", "{}");
        is_reset(&mut stream, "t1", "replaced");
    }
    let start = Stopwatch::start();
    while bytes() > held {
        assert!(start.elapsed() < Duration::from_secs(20), "{} > {held}", bytes());
    }
}

#[test]
fn a_stream_is_told_where_the_new_sandbox_has_no_place_for_it_or_is_gone_too() {
    let server = toy();
    let mut stream = Stream::open(&server, &events("t1"), "");
    for _ in 0..20 {
        make(&server, "t1", "{}");
        delete(&server, "t1");
    }
    loop {
        let event = stream.event();
        if event.starts_with("event: end") {
            assert!(event.contains("\"why\":\"deleted\""), "{event}");
            return;
        }
        assert!(event.contains(&reset("t1", "replaced")), "{event}");
    }
}

#[test]
fn a_stream_of_a_sandbox_that_finds_no_room_yet_follows_it_once_there_is_some() {
    let server = crowded(WhenFull::Refuse);
    call(&server, "t1", 1);
    let mut stream = Stream::open(&server, &events("t2"), "");
    assert_eq!(ask(&server, "PUT", "/_mock/sandboxes/t2", "{}").status, 503);
    assert_eq!(ask(&server, "POST", "/_sandbox/t2/toy/count", "{}").status, 503);
    delete(&server, "t1");
    call(&server, "t2", 1);
    let event = stream.until("\"status\":201");
    assert!(!event.contains("event: end") && !event.contains("event: reset"), "{event}");
}

#[test]
fn those_who_follow_all_sandboxes_are_told_how_each_goes() {
    let server = crowded(WhenFull::Evict);
    let mut stream = Stream::open(&server, ALL, "");
    make(&server, "t1", "{}");
    make(&server, "t1", "{}");
    is_reset(&mut stream, "t1", "replaced");
    delete(&server, "t1");
    is_reset(&mut stream, "t1", "deleted");
    call(&server, "t2", 1);
    are_calls(&mut stream, [1]);
    call(&server, "t3", 1);
    is_reset(&mut stream, "t2", "evicted");
    are_calls(&mut stream, [1]);
    make(&server, "t3", r#"{"ttl": "1ms"}"#);
    is_reset(&mut stream, "t3", "replaced");
    is_gone(&server, "t3");
    is_reset(&mut stream, "t3", "expired");
    ask(&server, "POST", "/_mock/reset", "");
    let anew = is_reset(&mut stream, "default", "emptied");
    // One that nobody made is none that goes.
    assert_eq!(ask(&server, "DELETE", "/_mock/sandboxes/nobody", "").status, 404);
    call(&server, "t4", 1);
    are_calls(&mut stream, [1]);
    are_calls(&mut again(&server, ALL, &anew), [1]);
}

#[test]
fn who_waits_for_a_sandbox_waits_on_where_none_was_deleted() {
    let server = toy();
    let mut stream = Stream::open(&server, &events("t1"), "");
    assert_eq!(ask(&server, "DELETE", "/_mock/sandboxes/t1", "").status, 404);
    call(&server, "t1", 2);
    are_calls(&mut stream, 1..=2);
}
