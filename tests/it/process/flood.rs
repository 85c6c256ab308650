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
