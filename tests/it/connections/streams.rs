//! An answer that goes on, and connections that are cut.

use serde_json::json;

use super::*;

/// The head of a stream of events and the first bytes behind it.
fn events(server: &TestServer, version: &str, fields: &str) -> (String, String) {
    let mut stream = open(server);
    send(&mut stream, &format!("GET /_mock/events HTTP/{version}\r\nHost: mock.test\r\n{fields}\r\n"));
    let head = head(&mut stream).to_ascii_lowercase();
    let mut start = [0; 13];
    stream.read_exact(&mut start).expect("the start of a stream");
    (head, String::from_utf8_lossy(&start).into_owned())
}

#[test]
fn a_stream_comes_in_chunks_where_they_are_known() {
    let server = toy(|_| {});
    let (head, start) = events(&server, "1.1", "");
    assert!(head.contains("transfer-encoding: chunked\r\n") && !head.contains("connection: close"), "{head}");
    assert_eq!(start, "D\r\n: followin");
}

#[test]
fn a_stream_ends_with_its_connection_where_chunks_are_not_known() {
    let server = toy(|_| {});
    let upgrades = [
        "Connection: Upgrade\r\nUpgrade: websocket\r\n",
        "Upgrade: websocket\r\n",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n",
    ];
    let upgrades = upgrades.map(|fields| ("1.1", fields));
    for (version, fields) in upgrades.into_iter().chain([("1.0", ""), ("1.0", "Connection: keep-alive\r\n")]) {
        let (head, start) = events(&server, version, fields);
        assert!(head.starts_with(&format!("http/{version} 200 ")), "{head}");
        assert!(!head.contains("transfer-encoding") && !head.contains("content-length"), "{fields:?}: {head}");
        assert!(!head.contains("keep-alive") && !head.contains("upgrade"), "{fields:?}: {head}");
        assert_eq!(head.contains("connection: close\r\n"), version == "1.1", "{fields:?}: {head}");
        assert_eq!(start, ": following\n\n", "{fields:?}: {head}");
    }
}

#[test]
fn a_client_that_closes_its_stream_gives_its_place_back() {
    let server = toy(|_| {});
    let follow = "GET /_mock/events HTTP/1.1\r\nHost: mock.test\r\n\r\n";
    let start = Stopwatch::start();
    for held in ["", "GET /toy/count HTTP/1.1\r\n"] {
        // More than there are places.
        for _ in 0..300 {
            let mut stream = open(&server);
            send(&mut stream, follow);
            while !head(&mut stream).starts_with("HTTP/1.1 200 ") {
                assert!(start.elapsed() < SOON, "a place is free");
                stream = open(&server);
                send(&mut stream, follow);
            }
            // A close beside bytes that nobody has read would be a reset, which the server sees at once.
            stream.read_exact(&mut [0; 18]).expect("the start of a stream");
            send(&mut stream, held);
        }
    }
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}

#[test]
fn a_client_that_asked_for_another_protocol_gives_its_place_back_as_well() {
    let server = toy(|_| {});
    let upgrades = ["Upgrade: websocket\r\n", "Connection: Upgrade\r\nUpgrade: websocket\r\n", ""];
    for (fields, behind) in upgrades.into_iter().flat_map(|fields| [(fields, ""), (fields, "behind it")]) {
        let mut stream = open(&server);
        send(&mut stream, &format!("GET /_mock/events HTTP/1.1\r\nHost: mock.test\r\n{fields}\r\n{behind}"));
        assert!(head(&mut stream).starts_with("HTTP/1.1 200 "));
        stream.read_exact(&mut [0; 13]).expect("the start of a stream");
        let metrics = || String::from_utf8_lossy(&server.send(&Asked::new("GET", "/_mock/metrics")).body).into_owned();
        assert!(metrics().contains("persona_mock_event_streams 1"), "{fields:?}");
        drop(stream);
        let start = Stopwatch::start();
        while !metrics().contains("persona_mock_event_streams 0") {
            // Two signs of life in vain would take half a minute.
            assert!(start.elapsed() < Duration::from_secs(5), "{fields:?} {behind:?}: the place stays taken");
        }
    }
}

#[test]
fn a_cut_strikes_a_connection_that_was_open_before_it_was_armed() {
    let server = toy(|_| {});
    let mut stream = open(&server);
    let get = "GET /toy/count HTTP/1.1\r\nHost: mock.test\r\n\r\n";
    send(&mut stream, get);
    let answer = head(&mut stream);
    let length = answer.lines().find_map(|line| line.strip_prefix("content-length: ")).expect("a length");
    stream.read_exact(&mut vec![0; length.parse().expect("a number")]).expect("a body");

    let rule = json!({"action": {"cut": "after_headers"}}).to_string();
    assert_eq!(server.send(&Asked::new("POST", "/_mock/faults").json(&rule)).status, 201);
    send(&mut stream, get);
    let (text, end) = rest(&mut stream);
    assert!(text.starts_with("HTTP/1.1 200 ") && text.ends_with("\r\n\r\n"), "{text}");
    assert_eq!(end, Some(ErrorKind::ConnectionReset));
}

#[test]
fn a_cut_takes_what_was_sent_behind_its_request_with_it() {
    let server = toy(|_| {});
    let cut = "GET /toy/count HTTP/1.1\r\nHost: mock.test\r\nX-Mock-Fault: cut\r\n\r\n";
    let mut stream = open(&server);
    send(&mut stream, &[cut, "HEAD /toy/count HTTP/1.1\r\nHost: mock.test\r\n\r\n"].concat());
    assert_eq!(rest(&mut stream), (String::new(), Some(ErrorKind::ConnectionReset)));
}
