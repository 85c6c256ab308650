//! The log never stops an answer, whatever stands behind standard error.

use std::fmt::Write;
use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use super::*;

/// More than a pipe and the queue before it hold: 1.1 MB.
const MANY: usize = 400;

/// Answers that each log 8 kB.
fn ask_for_many(connection: &mut Connection) {
    for number in 0..MANY {
        let answer = get(connection, &format!("/{number}/{}", "x".repeat(8_000)));
        assert_eq!(answer.status, 404, "request {number}");
    }
}

#[test]
fn a_pipe_that_nobody_reads_stops_no_answer_and_every_line_is_written_or_counted() {
    for format in ["text", "json"] {
        let (mut process, address) = Process::serve(&mut command(&["--port", "0", "--log-format", format]));
        let mut connection = Connection::to(address);
        ask_for_many(&mut connection);
        let counted = dropped(&mut connection);
        assert!(counted > 100, "{counted}");

        // Somebody reads after all.
        let mut stderr = process.stderr();
        let reader = std::thread::spawn(move || {
            let mut said = String::new();
            stderr.read_to_string(&mut said).expect("UTF-8");
            said
        });
        let mut asked = MANY + 1;
        // What comes before all is read may be dropped as well; what is dropped no more is written.
        soon("a line that is not dropped", || {
            let before = dropped(&mut connection);
            asked += 2;
            (dropped(&mut connection) == before).then_some(())
        });
        assert_eq!(get(&mut connection, "/last").status, 404);
        let counted = dropped(&mut connection);
        drop(connection);
        process.signal("TERM");
        assert_eq!(process.end().code(), Some(0));

        let said = reader.join().expect("what standard error said");
        let requests = said.lines().filter(|line| line.contains("method") && line.contains("GET")).count();
        let notices: Vec<_> = said.lines().filter(|line| line.contains(" log lines dropped: ")).collect();
        let mut told = 0;
        for notice in &notices {
            told += if format == "json" {
                let notice: Value = serde_json::from_str(notice).expect("JSON");
                assert_eq!(notice["level"], "WARN");
                notice["dropped"].as_u64().expect("a number")
            } else {
                let (_, rest) = notice.split_once("  WARN ").expect("a level");
                rest.split(' ').next().expect("a number").parse::<u64>().expect("a number")
            };
        }
        assert_eq!(told, counted, "{notices:?}");
        // The two last requests are `/last` and the one that asked for the count.
        assert_eq!(requests as u64 + counted, asked as u64 + 2, "{notices:?}");
        assert!(said.contains("/last"), "what comes after the loss is written");
    }
}

#[test]
fn the_end_does_not_wait_for_a_pipe_that_nobody_reads() {
    let (process, address) = Process::serve(&mut command(&["--port", "0"]));
    let mut connection = Connection::to(address);
    ask_for_many(&mut connection);
    drop(connection);
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0));
}

#[test]
fn a_standard_error_that_takes_nothing_stops_nothing_and_is_counted() {
    for (what, stderr) in [("a full device", full()), ("a pipe without a reader", unread())] {
        let (process, address) = Process::serve(command(&["--port", "0"]).stderr(stderr));
        let mut connection = Connection::to(address);
        for _ in 0..3 {
            assert_eq!(get(&mut connection, "/nowhere").status, 404, "{what}");
        }
        // The mounts and the samples that a person reads at the start are lines as well.
        soon(what, || (dropped(&mut connection) > 3).then_some(()));
        drop(connection);
        process.signal("TERM");
        assert_eq!(process.end().code(), Some(0), "{what}");
    }
}

#[test]
fn outputs_that_are_closed_stop_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    for script in [r#"exec "$@" >&-"#, r#"exec "$@" 2>&-"#, r#"exec "$@" <&- >&- 2>&-"#] {
        let file = dir.path().join("port");
        let process =
            Process::start(&mut in_shell(script, &["--port", "0", "--port-file", file.to_str().expect("UTF-8")]));
        let mut connection = Connection::to(told(&file));
        assert_eq!(get(&mut connection, "/nowhere").status, 404, "{script}");
        drop(connection);
        process.signal("TERM");
        assert_eq!(process.end().code(), Some(0), "{script}");
    }
}

#[test]
fn a_greeting_that_nobody_reads_stops_nothing() {
    let dir = tempfile::tempdir().expect("a directory");
    let file = dir.path().join("port");
    let mut command = command(&["--port", "0", "--port-file", file.to_str().expect("UTF-8")]);
    let process = Process::start(command.stdout(unread()).stderr(unread()));
    let mut connection = Connection::to(told(&file));
    assert_eq!(get(&mut connection, "/nowhere").status, 404);
    drop(connection);
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0));
}

#[test]
fn what_is_logged_last_is_written() {
    let (mut process, address) = Process::serve(command(&["--port", "0"]).stderr(Stdio::piped()));
    let mut expected = String::new();
    let mut connection = Connection::to(address);
    for number in 0..200 {
        get(&mut connection, &format!("/line-{number}"));
        let _ = writeln!(expected, "/line-{number}");
    }
    drop(connection);
    process.signal("TERM");
    let mut said = String::new();
    process.stderr().read_to_string(&mut said).expect("UTF-8");
    let found = said.lines().filter_map(|line| line.split('"').find(|word| word.starts_with("/line-")));
    assert_eq!(found.map(|path| format!("{path}\n")).collect::<String>(), expected);
    assert_eq!(process.end().code(), Some(0));
}

#[test]
fn what_is_no_request_is_told_without_secrets_and_not_without_a_bound() {
    let (mut process, address) = Process::serve(&mut command(&["--port", "0", "--log-format", "json"]));
    let refused = |wire: &[u8]| {
        let mut stream = std::net::TcpStream::connect(address).expect("a connection");
        std::io::Write::write_all(&mut stream, wire).expect("bytes go out");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    };
    refused(b"\x16\x03\x01\x00\x01\x1b[31m\"\x00");
    refused(b"Authorization: Bearer secret\r\n\r\n");
    for _ in 0..100 {
        refused(b"GET /v1/users?key=secret HTTP/1.1\r\nCookie: secret\r\n\r\n");
    }
    let mut stderr = process.stderr();
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0));
    let mut said = String::new();
    stderr.read_to_string(&mut said).expect("UTF-8");
    assert!(!said.contains("secret") && !said.contains('\u{1b}'), "{said}");
    let lines: Vec<Value> = said.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let lines: Vec<_> = lines.iter().filter(|line| line["status"] == 400).collect();
    // A second window of time may have begun.
    assert!((10..=20).contains(&lines.len()), "{said}");
    for (came, why) in [
        ("\u{16}\u{3}\u{1}\0\u{1}\u{1b}[31m\"\0", "it looks like TLS, but http:// is spoken here"),
        ("Authorization…", "it does not begin with a method"),
        ("GET /v1/users…", "it has no header field Host"),
    ] {
        let told =
            |line: &&Value| line["came"] == came && line["message"].as_str().is_some_and(|text| text.contains(why));
        let line = lines.iter().copied().find(told).unwrap_or_else(|| panic!("{came:?}: {said}"));
        assert!(line["level"] == "WARN" && line["from"].as_str().is_some_and(|from| from.starts_with("127.0.0.1:")));
    }
}
