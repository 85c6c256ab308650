//! What all bodies that arrive or are worked on may take together.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use super::support::client::Answer;
use super::support::{Asked, TestServer, server};

const MOST: usize = 1_000_000;
const HELD: usize = 600_000;

fn start() -> TestServer {
    let mut setup = server::setup();
    (setup.serving.max_bodies, setup.serving.max_body) = (MOST as u64, 2_000_000);
    TestServer::start(&setup)
}

fn body_bytes(server: &TestServer) -> usize {
    let metrics = server.send(&Asked::new("GET", "/_mock/metrics")).text();
    let line = metrics.lines().find_map(|line| line.strip_prefix("persona_mock_body_bytes "));
    line.expect("a metric").parse().expect("a number")
}

fn settles_at(server: &TestServer, bytes: usize) {
    let end = Instant::now() + Duration::from_secs(20);
    while body_bytes(server) != bytes {
        assert!(Instant::now() < end, "{} bytes are held, expected {bytes}", body_bytes(server));
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A client that sends this and no more; so many bytes are held then.
fn stuck(server: &TestServer, sent: &str, held: usize) -> TcpStream {
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
    stream.write_all(sent.as_bytes()).expect("bytes go out");
    settles_at(server, held);
    stream
}

/// A client that announces a body and sends none of it.
fn announcing(server: &TestServer, target: &str) -> TcpStream {
    stuck(server, &format!("POST {target} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {HELD}\r\n\r\n"), HELD)
}

fn chunked(target: &str, chunks: &str) -> String {
    format!("PUT {target} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}")
}

fn chunk(bytes: usize) -> String {
    format!("{bytes:x}\r\n{}\r\n", " ".repeat(bytes))
}

fn padded(bytes: usize) -> String {
    format!("{{}}{}", " ".repeat(bytes - 2))
}

fn control(server: &TestServer, body: &str) -> Answer {
    server.send(&Asked::new("POST", "/_mock/reset").json(body))
}

fn is_full(answer: &Answer, what: &str) {
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("2")), "{what}: {}", answer.text());
    let told = answer.header("x-mock-error").map(str::to_owned).unwrap_or_else(|| answer.text());
    assert!(told.contains("bodies are full (--max-bodies 1000000)"), "{what}: {told}");
    assert!(answer.header("x-mock-hint").is_some_and(|hint| hint.contains("a larger --max-bodies")), "{what}");
}

#[test]
fn the_bound_of_all_bodies_is_exact_and_each_is_given_back() {
    let server = start();
    let holder = announcing(&server, "/_mock/reset");
    assert_eq!(control(&server, &padded(MOST - HELD)).status, 200);
    settles_at(&server, HELD);
    is_full(&control(&server, &padded(MOST - HELD + 1)), "one byte more");
    drop(holder);
    settles_at(&server, 0);
    assert_eq!(control(&server, &padded(MOST + 1)).status, 200, "one alone has room");
    settles_at(&server, 0);
}

#[test]
fn who_finds_no_room_is_told_by_each_vendor_and_small_bodies_always_have_some() {
    let server = start();
    for target in ["/v1/personas/", "/crud/personas", "/api/personas", "/v2/people", "/nowhere", "/_mock/verify"] {
        // A refusal has a body that does not come cut off, so each has one of its own.
        let holder = announcing(&server, target);
        let sent = |bytes: usize| {
            let asked = Asked::new("POST", target).header("Authorization", "Bearer vm_anything");
            server.send_unjudged(&asked.json(&padded(bytes)))
        };
        assert_ne!(sent(65_536).status, 503, "{target}");
        is_full(&sent(MOST - HELD + 1), target);
        drop(holder);
        settles_at(&server, 0);
        assert_ne!(sent(MOST - HELD + 1).status, 503, "{target}");
    }
    let kept = server.send(&Asked::new("GET", "/_mock/requests?status=503")).json();
    let kept = kept["requests"].as_array().expect("exchanges");
    assert_eq!(kept.len(), 5, "all but that of the control API: {kept:?}");
    for exchange in kept {
        let hint = &exchange["hint"];
        assert_eq!((&hint["reason"], &hint["likely_wrong"]), (&"refused".into(), &"mock".into()), "{exchange}");
    }
}

#[test]
fn a_body_in_chunks_holds_what_came_of_it() {
    let server = start();
    settles_at(&server, 0);
    let mut grows = stuck(&server, &chunked("/_mock/clock", &chunk(60_000)), 0);
    grows.write_all(chunk(300_000).as_bytes()).expect("bytes go out");
    let end = Instant::now() + Duration::from_secs(20);
    while body_bytes(&server) < 300_000 {
        assert!(Instant::now() < end, "{} bytes are held", body_bytes(&server));
    }
    assert!(body_bytes(&server) <= 720_000, "twice what came, at most: {}", body_bytes(&server));
    drop(grows);
    settles_at(&server, 0);
    let holder = announcing(&server, "/_mock/reset");
    let mut refused = TcpStream::connect(server.address).expect("a connection");
    refused.write_all(chunked("/_mock/clock", &chunk(500_000)).as_bytes()).expect("bytes go out");
    let mut start = [0; 12];
    refused.read_exact(&mut start).expect("an answer");
    assert_eq!(&start, b"HTTP/1.1 503");
    drop((refused, holder));
    settles_at(&server, 0);
}

#[test]
fn a_body_that_does_not_come_makes_room_for_one_that_does() {
    let server = start();
    let mut holder = announcing(&server, "/_mock/reset");
    let mut vendors = TcpStream::connect(server.address).expect("a connection");
    let body = format!("Content-Length: {}\r\n\r\n", MOST - HELD);
    vendors.write_all(format!("POST /crud/personas HTTP/1.1\r\nHost: localhost\r\n{body}").as_bytes()).expect("a head");
    settles_at(&server, MOST);
    std::thread::sleep(Duration::from_millis(1_500));
    assert_eq!(body_bytes(&server), MOST, "where nobody finds no room they may take their time");
    let end = Instant::now() + Duration::from_secs(20);
    let refused = control(&server, &padded(MOST));
    is_full(&refused, "in between");
    while control(&server, &padded(MOST)).status != 200 {
        assert!(Instant::now() < end, "no room is made");
        std::thread::sleep(Duration::from_millis(100));
    }
    // Why is told, which is no time-out of the body's own.
    for stuck in [&mut holder, &mut vendors] {
        let head = head(stuck);
        let hint = head.lines().find_map(|line| line.strip_prefix("x-mock-hint: ")).expect("a hint");
        assert!(head.starts_with("HTTP/1.1 408"), "{head}");
        assert!(hint.contains("less than 65536 bytes of the body came in a second"), "{hint}");
        assert!(hint.contains("the mock with a larger --max-bodies") && !hint.contains("--body-timeout"), "{hint}");
    }
}

/// The head of the next answer.
fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a head");
        head.extend(byte);
    }
    String::from_utf8(head).expect("text")
}

#[test]
fn room_is_asked_for_before_a_client_is_told_to_send() {
    let server = start();
    let expecting = |target: &str, length: &str| {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
        let head = format!("PUT {target} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n{length}\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("bytes go out");
        stream
    };
    let (long, chunked) = (format!("Content-Length: {HELD}"), "Transfer-Encoding: chunked");
    for target in ["/_mock/clock", "/crud/personas", "/nowhere"] {
        let mut first = expecting(target, &long);
        assert!(head(&mut first).starts_with("HTTP/1.1 100"), "{target}");
        settles_at(&server, HELD);
        let mut second = expecting(target, &long);
        let refused = head(&mut second);
        assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("--max-bodies"), "{target}: {refused}");
        // As much room as one in chunks takes at least is there.
        let mut third = expecting(target, chunked);
        assert!(head(&mut third).starts_with("HTTP/1.1 100"), "{target}");
        settles_at(&server, HELD + 65_537);
        drop((first, second, third));
        settles_at(&server, 0);
        let holder =
            stuck(&server, &format!("PUT {target} HTTP/1.1\r\nHost: a\r\nContent-Length: 950000\r\n\r\n"), 950_000);
        let mut fourth = expecting(target, chunked);
        assert!(head(&mut fourth).starts_with("HTTP/1.1 503"), "{target}");
        let small = expecting(target, "Content-Length: 2");
        assert!(head(&mut { small }).starts_with("HTTP/1.1 100"), "{target}");
        drop((holder, fourth));
        settles_at(&server, 0);
    }
}
