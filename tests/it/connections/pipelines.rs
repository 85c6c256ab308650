//! Requests that are sent before the answer to the one before is there.

use serde_json::{Value, json};

use super::*;

const HOST: &str = "Host: mock.test\r\n";

fn get(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\n{HOST}\r\n")
}

fn head_of(target: &str) -> String {
    format!("HEAD {target} HTTP/1.1\r\n{HOST}\r\n")
}

/// The status and the body of each answer; `methods` says which has none.
fn answers(mut text: &str, methods: &[&str]) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for method in methods {
        let (head, rest) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no head for a {method}: {text:?}"));
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
        let length = if *method == "HEAD" { 0 } else { length.parse().expect("a number") };
        let (body, rest) = rest.split_at(length);
        found.push((head.lines().next().expect("a line").to_owned(), body.to_owned()));
        text = rest;
    }
    assert_eq!(text, "", "nothing is left behind the last answer");
    found
}

fn bodies(text: &str, methods: &[&str]) -> Vec<Value> {
    answers(text, methods).iter().map(|(_, body)| serde_json::from_str(body).unwrap_or(Value::Null)).collect()
}

#[test]
fn an_answer_is_framed_by_its_own_request() {
    let server = toy(|_| {});
    let counts = |text: &str, methods: &[&str]| {
        let bodies = bodies(&exchange(&server, text), methods);
        bodies.iter().map(|body| body["count"].clone()).collect::<Vec<_>>()
    };
    let text = [get("/toy/count"), head_of("/_mock/health"), get("/toy/count")].concat();
    assert_eq!(counts(&text, &["GET", "HEAD", "GET"]), [json!(1), Value::Null, json!(1)]);
    let text = [head_of("/_mock/health"), get("/toy/count"), head_of("/_mock/health")].concat();
    assert_eq!(counts(&text, &["HEAD", "GET", "HEAD"]), [Value::Null, json!(1), Value::Null]);
    let post = format!("POST /toy/count HTTP/1.1\r\n{HOST}Content-Length: 2\r\n\r\n{{}}");
    let chunked = format!("POST /toy/count HTTP/1.1\r\n{HOST}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n");
    let text = [post, head_of("/_mock/health"), chunked, head_of("/_mock/health"), get("/toy/count")].concat();
    assert_eq!(
        counts(&text, &["POST", "HEAD", "POST", "HEAD", "GET"]),
        [json!(2), Value::Null, json!(3), Value::Null, json!(3)]
    );
}

#[test]
fn a_slow_answer_keeps_its_own_body() {
    let server = toy(|_| {});
    let slow = get("/toy/count").replace("\r\n\r\n", "\r\nX-Mock-Fault: delay=300ms\r\n\r\n");
    let mut stream = open(&server);
    send(&mut stream, &slow);
    std::thread::sleep(Duration::from_millis(100));
    send(&mut stream, &head_of("/_mock/health"));
    send(&mut stream, &get("/toy/count").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    let (text, end) = rest(&mut stream);
    assert_eq!(end, None);
    assert_eq!(bodies(&text, &["GET", "HEAD", "GET"])[0]["count"], 1, "{text}");
}

#[test]
fn an_answer_is_framed_by_its_own_request_where_a_long_field_comes_in_pieces() {
    let server = toy(|_| {});
    let cookie = format!("\r\nCookie: session={}\r\n\r\n", "a".repeat(4000));
    let text = get("/toy/count").replace("\r\n\r\n", &cookie);
    let (start, end) = text.split_at(2000);
    let mut stream = open(&server);
    send(&mut stream, start);
    std::thread::sleep(Duration::from_millis(100));
    send(&mut stream, &[end, &get("/toy/count"), &head_of("/_mock/health")].concat());
    send(&mut stream, &get("/toy/count").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"));
    let (text, end) = rest(&mut stream);
    assert_eq!(end, None);
    let found = bodies(&text, &["GET", "GET", "HEAD", "GET"]);
    assert_eq!([&found[0]["count"], &found[1]["count"], &found[3]["count"]], [1, 1, 1], "{text}");
}

#[test]
fn many_requests_at_once_are_answered_in_their_order() {
    let server = toy(|_| {});
    let post = format!("POST /toy/count HTTP/1.1\r\n{HOST}Content-Length: 2\r\n\r\n{{}}");
    let found = bodies(&exchange(&server, &post.repeat(100)), &["POST"; 100]);
    let counts: Vec<_> = found.iter().map(|body| body["count"].as_u64().expect("a count")).collect();
    assert_eq!(counts, (2..=101).collect::<Vec<_>>());
}

#[test]
fn what_comes_behind_a_last_request_is_not_answered() {
    let server = toy(|_| {});
    let last = format!("GET /toy/count HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n");
    let text = exchange(&server, &[last, get("/toy/count")].concat());
    assert_eq!(answers(&text, &["GET"]).len(), 1);
}

#[test]
fn more_requests_than_are_held_wait_and_are_answered() {
    let server = toy(|_| {});
    let number = 5_000;
    let mut stream = open(&server);
    let mut writing = stream.try_clone().expect("a handle");
    let text = std::thread::scope(|scope| {
        scope.spawn(move || {
            send(&mut writing, &get("/toy/count").repeat(number));
            writing.shutdown(std::net::Shutdown::Write).expect("an end");
        });
        rest(&mut stream).0
    });
    assert_eq!(text.matches("HTTP/1.1 200").count(), number);
    serves(&server);
}
