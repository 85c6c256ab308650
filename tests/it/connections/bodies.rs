//! Bodies that are announced, that break off, and that nobody reads.

use super::*;

fn small() -> TestServer {
    toy(|setup| setup.serving.max_body = 100)
}

fn post(fields: &str) -> String {
    format!("POST /toy/count HTTP/1.1\r\nHost: mock.test\r\n{fields}\r\n")
}

#[test]
fn a_body_that_is_announced_too_large_is_refused_before_it_is_asked_for() {
    let server = small();
    for expect in ["Expect: 100-continue\r\n", ""] {
        let mut stream = open(&server);
        let start = Stopwatch::start();
        send(&mut stream, &post(&format!("{expect}Content-Length: 101\r\n")));
        let answer = head(&mut stream);
        assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("connection: close\r\n"), "{answer}");
        let (body, end) = rest(&mut stream);
        assert_eq!((&*body, end), (r#"{"toy":413}"#, None), "in the vendor's words");
    }
    let kept = server.send(&Asked::new("GET", "/_mock/requests")).json();
    assert_eq!(kept["requests"].as_array().map(Vec::len), Some(2), "the journal has them: {kept}");
}

#[test]
fn the_control_api_has_a_bound_of_its_own() {
    let server = small();
    let mut stream = open(&server);
    let body = format!(r#"{{"clock":"2026-01-15T12:00:00Z"}}{}"#, " ".repeat(200));
    let fields = format!("Host: mock.test\r\nExpect: 100-continue\r\nContent-Length: {}\r\n", body.len());
    send(&mut stream, &format!("PUT /_mock/clock HTTP/1.1\r\n{fields}\r\n"));
    assert_eq!(head(&mut stream), "HTTP/1.1 100 Continue\r\n\r\n");
    send(&mut stream, &body);
    let answer = head(&mut stream);
    assert!(!answer.starts_with("HTTP/1.1 413 "), "{answer}");
    let mut stream = open(&server);
    send(&mut stream, "PUT /_mock/clock HTTP/1.1\r\nHost: mock.test\r\nExpect: 100-continue\r\n");
    send(&mut stream, "Content-Length: 100000000\r\n\r\n");
    assert!(head(&mut stream).starts_with("HTTP/1.1 413 "));
    // Nor is a body asked for that a path without a provider would throw away.
    let mut stream = open(&server);
    send(
        &mut stream,
        "PUT /nowhere HTTP/1.1\r\nHost: mock.test\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n",
    );
    assert!(head(&mut stream).starts_with("HTTP/1.1 413 "));
}

#[test]
fn a_body_within_the_bound_is_asked_for() {
    let server = small();
    let mut stream = open(&server);
    send(&mut stream, &post("Expect: 100-continue\r\nContent-Length: 100\r\n"));
    assert_eq!(head(&mut stream), "HTTP/1.1 100 Continue\r\n\r\n");
    send(&mut stream, &"x".repeat(100));
    assert!(head(&mut stream).starts_with("HTTP/1.1 201 "));
}

#[test]
fn another_expectation_is_passed_over() {
    let server = small();
    for expect in ["200-ok", "", "100-continued"] {
        let text = exchange(&server, &post(&format!("Expect: {expect}\r\nContent-Length: 0\r\n")));
        assert!(text.starts_with("HTTP/1.1 201 "), "{expect:?}: {text}");
    }
    let old = "POST /toy/count HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n{}";
    assert!(exchange(&server, old).starts_with("HTTP/1.0 201 "), "HTTP/1.0 knows no 100");
}

#[test]
fn a_broken_chunk_is_a_broken_body_in_the_vendors_words() {
    let server = small();
    for chunks in ["zz\r\n", "5\r\nhelloXX\r\n", "5\r\nhello\r\nffffffffffffffffff\r\n"] {
        let mut stream = open(&server);
        send(&mut stream, &post("Transfer-Encoding: chunked\r\n"));
        send(&mut stream, chunks);
        let answer = head(&mut stream);
        assert!(
            answer.starts_with("HTTP/1.1 400 ") && answer.contains("connection: close\r\n"),
            "{chunks:?}: {answer}"
        );
        assert_eq!(rest(&mut stream).0, r#"{"toy":400}"#, "{chunks:?}");
    }
    serves(&server);
}

#[test]
fn a_client_that_reads_nothing_is_cut_off() {
    let server = toy(|setup| {
        setup.serving.unread_timeout = Duration::from_secs(1);
        setup.serving.max_body = 1 << 20;
    });
    let mut stream = open(&server);
    stream.set_nonblocking(true).expect("a socket");
    let request = [post("Content-Length: 1000000\r\n").into_bytes(), vec![b'x'; 1_000_000]].concat();
    let start = Stopwatch::start();
    // Each answer says what was sent. Once nothing more is taken, nothing more is read.
    let (mut at, mut ended) = (0, false);
    while !ended && start.elapsed() < SOON {
        match stream.write(&request[at..]) {
            Ok(written) => at = (at + written) % request.len(),
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::sleep(Duration::from_millis(10)),
            Err(error) => {
                assert!(matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe), "{error}");
                ended = true;
            }
        }
    }
    assert!(ended, "it still stands after {:?}", start.elapsed());
    serves(&server);
}
