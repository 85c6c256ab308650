//! Connections, byte for byte: what stands on one, how long it is waited for, and who is turned away.

mod bodies;
mod heads;
mod pipelines;
mod streams;

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use persona_mock::internals::Setup;
use persona_mock::internals::Stopwatch;
use persona_mock::provider::register;

use super::support::toy::Toy;
use super::support::{Asked, TestServer, server};

const SOON: Duration = Duration::from_secs(20);

fn toy(change: impl FnOnce(&mut Setup)) -> TestServer {
    let mut setup = server::setup();
    change(&mut setup);
    TestServer::with(&[register(Toy)], &setup)
}

fn open(server: &TestServer) -> TcpStream {
    let stream = TcpStream::connect(server.address).expect("a connection");
    stream.set_read_timeout(Some(SOON)).expect("a time-out");
    stream.set_nodelay(true).expect("a socket");
    stream
}

fn send(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).expect("bytes go out");
}

/// All that comes until the server ends the connection, and the error in which it ends, if it does.
fn rest(stream: &mut TcpStream) -> (String, Option<ErrorKind>) {
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).err().map(|error| error.kind());
    (String::from_utf8_lossy(&bytes).into_owned(), end)
}

/// All that comes back where this is all that is sent, its end included.
fn exchange(server: &TestServer, text: &str) -> String {
    let mut stream = open(server);
    send(&mut stream, text);
    stream.shutdown(std::net::Shutdown::Write).expect("an end");
    let (answers, end) = rest(&mut stream);
    assert_eq!(end, None, "{answers}");
    answers
}

/// Reads one head.
fn head(stream: &mut TcpStream) -> String {
    let (mut found, mut byte) = (Vec::new(), [0]);
    while !found.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => found.push(byte[0]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            outcome => panic!("{outcome:?} after {}", String::from_utf8_lossy(&found)),
        }
    }
    String::from_utf8(found).expect("a head")
}

/// Others are answered.
fn serves(server: &TestServer) {
    let start = Stopwatch::start();
    assert_eq!(server.send(&Asked::new("GET", "/toy/count")).status, 200);
    assert!(start.elapsed() < SOON, "{:?}", start.elapsed());
}
