//! Sandboxes that go: when, and that it is told.

use std::time::Duration;

use persona_mock::internals::Bounds;

use super::super::support::client::Connection;
use super::super::support::{Asked, TestServer};
use super::{bounded, created, get, names, post, put, toy};

/// What the server counted of sandboxes that went.
fn removed(server: &TestServer, reason: &str) -> u64 {
    let page = get(server, "/_mock/metrics").text();
    let line = format!("persona_mock_sandboxes_removed_total{{reason=\"{reason}\"}} ");
    let count = page.lines().find_map(|text| text.strip_prefix(&line)?.parse().ok());
    count.unwrap_or_else(|| panic!("no {line}in {page}"))
}

#[test]
fn a_loss_is_told_until_something_is_written() {
    let server = bounded(Bounds { sandboxes: 1, safe: Duration::ZERO, ..Bounds::default() });
    for name in ["a", "b"] {
        assert_eq!(created(&post(&server, &format!("/_sandbox/{name}/toy/count"))), Some("new"));
    }
    for (method, target) in [("GET", "state"), ("HEAD", "clock"), ("GET", "events"), ("POST", "verify")] {
        let asked = Asked::new(method, &format!("/_sandbox/a/_mock/{target}")).json(r#"{"calls": [{"never": true}]}"#);
        let answer = server.send(&asked);
        assert_eq!((answer.status, created(&answer)), (404, Some("evicted")), "{method} {target}");
        let said = "the sandbox `a` was evicted: it made room for another";
        assert!(method == "HEAD" || answer.text().contains(said), "{}", answer.text());
    }
    let shown = get(&server, "/_mock/sandboxes/a");
    assert!(shown.status == 404 && shown.text().contains("evicted"), "{}", shown.text());
    assert_eq!(get(&server, "/_sandbox/a/_mock/health").status, 200, "the server is well");
    assert_eq!(names(&server), ["b"]);
    server.send(&Asked::new("DELETE", "/_mock/sandboxes/b"));
    let told = |answer| created(&answer).map(str::to_owned);
    let read = || told(get(&server, "/_sandbox/a/toy/count"));
    let evicted = || Some("evicted".to_owned());
    assert_eq!([read(), read(), told(post(&server, "/_sandbox/a/toy/count"))], [evicted(), evicted(), evicted()]);
    assert_eq!((read(), get(&server, "/_sandbox/a/_mock/clock").status), (None, 200));
    assert_eq!(get(&server, "/_sandbox/b/_mock/clock").status, 200, "one that was deleted was not lost");
}

#[test]
fn idle_ones_go_by_themselves_whatever_their_neighbours_do() {
    let server = toy(|_| {});
    for name in ["x", "y"] {
        assert_eq!(put(&server, &format!("/_mock/sandboxes/{name}"), r#"{"ttl": "1ms"}"#).status, 201);
        post(&server, "/_sandbox/usual/toy/count");
    }
    for _ in 0..400 {
        if removed(&server, "expired") == 2 {
            assert_eq!(names(&server), ["usual"]);
            assert_eq!(get(&server, "/_sandbox/x/_mock/clock").status, 404);
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("{} went", removed(&server, "expired"));
}

#[test]
fn a_request_under_way_is_use_and_idle_time_counts_from_its_end() {
    let server = toy(|_| {});
    assert_eq!(put(&server, "/_mock/sandboxes/a", r#"{"ttl": "700ms"}"#).status, 201);
    let slow = |name: &str, value: &str| {
        let asked = Asked::new("POST", "/_sandbox/a/toy/count").header(name, value).body("{}");
        assert_eq!(Connection::to(server.address).send(&asked).status, 201, "{name}: {value}");
        // Longer than its time from when the request began, and less from its end.
        let next = get(&server, "/_sandbox/a/toy/count");
        (created(&next).map(str::to_owned), next.json()["count"].as_u64())
    };
    assert_eq!(slow("X-Mock-Fault", "delay=1500ms"), (None, Some(2)));
    assert_eq!(slow("X-Mock-Fault", "slow-body=1500ms"), (None, Some(3)));
    assert_eq!(names(&server), ["a"]);
    std::thread::sleep(Duration::from_millis(900));
    assert_eq!(created(&get(&server, "/_sandbox/a/toy/count")), Some("expired"));
}

#[test]
fn a_stream_of_events_is_use() {
    let server = toy(|_| {});
    assert_eq!(put(&server, "/_mock/sandboxes/a", r#"{"ttl": "2s"}"#).status, 201);
    let mut stream = std::net::TcpStream::connect(server.address).expect("a connection");
    let head = b"GET /_sandbox/a/_mock/events HTTP/1.1\r\nHost: mock.test\r\n\r\n";
    std::io::Write::write_all(&mut stream, head).expect("a request");
    std::thread::sleep(Duration::from_millis(4_500));
    assert_eq!(names(&server), ["a"]);
    drop(stream);
    for _ in 0..800 {
        // What is written to it finds that its client is gone.
        if removed(&server, "expired") == 1 {
            return;
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("it stays once its stream has ended");
}
