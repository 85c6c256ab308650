//! How a server ends: the drain, the second signal, the end of the terminal.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::ChildStdin;

use super::*;

/// A server that waits long for the requests under way. It hears of the end of a terminal, even where whoever started
/// the tests does not.
fn server() -> (Process, SocketAddr) {
    let script =
        r#"if env --default-signal=HUP true 2>/dev/null; then exec env --default-signal=HUP "$@"; fi; exec "$@""#;
    Process::serve(&mut in_shell(script, &["--port", "0", "--drain", "10m"]))
}

/// One with a pipe as standard input, whose other end is the answer.
fn with_input(args: &[&str]) -> (Process, SocketAddr, ChildStdin) {
    let mut command = command(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (mut process, address) = Process::serve(&mut command);
    let input = process.0.stdin.take().expect("a pipe");
    (process, address, input)
}

/// A connection on which the body of a request is not yet there.
fn half_a_request(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.set_read_timeout(Some(SOON)).expect("a socket");
    stream
        .write_all(
            b"POST /_mock/reset HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
        )
        .expect("half a request");
    // So the request is taken: what is not yet taken when the server stops, is not answered.
    assert!(text(&mut stream, "\r\n\r\n").starts_with("HTTP/1.1 100 "));
    stream
}

/// Reads up to a text, or to the end.
fn text(stream: &mut TcpStream, end: &str) -> String {
    let (mut found, mut byte) = (String::new(), [0]);
    while !found.ends_with(end) {
        match stream.read(&mut byte) {
            Ok(1) => found.push(char::from(byte[0])),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Ok(_) => break,
            Err(error) => panic!("{error} after {found:?}"),
        }
    }
    found
}

fn drain_begins(address: SocketAddr) {
    soon("a drain, in which no new connection is taken", || TcpStream::connect(address).err());
}

#[test]
fn every_signal_drains_and_the_last_answers_close_their_connections() {
    let signals = if cfg!(target_os = "linux") { &["TERM", "INT", "HUP"][..] } else { &["TERM", "INT"] };
    for signal in signals {
        let (process, address) = server();
        let mut idle = TcpStream::connect(address).expect("a connection");
        idle.set_read_timeout(Some(SOON)).expect("a socket");
        idle.write_all(b"GET /_mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("a request");
        let head = text(&mut idle, "\r\n\r\n").to_lowercase();
        assert!(head.starts_with("http/1.1 200 ") && !head.contains("connection: close"), "{signal}: {head}");
        let mut silent = TcpStream::connect(address).expect("a connection");
        silent.set_read_timeout(Some(SOON)).expect("a socket");
        let mut busy = half_a_request(address);

        process.signal(signal);
        drain_begins(address);
        // Those that do nothing are not waited for.
        text(&mut idle, "the end");
        assert_eq!(text(&mut silent, "the end"), "", "{signal}");
        busy.write_all(b"{}").expect("the rest");
        let answer = text(&mut busy, "the end").to_lowercase();
        assert!(answer.starts_with("http/1.1 200 "), "{signal}: {answer}");
        assert!(answer.contains("\r\nconnection: close\r\n"), "{signal}: {answer}");
        assert_eq!(process.end().code(), Some(0), "{signal}");
    }
}

#[test]
fn the_second_signal_ends_the_drain_at_once() {
    for (first, second) in [("TERM", "TERM"), ("INT", "INT"), ("TERM", "INT")] {
        let (mut process, address) = server();
        let busy = half_a_request(address);
        process.signal(first);
        drain_begins(address);
        assert_eq!(process.has_ended(), None, "{first}: the drain waits for the request");
        let stopwatch = Stopwatch::start();
        process.signal(second);
        assert_eq!(process.end().code(), Some(0), "{first}, {second}");
        // A body that does not come would end the request, and so the drain, after 30 s.
        assert!(stopwatch.elapsed() < Duration::from_secs(25), "{first}, {second}: {:?}", stopwatch.elapsed());
        drop(busy);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_that_closes_twice_cuts_nothing_off() {
    let (mut process, address) = server();
    let mut busy = half_a_request(address);
    process.signal("HUP");
    drain_begins(address);
    process.signal("HUP");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(process.has_ended(), None);
    busy.write_all(b"{}").expect("the rest");
    assert!(text(&mut busy, "the end").starts_with("HTTP/1.1 200 "));
    assert_eq!(process.end().code(), Some(0));
}

#[test]
#[cfg(target_os = "linux")]
fn a_signal_after_the_terminals_end_ends_the_drain_at_once() {
    let (process, address) = server();
    let _busy = half_a_request(address);
    process.signal("HUP");
    drain_begins(address);
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0));
}

#[test]
#[cfg(target_os = "linux")]
fn a_server_under_nohup_outlives_its_terminal() {
    let (mut process, address) = Process::serve(&mut in_shell(r#"trap '' HUP; exec "$@""#, &["--port", "0"]));
    process.signal("HUP");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(get(&mut Connection::to(address), "/_mock/health").status, 200);
    assert_eq!(process.has_ended(), None);
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0));
}

#[test]
fn the_end_of_standard_input_drains_as_a_signal_does_where_it_counts() {
    let (mut process, address, mut input) = with_input(&["--port", "0", "--drain", "10m", "--until-stdin-closes"]);
    let mut busy = half_a_request(address);
    // What is written to it is no end.
    input.write_all(&[b'x'; 10_000]).expect("a pipe that is read");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(process.has_ended(), None);
    drop(input);
    drain_begins(address);
    assert_eq!(process.has_ended(), None, "the drain waits for the request");
    busy.write_all(b"{}").expect("the rest");
    assert!(text(&mut busy, "the end").starts_with("HTTP/1.1 200 "));
    let mut log = String::new();
    process.stderr().read_to_string(&mut log).expect("a log");
    assert!(log.contains("standard input is at its end (--until-stdin-closes)"), "{log}");
    assert_eq!(process.end().code(), Some(0));
}

#[test]
fn a_signal_after_the_end_of_standard_input_ends_the_drain_at_once() {
    let (process, address, input) = with_input(&["--port", "0", "--drain", "10m", "--until-stdin-closes"]);
    let _busy = half_a_request(address);
    drop(input);
    drain_begins(address);
    process.signal("TERM");
    assert_eq!(process.end().code(), Some(0));
}

#[test]
fn the_end_of_standard_input_ends_no_server_that_was_not_told_so() {
    for args in [&["--port", "0"][..], &["--port", "0", "--until-stdin-closes=off"]] {
        let (mut process, address, input) = with_input(args);
        drop(input);
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(get(&mut Connection::to(address), "/_mock/health").status, 200, "{args:?}");
        assert_eq!(process.has_ended(), None, "{args:?}");
    }
}

#[test]
fn a_server_goes_with_whoever_holds_its_standard_input_even_if_that_is_killed() {
    // A shell between the two holds the pipe, and starts the server as a child of its own.
    let holder = r#"mkfifo "$0"; sleep 600 > "$0" & echo "$!"; exec "$@" < "$0""#;
    let dir = tempfile::tempdir().expect("a directory");
    let pipe = dir.path().join("input");
    let plain = command(&["--port", "0", "--until-stdin-closes"]);
    let mut shell = Command::new("sh");
    shell.args(["-c", holder]).arg(&pipe).arg(plain.get_program()).args(plain.get_args());
    shell.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut process = Process::start(&mut shell);
    let mut lines = BufReader::new(process.0.stdout.take().expect("a pipe")).lines();
    let runner = lines.next().expect("a line").expect("a process id");
    let ready = lines.next().expect("a line").expect("where it listens");
    assert!(ready.starts_with("persona-mock listening on "), "{ready}");
    assert!(Command::new("kill").args(["-s", "KILL", &runner]).status().expect("kill runs").success());
    assert_eq!(process.end().code(), Some(0));
}
