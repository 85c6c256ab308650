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

#[test]
fn clients_that_never_end_a_body_lock_nobody_out() {
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    let script = format!(r#"ulimit -n {}; exec "$@""#, 100 + 4 * workers);
    let args = ["--port", "0", "--log", "off", "--control-token", "t"];
    let (_process, address) = Process::serve(in_shell(&script, &args).stderr(Stdio::null()));
    let mut clients: Vec<_> = (0..120).map(|_| Dripping::start(address)).collect();
    soon("the end of every connection", || {
        clients.retain_mut(|client| !client.is_ended());
        std::thread::sleep(Duration::from_millis(100));
        clients.is_empty().then_some(())
    });
    assert_eq!(get(&mut Connection::to(address), "/_mock/health").status, 200);
}
