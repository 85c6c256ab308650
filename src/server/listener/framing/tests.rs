//! Where requests end, held against what they say and against actix's own reader.

use actix_codec::Decoder;
use actix_http::ServiceConfig;
use actix_http::h1::{Codec, Message, MessageType};
use bytes::BytesMut;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::*;

/// Where requests end in `wire`, in pieces of `size`.
fn ends(wire: &[u8], size: usize) -> Vec<usize> {
    let (mut ends, mut at, mut framing) = (Vec::new(), 0, Framing::default());
    for piece in wire.chunks(size) {
        let mut rest = piece;
        while !rest.is_empty() {
            let taken = framing.take(rest);
            if framing.is_broken() {
                return ends;
            }
            assert!(taken > 0, "{framing:?}");
            (at, rest) = (at + taken, &rest[taken..]);
            if framing.is_whole() {
                ends.push(at);
                framing = Framing::default();
            }
        }
    }
    ends
}

#[track_caller]
fn check(requests: &[&str]) {
    let wire = requests.concat();
    let mut at = 0;
    let expected: Vec<_> = requests
        .iter()
        .map(|request| {
            at += request.len();
            at
        })
        .collect();
    for size in 1..=wire.len() {
        assert_eq!(ends(wire.as_bytes(), size), expected, "in pieces of {size}: {wire:?}");
    }
}

#[test]
fn a_request_ends_where_its_head_says() {
    check(&["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HEAD /b HTTP/1.1\r\nHost: a\r\n\r\n"]);
    check(&["\r\n\r\nGET / HTTP/1.1\nHost: a\n\n", "\nGET / HTTP/1.0\r\n\r\n"]);
    check(&["POST / HTTP/1.1\r\ncontent-LENGTH:  5 \r\nHost: a\r\n\r\n\r\n\r\n!", "GET / HTTP/1.1\r\n\r\n"]);
    check(&["POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "GET / HTTP/1.1\r\nContent-Lengths: 9\r\n\r\n"]);
    check(&[
        "POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n5\r\nhello\r\nA;x=\"y\"\r\n0\r\n\r\n01234\r\n0\r\nA: b\r\n\r\n",
        "GET / HTTP/1.1\r\nTransfer: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ]);
    check(&["CONNECT a:1 HTTP/1.1\r\nContent-Length: 2\r\n\r\nab"]);
}

#[test]
fn what_has_no_end_goes_on() {
    for head in [
        "GET / HTTP/1.1\r\nUpgrade: WebSocket\r\nContent-Length: 1\r\n\r\n",
        "CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ] {
        let wire = format!("{head}GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(ends(wire.as_bytes(), 7), [0; 0], "{head}");
    }
    let long = format!("POST / HTTP/1.1\r\nContent-Length:{}5\r\n\r\nhello", " ".repeat(LONGEST_LINE));
    assert_eq!(ends(long.as_bytes(), 100), [0; 0], "a line that is too long to be understood");
    assert_eq!(ends(long.as_bytes(), long.len()), [long.len()], "but not where it comes whole");
}

#[test]
fn a_long_line_in_pieces_hides_no_end() {
    let long = "a".repeat(3 * LONGEST_LINE);
    let path = format!("/{long}");
    for head in [
        format!("POST {path} HTTP/1.1\r\nContent-Length: 5\r\n\r\n"),
        format!("POST / HTTP/1.1\r\nCookie: {long}\r\nContent-Length: 5\r\n\r\n"),
        format!("POST / HTTP/1.1\r\ncontent-length: 5\r\nAuthorization: Bearer {long}\r\n\r\n"),
        format!("POST / HTTP/1.1\r\nContent-Length: 5\r\nUpgrades: {long}\nX: y\n\n"),
    ] {
        let wire = format!("{head}helloGET / HTTP/1.1\r\n\r\n");
        for size in [1, 100, LONGEST_LINE - 1, LONGEST_LINE, LONGEST_LINE + 1, 1460, wire.len()] {
            assert_eq!(ends(wire.as_bytes(), size), [head.len() + 5, wire.len()], "in pieces of {size}: {head}");
        }
    }
}

#[test]
fn an_empty_line_is_no_beginning() {
    let mut framing = Framing::default();
    framing.take(b"\r\n");
    assert!(framing.is_in_head() && !framing.has_begun());
    framing.take(b"G");
    assert!(framing.is_in_head() && framing.has_begun());
    framing.take(b"ET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
    assert!(!framing.is_in_head() && !framing.is_whole());
    assert_eq!(framing.take(b"5\r\nhelloX"), 8, "up to the byte that is wrong");
    assert!(framing.is_broken());
}

/// Where actix ends each request of `wire`, and whether it would read another.
fn ends_at_actix(config: &ServiceConfig, wire: &[u8]) -> (Vec<usize>, bool) {
    let (mut codec, mut rest, mut ends) = (Codec::new(config.clone()), BytesMut::from(wire), Vec::new());
    loop {
        let is_end = match codec.decode(&mut rest) {
            Err(_) => return (ends, false),
            Ok(None) => return (ends, true),
            Ok(Some(Message::Item(_))) => match codec.message_type() {
                MessageType::Stream => return (ends, true),
                found => matches!(found, MessageType::None),
            },
            Ok(Some(Message::Chunk(chunk))) => chunk.is_none(),
        };
        if is_end {
            ends.push(wire.len() - rest.len());
        }
    }
}

/// Something like a request: much of it is right, so that actix reads on.
fn request() -> impl Strategy<Value = String> {
    let start = prop::sample::select(vec![
        "GET / HTTP/1.1",
        "HEAD /a HTTP/1.1",
        "POST / HTTP/1.1",
        "POST / HTTP/1.0",
        "CONNECT a:1 HTTP/1.1",
        "GET / HTTP/1.0",
    ]);
    let field = prop::sample::select(vec![
        "Content-Length: 5",
        "content-length:\t3 ",
        "Content-Length: 0",
        "Content-Length: +1",
        "Transfer-Encoding: chunked",
        "transfer-encoding:CHUNKED",
        "Transfer-Encoding: identity",
        "Upgrade: websocket",
        "Upgrade: h2c",
        "Connection: close",
        "Expect: 100-continue",
        "X: y",
        "X:",
        "Content-Length : 5",
    ]);
    let body = prop::sample::select(vec![
        "",
        "hello",
        "abc",
        "5\r\nhello\r\n0\r\n\r\n",
        "1;a=b\r\nx\r\n0\r\nT: u\r\n\r\n",
        "0\r\nT: u\n\r\n\r\n",
        "\r\n",
        "x",
    ]);
    let end = prop::sample::select(vec!["\r\n", "\r\n", "\n"]);
    (start, prop::collection::vec(field, 0..3), body, end).prop_map(|(start, fields, body, end)| {
        let fields: String = fields.iter().map(|field| format!("{field}{end}")).collect();
        format!("{start}{end}Host: a{end}{fields}{end}{body}")
    })
}

/// A request that ended later here than at actix would be framed by another; one that ended sooner would wait for
/// bytes that are held back.
fn check_against_actix(config: &ServiceConfig, wire: &[u8], size: usize) -> Result<(), TestCaseError> {
    let (expected, goes_on) = ends_at_actix(config, wire);
    let found = ends(wire, size);
    let shown = String::from_utf8_lossy(wire);
    if goes_on {
        prop_assert_eq!(found, expected, "{:?}", shown);
    } else {
        prop_assert_eq!(found.get(..expected.len()), Some(&*expected), "{:?}", shown);
    }
    Ok(())
}

#[test]
fn a_request_ends_where_actix_ends_it() {
    let change = prop::option::of((any::<prop::sample::Index>(), any::<u8>()));
    let cases = (prop::collection::vec(request(), 1..4), change, 1..200usize);
    let mut runner = TestRunner::new(ProptestConfig::with_cases(3_000));
    // The codec's clock runs in a task.
    actix_rt::System::new().block_on(async {
        let config = ServiceConfig::default();
        let outcome = runner.run(&cases, |(requests, change, size)| {
            let mut wire = requests.concat().into_bytes();
            if let Some((at, byte)) = change {
                let at = at.index(wire.len());
                wire[at] = byte;
            }
            check_against_actix(&config, &wire, size)
        });
        outcome.unwrap_or_else(|error| panic!("{error}"));
    });
}
