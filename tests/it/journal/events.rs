//! `GET /_mock/events`, read by a raw client.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use persona_mock::internals::Stopwatch;

use super::super::support::TestServer;
use super::{ask, told, toy, toy_with};

/// An open stream of events.
pub struct Stream {
    stream: TcpStream,
    text: String,
}

impl Stream {
    pub fn open(server: &TestServer, target: &str, fields: &str) -> Self {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a time-out");
        write!(stream, "GET {target} HTTP/1.1\r\nHost: mock.test\r\n{fields}\r\n").expect("a request");
        let mut opened = Self { stream, text: String::new() };
        opened.until(": following\n\n");
        opened
    }

    /// Reads until a text has come; what follows it stays.
    pub fn until(&mut self, text: &str) -> String {
        loop {
            if let Some(at) = self.text.find(text) {
                let rest = self.text.split_off(at + text.len());
                return std::mem::replace(&mut self.text, rest);
            }
            assert!(self.more(), "the stream ended before {text:?}: {:?}", self.text);
        }
    }

    /// The next event, without the frames of its chunks.
    pub fn event(&mut self) -> String {
        let text = self.until("\n\n");
        text.find("event: ").map_or(text.clone(), |at| text[at..].replace("\r\n", ""))
    }

    /// Whether more came before the end.
    fn more(&mut self) -> bool {
        let mut chunk = [0; 4_096];
        let read = self.stream.read(&mut chunk).expect("more of the stream");
        self.text.push_str(&String::from_utf8_lossy(&chunk[..read]));
        read > 0
    }
}

/// The id of an event.
pub fn id(event: &str) -> String {
    let id = event.lines().find_map(|line| line.strip_prefix("id: "));
    id.unwrap_or_else(|| panic!("no id: {event}")).to_owned()
}

#[test]
fn exchanges_are_told_as_they_happen() {
    let server = toy();
    ask(&server, "GET", "/toy/count", "");
    let mut stream = Stream::open(&server, "/_mock/events", "");
    ask(&server, "POST", "/toy/count", "{\n\"a\": 1}");
    ask(&server, "POST", "/_sandbox/other/toy/count", "{}");
    let told = stream.until("\n\n");
    assert!(told.contains("event: exchange\nid: 0-2-") && told.contains("\ndata: {"), "{told}");
    // A client's own JSON keeps its line ends: each line of data is a field of its own.
    assert!(told.contains("\"json\":{\ndata: \"a\": 1}"), "{told}");
    assert!(told.contains("\"operation\":\"toy.add_count\""), "{told}");
    ask(&server, "POST", "/_mock/reset", "");
    assert!(stream.until("\n\n").contains("\ndata: {\"sandbox\":\"default\",\"why\":\"emptied\"}"));
    ask(&server, "GET", "/toy/count", "");
    assert!(stream.until("\n\n").contains("id: 1-1-"));
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
    assert!(stream.until("\n\n").contains("id: 0-2-"));
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
    let mut stream = Stream::open(&server, "/_mock/events?last_event_id=0-0", "");
    assert!(stream.event().contains("\ndata: {\"lost\":2}"));
    let fourth = [stream.event(), stream.event()].map(|event| id(&event))[1].clone();
    assert!(fourth.starts_with("0-4-") && fourth.split('-').count() == 4, "{fourth}");
    let mut stream = Stream::open(&server, "/_mock/events", &format!("Last-Event-ID: {fourth}\r\n"));
    assert!(stream.until("\n\n").contains("id: 0-5-"));
    let first = fourth.replacen("0-4-", "0-1-", 1);
    let mut stream = Stream::open(&server, &format!("/_mock/events?last_event_id={first}"), "");
    let lost = stream.event();
    assert!(lost.contains("event: lost\n") && lost.contains("\ndata: {\"lost\":1}"), "{lost}");
    assert!(stream.until("\n\n").contains("id: 0-3-"));
    // What was lost is told once.
    let mut stream = Stream::open(&server, "/_mock/events", &format!("Last-Event-ID: {}\r\n", id(&lost)));
    assert!(stream.event().contains("id: 0-3-"));
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
        assert!(
            stream.until("\n\n").contains("event: end\ndata: {\"reason\":\"the server stops\",\"why\":\"stopped\"}")
        );
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

#[test]
fn one_stream_too_many_is_told_which_flag_allows_more() {
    let server = toy_with(|setup| (setup.streams.all, setup.streams.sandbox) = (3, 2));
    let open = |target| Stream::open(&server, target, "");
    let mut streams = vec![open("/_mock/events"), open("/_mock/events")];
    let refused = |target, flag: &str| {
        let answer = ask(&server, "GET", target, "");
        assert_eq!((answer.status, answer.header("retry-after")), (429, Some("5")), "{}", answer.text());
        assert_eq!(answer.header("content-type"), Some("application/problem+json"));
        assert!(answer.text().contains(flag), "{}", answer.text());
    };
    refused("/_mock/events", "`--max-sandbox-streams 2`");
    // From the same address: where a client is does not count.
    streams.push(open("/_sandbox/other/_mock/events"));
    refused("/_sandbox/other/_mock/events", "`--max-streams 3`");
    refused("/_sandbox/third/_mock/events", "such as `--max-streams 16`");
    // A refusal takes no place, and one that is left is another's.
    drop(streams.remove(0));
    let start = Stopwatch::start();
    while ask(&server, "GET", "/_mock/metrics", "").text().contains("persona_mock_event_streams 3") {
        assert!(start.elapsed() < Duration::from_secs(10), "the stream stays open");
    }
    streams.push(open("/_sandbox/third/_mock/events"));
}

#[test]
fn streams_have_bounds_of_which_nothing_need_be_said() {
    let server = toy();
    let streams: Vec<_> = (0..16).map(|_| Stream::open(&server, "/_mock/events", "")).collect();
    let refused = ask(&server, "GET", "/_mock/events", "");
    assert!(refused.text().contains("all that `--max-sandbox-streams 16` allows"), "{}", refused.text());
    let others: Vec<_> = (1..16)
        .flat_map(|number| [number; 16])
        .map(|number| Stream::open(&server, &format!("/_sandbox/s{number}/_mock/events"), ""))
        .collect();
    assert_eq!(streams.len() + others.len(), 256);
    let refused = ask(&server, "GET", "/_sandbox/other/_mock/events", "");
    assert!(refused.text().contains("all that `--max-streams 256` allows"), "{}", refused.text());
}

#[test]
fn every_stream_is_told_all_of_it_in_order_whatever_it_filters() {
    let server = toy_with(|setup| setup.streams.sandbox = 64);
    let mut all: Vec<_> = (0..24).map(|_| Stream::open(&server, "/_mock/events", "")).collect();
    let mut some: Vec<_> = (0..24).map(|_| Stream::open(&server, "/_mock/events?method=POST", "")).collect();
    for number in 1..=100 {
        ask(&server, if number % 10 == 0 { "POST" } else { "GET" }, "/toy/count", "{}");
    }
    let mut first: Vec<String> = Vec::new();
    for stream in &mut all {
        let told: Vec<_> = (0..100).map(|_| stream.event()).collect();
        for (number, event) in (1..).zip(&told) {
            assert!(event.contains(&format!("id: 0-{number}-")), "{number}: {event}");
        }
        assert!(first.is_empty() || first == told, "the same text for everybody");
        first = told;
    }
    for stream in &mut some {
        for number in 1..=10 {
            assert_eq!(stream.event(), first[10 * number - 1], "{number}");
        }
    }
}

#[test]
fn an_exchange_that_was_told_while_it_was_under_way_is_told_anew() {
    let server = toy();
    let mut stream = Stream::open(&server, "/_mock/events", "");
    let mut slow = TcpStream::connect(server.address).expect("a connection");
    let fields = "Host: mock.test\r\nX-Mock-Fault: delay=1s\r\nConnection: close\r\n\r\n";
    write!(slow, "GET /toy/count HTTP/1.1\r\n{fields}").expect("a request");
    let told = stream.event();
    assert!(told.contains("\"under_way\""), "{told}");
    slow.read_to_string(&mut String::new()).expect("an answer");
    let told = Stream::open(&server, "/_mock/events?last_event_id=0-0", "").event();
    assert!(told.contains("id: 0-1-") && !told.contains("under_way"), "{told}");
}

/// How long a write takes, of many on one connection.
fn write_time(server: &TestServer) -> Duration {
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    stream.set_nodelay(true).expect("a socket");
    let request = "POST /toy/count HTTP/1.1\r\nHost: mock.test\r\nContent-Length: 2\r\n\r\n{}";
    let start = Stopwatch::start();
    for _ in 0..WRITES {
        stream.write_all(request.as_bytes()).expect("a request");
        let mut answer = [0; 4_096];
        assert!(stream.read(&mut answer).expect("an answer") > 0);
    }
    start.elapsed() / WRITES
}

const WRITES: u32 = 800;

#[test]
fn streams_whose_clients_do_not_read_cost_a_write_little() {
    let server = toy_with(|setup| setup.streams.sandbox = 256);
    let (mut best, mut rounds) = (f64::MAX, Vec::new());
    for _ in 0..8 {
        let without = write_time(&server);
        let streams: Vec<_> = (0..256).map(|_| Stream::open(&server, "/_mock/events", "")).collect();
        // Until the buffers of the system are full, each stream takes its events as if it were read.
        let first = write_time(&server);
        let with = write_time(&server);
        drop(streams);
        let ratio = with.as_secs_f64() / without.as_secs_f64();
        rounds.push(format!("{without:?} without, {with:?} with 256 ({first:?} at first): {ratio:.2} x"));
        best = best.min(ratio);
        if best <= 1.2 {
            return;
        }
        let start = Stopwatch::start();
        while !ask(&server, "GET", "/_mock/metrics", "").text().contains("persona_mock_event_streams 0") {
            assert!(start.elapsed() < Duration::from_secs(20), "the streams stay open");
        }
    }
    panic!("a write takes {best:.2} times as long with 256 streams: {rounds:#?}");
}
