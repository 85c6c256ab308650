//! Heads: how long one may take, and what is none.

use super::*;

const HALF: &str = "GET /toy/count HTTP/1.1\r\nHost: mo";

fn hasty() -> TestServer {
    toy(|setup| setup.serving.head_timeout = Duration::from_secs(1))
}

#[test]
fn a_first_head_that_does_not_end_is_refused() {
    let server = hasty();
    let mut half = open(&server);
    send(&mut half, HALF);
    let (answer, end) = rest(&mut half);
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n") && answer.ends_with("\r\n\r\n"), "{answer}");
    assert!(answer.contains("connection: close\r\n") && answer.contains("date: "), "{answer}");
    assert_eq!(end, None);
    serves(&server);
}

#[test]
fn a_later_head_that_does_not_end_is_refused_too() {
    let server = hasty();
    let mut half = open(&server);
    send(&mut half, "GET /toy/count HTTP/1.1\r\nHost: mock.test\r\n\r\n");
    std::thread::sleep(Duration::from_millis(1_500));
    // Between two requests a connection may be silent for longer.
    send(&mut half, HALF);
    let (answers, end) = rest(&mut half);
    assert!(answers.starts_with("HTTP/1.1 200 "), "{answers}");
    assert!(answers.contains("HTTP/1.1 408 Request Timeout\r\n"), "{answers}");
    assert_eq!((answers.matches("HTTP/1.1 ").count(), end), (2, None), "{answers}");
}

#[test]
fn a_head_that_comes_byte_by_byte_gets_no_more_time() {
    let server = hasty();
    let mut dripping = open(&server);
    let start = Stopwatch::start();
    let mut sent = 0;
    while start.elapsed() < SOON && dripping.write_all(b"x").is_ok() {
        sent += 1;
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(start.elapsed() < SOON && sent > 10, "{sent} bytes in {:?}", start.elapsed());
}

#[test]
fn a_connection_that_never_says_anything_is_closed_without_a_word() {
    let server = hasty();
    for silence in ["", "\r\n\r\n"] {
        let mut silent = open(&server);
        send(&mut silent, silence);
        assert_eq!(rest(&mut silent), (String::new(), None), "{silence:?}");
    }
}

#[test]
fn a_head_in_pieces_is_a_head() {
    let server = toy(|_| {});
    let mut stream = open(&server);
    for piece in "\r\nPOST /toy/count HTTP/1.1\r\nHost: mock.test\r\ncontent-length: 5\r\n\r\nhello".chars() {
        send(&mut stream, &piece.to_string());
        std::thread::sleep(Duration::from_millis(1));
    }
    assert!(head(&mut stream).starts_with("HTTP/1.1 201 "));
}

#[test]
fn what_is_no_request_is_refused_whatever_comes_behind_it() {
    let server = toy(|_| {});
    let tls = "\u{16}\u{3}\u{1}\0é";
    let headless = "GET /toy/count HTTP/1.1\r\n\r\n";
    let lengths = "POST /toy/count HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n";
    let both = "POST /toy/count HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n";
    let field = format!("GET /toy/count HTTP/1.1\r\nHost: a\r\nA: {}", "x".repeat(200_000));
    for (wire, status) in [
        ("NOT HTTP\r\n\r\n", "400"),
        (tls, "400"),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400"),
        (headless, "400"),
        (lengths, "400"),
        (both, "400"),
        (&field, "431"),
    ] {
        // More comes than anybody reads: the answer arrives all the same.
        let wire = format!("{wire}{}", "y".repeat(1_000_000));
        let mut stream = open(&server);
        let mut writing = stream.try_clone().expect("a handle");
        let (answer, end) = std::thread::scope(|scope| {
            scope.spawn(move || writing.write_all(wire.as_bytes()));
            rest(&mut stream)
        });
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {answer}");
        assert!(answer.ends_with("\r\n\r\n"), "{answer}");
        assert_eq!(end, None, "{answer}");
    }
    serves(&server);
}

#[test]
fn a_tunnel_is_refused_and_the_journal_tells_where_it_was_to_lead() {
    let server = toy(|_| ());
    let answer = exchange(&server, "CONNECT ann:secret@mock.test:443 HTTP/1.1\r\nHost: mock.test:443\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    let journal = server.send(&Asked::new("GET", "/_mock/requests")).text();
    assert!(journal.contains(r#""target":"mock.test:443""#) && !journal.contains("secret"), "{journal}");
}
