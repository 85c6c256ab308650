//! More clients than the process has open files for.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

use super::*;

/// A client that is refused and goes on sending a body that never ends.
struct Dripping(TcpStream);

impl Dripping {
    fn start(address: SocketAddr) -> Self {
        let mut stream = TcpStream::connect(address).expect("a place in the queue");
        let head = "POST /_mock/reset HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).expect("a head");
        stream.set_nonblocking(true).expect("a socket");
        Self(stream)
    }

    /// Sends a little more; whether the server has ended the connection.
    fn is_ended(&mut self) -> bool {
        let mut answer = [0; 4_096];
        let has_ended = match self.0.read(&mut answer) {
            Ok(read) => read == 0,
            Err(error) => error.kind() != ErrorKind::WouldBlock,
        };
        has_ended || self.0.write_all(b"1\r\nx\r\n").is_err_and(|error| error.kind() != ErrorKind::WouldBlock)
    }
}

/// A server that may open few files more than its threads need.
fn narrow() -> (Process, SocketAddr) {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let script = format!(r#"ulimit -n {}; exec "$@""#, 100 + 4 * workers);
    let args = ["--port", "0", "--log", "off", "--control-token", "t"];
    Process::serve(in_shell(&script, &args).stderr(Stdio::null()))
}

/// How many files a process has open.
#[cfg(target_os = "linux")]
fn files(process: &Process) -> usize {
    std::fs::read_dir(format!("/proc/{}/fd", process.0.id())).expect("a folder").count()
}

#[test]
#[cfg(target_os = "linux")]
fn a_connection_takes_one_file() {
    let (process, address) = Process::serve(command(&["--port", "0", "--log", "off"]).stdout(Stdio::piped()));
    let before = files(&process);
    let mut idle: Vec<_> = (0..100).map(|_| Connection::to(address)).collect();
    for connection in &mut idle {
        assert_eq!(get(connection, "/_mock/health").status, 200);
    }
    assert_eq!(files(&process), before + 100);
    drop(idle);
    soon("the end of every connection", || (files(&process) == before).then_some(()));
}

#[test]
fn connections_that_do_nothing_make_room() {
    let (_process, address) = narrow();
    let connect = |_| TcpStream::connect(address).expect("a place in the queue");
    // Some never say anything, some have been answered, some stop in the middle of a head.
    let mut crowd: Vec<TcpStream> = (0..200).map(connect).collect();
    for stream in crowd.iter_mut().step_by(3) {
        stream.write_all(b"GET /_mock/health HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("a request");
    }
    for stream in crowd.iter_mut().skip(1).step_by(3) {
        stream.write_all(b"GET /_mock/health HTTP/1.1\r\nHost").expect("half a head");
    }
    let stopwatch = Stopwatch::start();
    assert_eq!(get(&mut Connection::to(address), "/_mock/health").status, 200);
    // A head may take 30 seconds, and a connection may be kept for 75: none of that was waited for.
    assert!(stopwatch.elapsed() < Duration::from_secs(20), "{:?}", stopwatch.elapsed());
    drop(crowd);
}

#[test]
fn clients_that_never_end_a_body_lock_nobody_out() {
    let (_process, address) = narrow();
    let mut clients: Vec<_> = (0..120).map(|_| Dripping::start(address)).collect();
    soon("the end of every connection", || {
        clients.retain_mut(|client| !client.is_ended());
        std::thread::sleep(Duration::from_millis(100));
        clients.is_empty().then_some(())
    });
    assert_eq!(get(&mut Connection::to(address), "/_mock/health").status, 200);
}

/// Clients that send nothing, and others that stop in the middle of a head.
fn crowd(address: SocketAddr, idle: usize, halves: usize) -> Vec<TcpStream> {
    let mut crowd: Vec<_> =
        (0..idle + halves).map(|_| TcpStream::connect(address).expect("a place in the queue")).collect();
    for stream in crowd.iter_mut().skip(idle) {
        stream.write_all(b"GET /_mock/health HTTP/1.1\r\nHost").expect("half a head");
    }
    crowd
}

#[test]
#[cfg(target_os = "linux")]
fn new_clients_are_served_where_few_files_may_be_open() {
    let (mut process, address) = Process::serve(
        in_shell(r#"ulimit -Sn 256; ulimit -Hn 256; exec "$@""#, &["--port", "0", "--log-format", "json"])
            .stderr(Stdio::piped()),
    );
    let crowd = crowd(address, 300, 50);
    for _ in 0..5 {
        let stopwatch = Stopwatch::start();
        assert_eq!(get(&mut Connection::to(address), "/_mock/health").status, 200);
        assert!(stopwatch.elapsed() < Duration::from_secs(20), "{:?}", stopwatch.elapsed());
    }
    assert!(files(&process) <= 256);
    let stderr = process.stderr();
    process.0.kill().expect("an end");
    let log = std::io::read_to_string(stderr).expect("a log");
    let said: Vec<_> = log.lines().filter(|line| line.contains("to make room")).collect();
    assert_eq!(said.len(), 1, "{log}");
    assert!(said[0].contains("all that 256 open files allow") && said[0].contains("`ulimit -n 1024`"), "{}", said[0]);
    assert!(!log.contains("Error accepting connection"), "{log}");
    drop(crowd);
}

#[test]
#[cfg(target_os = "linux")]
fn the_limit_of_open_files_is_raised_as_far_as_it_may_be() {
    // What macOS starts a process with.
    let script = r#"ulimit -Sn 256; exec "$@""#;
    let (process, address) = Process::serve(in_shell(script, &["--port", "0", "--log", "off"]).stderr(Stdio::null()));
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", process.0.id())).expect("the limits");
    let limits = limits.lines().find_map(|line| line.strip_prefix("Max open files")).expect("a limit");
    let limits: Vec<_> = limits.split_whitespace().take(2).collect();
    assert_eq!(limits[0], limits[1], "the soft limit is the hard one");
    if limits[0].parse().is_ok_and(|most: usize| most < 600) {
        return;
    }
    let mut clients: Vec<_> = (0..400).map(|_| Connection::to(address)).collect();
    for client in &mut clients {
        assert_eq!(get(client, "/_mock/health").status, 200);
    }
    assert!(files(&process) > 400);
}
