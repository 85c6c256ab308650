//! `GET /_mock/events`, read by a raw client.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use persona_mock::internals::Stopwatch;

use super::super::support::TestServer;
use super::{ask, told, toy, toy_with};

/// An open stream of events.
struct Stream {
    stream: TcpStream,
    text: String,
}

impl Stream {
    fn open(server: &TestServer, target: &str, fields: &str) -> Self {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
        write!(stream, "GET {target} HTTP/1.1\r\nHost: mock.test\r\n{fields}\r\n").expect("a request");
        let mut opened = Self { stream, text: String::new() };
        opened.until(": following\n\n");
        opened
    }

    /// Reads until a text has come; what follows it stays.
    fn until(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = self.text.find(text) {
                let rest = self.text.split_off(at + text.len());
                return std::mem::replace(&mut self.text, rest);
            }
            assert!(self.more(), "the stream ended before {text:?}: {:?}", self.text);
        }
    }

    /// Whether more came before the end.
    fn more(&mut self) -> bool {
        let mut chunk = [0; 4_096];
        let read = self.stream.read(&mut chunk).expect("more of the stream");
        self.text.push_str(&String::from_utf8_lossy(&chunk[..read]));
        read > 0
    }
}

#[test]
fn exchanges_are_told_as_they_happen() {
    let server = toy();
    ask(&server, "GET", "/toy/count", "");
    let mut stream = Stream::open(&server, "/_mock/events", "");
    ask(&server, "POST", "/toy/count", "{\n\"a\": 1}");
    ask(&server, "POST", "/_sandbox/other/toy/count", "{}");
    let told = stream.until("\n\n");
    assert!(told.contains("event: exchange\nid: 0-2\ndata: {"), "{told}");
    // A client's own JSON keeps its line ends: each line of data is a field of its own.
    assert!(told.contains("\"json\":{\ndata: \"a\": 1}"), "{told}");
    assert!(told.contains("\"operation\":\"toy.add_count\""), "{told}");
    ask(&server, "POST", "/_mock/reset", "");
    assert!(stream.until("\n\n").contains("event: reset\ndata: {\"sandbox\":\"default\"}"));
    ask(&server, "GET", "/toy/count", "");
    assert!(stream.until("\n\n").contains("id: 1-1\n"));
}

#[test]
fn a_stream_is_filtered_and_its_head_is_that_of_events() {
    let server = toy();
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    write!(stream, "GET /_mock/events?status=404 HTTP/1.1\r\nHost: mock.test\r\n\r\n").expect("a request");
    let mut stream = Stream { stream, text: String::new() };
    let head = stream.until(": following\n\n").to_ascii_lowercase();
    assert!(head.starts_with("http/1.1 200") && head.contains("content-type: text/event-stream"), "{head}");
    assert!(head.contains("cache-control: no-store") && head.contains("x-mock-sandbox: default"), "{head}");
    assert!(head.contains("x-content-type-options: nosniff"), "{head}");
    assert!(head.contains("cross-origin-resource-policy: same-origin"), "{head}");
    ask(&server, "GET", "/toy/count", "");
    ask(&server, "GET", "/toy/nothing", "");
    assert!(stream.until("\n\n").contains("id: 0-2\n"));
    assert_eq!(told(&server, "GET", "/_mock/events?stauts=404", "").0, 400);
    assert_eq!(ask(&server, "HEAD", "/_mock/events", "").status, 200);
    assert_eq!(ask(&server, "POST", "/_mock/events", "").header("allow"), Some("GET, HEAD"));
}

#[test]
fn a_client_that_comes_again_misses_nothing_that_is_kept() {
    let server = toy_with(|setup| setup.journal.exchanges = 3);
    for _ in 0..5 {
        ask(&server, "GET", "/toy/count", "");
    }
    let mut stream = Stream::open(&server, "/_mock/events", "Last-Event-ID: 0-4\r\n");
    assert!(stream.until("\n\n").contains("id: 0-5\n"));
    let mut stream = Stream::open(&server, "/_mock/events?last_event_id=0-1", "");
    assert!(stream.until("\n\n").contains("event: lost\ndata: {\"lost\":1}"));
    assert!(stream.until("\n\n").contains("id: 0-3\n"));
    assert_eq!(told(&server, "GET", "/_mock/events?last_event_id=x", "").0, 400);
}

#[test]
fn streams_end_first_when_the_server_stops() {
    let server = toy();
    let mut streams: Vec<_> = (0..3).map(|_| Stream::open(&server, "/_mock/events", "")).collect();
    assert!(ask(&server, "GET", "/_mock/metrics", "").text().contains("persona_mock_event_streams 3"));
    let start = Stopwatch::start();
    let dropped = std::thread::spawn(move || drop(server));
    for stream in &mut streams {
        assert!(stream.until("\n\n").contains("event: end\ndata: {\"reason\":\"the server stops\"}"));
        while stream.more() {}
        assert!(stream.text.ends_with("0\r\n\r\n"), "the body ends properly: {:?}", stream.text);
    }
    dropped.join().expect("a stop");
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn a_stream_that_is_left_gives_its_place_to_another() {
    let server = toy();
    drop(Stream::open(&server, "/_mock/events", ""));
    let start = Stopwatch::start();
    while !ask(&server, "GET", "/_mock/metrics", "").text().contains("persona_mock_event_streams 0") {
        assert!(start.elapsed() < Duration::from_secs(10), "the stream stays open");
    }
}
