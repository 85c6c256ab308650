//! `?sandbox=*`: the journals of all sandboxes in one order.

use serde_json::{Value, json};

use super::super::support::{Asked, TestServer, server};
use super::events::{Stream, id};
use super::{ask, shown, told, toy, toy_with};

/// Calls a sandbox, and says which: `a` is `/_sandbox/a`.
fn call(server: &TestServer, name: &str) {
    ask(server, "POST", &format!("/_sandbox/{name}/toy/count"), "{}");
}

fn named(entries: &[Value]) -> Vec<String> {
    entries
        .iter()
        .map(|entry| format!("{}{}", entry["sandbox"].as_str().expect("a sandbox"), entry["number"]))
        .collect()
}

#[test]
fn the_exchanges_of_all_sandboxes_have_one_order_and_say_their_sandbox() {
    let server = toy();
    for name in ["b", "a", "default", "b", "a"] {
        call(&server, name);
    }
    let all = ["b1", "a1", "default1", "b2", "a2"];
    assert_eq!(named(&shown(&server, "?sandbox=*")), all);
    assert_eq!(named(&shown(&server, "?sandbox=*&order=newest&limit=2")), ["a2", "b2"]);
    assert_eq!(named(&shown(&server, "?sandbox=*&query=x=y")), [""; 0]);
    assert_eq!(named(&shown(&server, "")), ["default1"], "one sandbox is as it was");
    // Whoever looks at all is at home nowhere: the sandbox of his address need not be there.
    let (status, page) = told(&server, "GET", "/_sandbox/nobody/_mock/requests?sandbox=*", "");
    assert_eq!((status, &page["written"], page["requests"].as_array().map(Vec::len)), (200, &json!(5), Some(5)));
    assert_eq!(told(&server, "GET", "/_mock/sandboxes/nobody", "").0, 404);
    let har = told(&server, "GET", "/_mock/requests.har?sandbox=*", "").1;
    let entries = har["log"]["entries"].as_array().expect("entries");
    let of: Vec<_> = entries.iter().map(|entry| entry["_sandbox"].as_str().expect("a sandbox")).collect();
    assert_eq!(of, ["b", "a", "default", "b", "a"]);
    assert!(entries[0]["request"]["url"].as_str().is_some_and(|url| url.ends_with("/_sandbox/b/toy/count")), "{har}");
    let (status, problem) = told(&server, "GET", "/_mock/requests?sandbox=a", "");
    assert_eq!((status, &problem["at"]), (400, &json!("query.sandbox")));
    assert!(
        problem["detail"].as_str().is_some_and(|said| said.contains("as in /_sandbox/t1/_mock/requests")),
        "{problem}"
    );
}

#[test]
fn pages_meet_each_exchange_once_whatever_is_written_meanwhile() {
    let server = toy();
    (0..3).for_each(|_| ["a", "b"].iter().for_each(|name| call(&server, name)));
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let (_, mut page) = told(&server, "GET", &format!("/_mock/requests?sandbox=*&limit=2{cursor}"), "");
        seen.extend(named(page["requests"].as_array().expect("a list")));
        // In an earlier sandbox by name, in a later one, and in a new one.
        if seen.len() < 6 {
            ["a", "b", "0"].iter().for_each(|name| call(&server, name));
        }
        match page["next"].take() {
            Value::String(next) => cursor = format!("&cursor={next}"),
            _ => break,
        }
    }
    assert_eq!(seen, ["a1", "b1", "a2", "b2", "a3", "b3", "a4", "b4", "01", "a5", "b5", "02"]);
    let newest = shown(&server, "?sandbox=*&order=newest&limit=3");
    assert_eq!(named(&newest), ["02", "b5", "a5"]);
}

#[test]
fn all_sandboxes_are_followed_and_nothing_is_lost_on_the_way() {
    let server = toy();
    call(&server, "a");
    let mut stream = Stream::open(&server, "/_mock/events?sandbox=*", "");
    call(&server, "b");
    call(&server, "new");
    let first = stream.event();
    assert!(first.contains("id: 0-2-") && first.contains("\"sandbox\":\"b\""), "{first}");
    assert!(stream.event().contains("\"sandbox\":\"new\""));
    ask(&server, "POST", "/_sandbox/b/_mock/reset", "");
    let reset = stream.event();
    assert!(
        reset.contains("event: reset\n") && reset.contains("data: {\"sandbox\":\"b\",\"why\":\"emptied\"}"),
        "{reset}"
    );
    call(&server, "b");
    let again = stream.event();
    assert!(again.contains("\"number\":1,\"sandbox\":\"b\""), "{again}");
    drop(stream);
    call(&server, "a");
    // What came between is told first, by its place among all; the exchange that was reset is gone.
    let mut stream = Stream::open(&server, "/_mock/events?sandbox=*", &format!("Last-Event-ID: {}\r\n", id(&first)));
    let told: Vec<_> = (0..3).map(|_| stream.event()).collect();
    for (event, of) in told.iter().zip(["new", "b", "a"]) {
        assert!(event.contains(&format!("\"sandbox\":\"{of}\"")), "{told:?}");
    }
    let mut kept = Stream::open(&server, "/_mock/events?sandbox=*&last_event_id=0-0", "");
    assert!(kept.event().contains("\"number\":1,\"sandbox\":\"a\""));
    let mut refused = Stream::open(&server, "/_mock/events?sandbox=*&status=404", "");
    ask(&server, "GET", "/_sandbox/c/toy/nowhere", "");
    assert!(refused.event().contains("\"sandbox\":\"c\""));
}

#[test]
fn a_slow_follower_of_all_is_told_how_many_it_missed() {
    let server = toy_with(|setup| setup.journal.exchanges = 3);
    for _ in 0..10 {
        call(&server, "a");
    }
    let mut stream = Stream::open(&server, "/_mock/events?sandbox=*&last_event_id=0-0", "");
    let first = stream.event();
    assert!(first.contains("\"number\":8,"), "what is kept: {first}");
}

#[test]
fn streams_of_all_count_for_the_server_and_for_no_sandbox() {
    let server = toy_with(|setup| (setup.streams.all, setup.streams.sandbox) = (3, 1));
    let _open: Vec<_> = (0..2).map(|_| Stream::open(&server, "/_mock/events?sandbox=*", "")).collect();
    let _one = Stream::open(&server, "/_mock/events", "");
    let answer = ask(&server, "GET", "/_mock/events?sandbox=*", "");
    assert_eq!(answer.status, 429);
    assert!(answer.text().contains("all that `--max-streams 3` allows"), "{}", answer.text());
}

#[test]
fn all_sandboxes_are_shown_to_those_alone_who_may_steer() {
    let mut setup = server::setup();
    setup.guard.token = Some("s3cret".parse().expect("a token"));
    let server = TestServer::start(&setup);
    for path in ["/_mock/requests", "/_mock/requests.har", "/_mock/events"] {
        let asked = Asked::new("GET", &format!("{path}?sandbox=*"));
        assert_eq!(server.send_unjudged(&asked.header("Authorization", "Bearer other")).status, 401, "{path}");
        let asked = Asked::new("GET", &format!("{path}?sandbox=*")).header("Authorization", "Bearer s3cret");
        assert_eq!(server.send_unjudged(&asked.header("Origin", "http://evil.example")).status, 403, "{path}");
    }
}
