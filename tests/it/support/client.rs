//! A raw HTTP/1.1 client: it sends exactly what it is told, however wrong.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::control;

/// A request, byte for byte.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub method: String,
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Asked {
    pub fn new(method: &str, target: &str) -> Self {
        Self { method: method.to_owned(), target: target.to_owned(), ..Self::default() }
    }

    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// A JSON body, with its Content-Type.
    pub fn json(self, body: &str) -> Self {
        self.header("Content-Type", "application/json").body(body)
    }

    pub fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name))
    }

    /// The bytes on the wire. Host is `mock.test` and Content-Length is counted unless stated.
    pub fn wire(&self) -> Vec<u8> {
        let mut wire = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        if !self.has("host") {
            wire.extend_from_slice(b"Host: mock.test\r\n");
        }
        for (name, value) in &self.headers {
            wire.extend_from_slice(name.as_bytes());
            wire.extend_from_slice(b": ");
            // A recorded header value is Latin-1 text.
            wire.extend(value.chars().map(|char| u8::try_from(u32::from(char)).expect("a Latin-1 header value")));
            wire.extend_from_slice(b"\r\n");
        }
        let expects_length = !self.body.is_empty() || matches!(self.method.as_str(), "POST" | "PUT" | "PATCH");
        if expects_length && !self.has("content-length") && !self.has("transfer-encoding") {
            wire.extend_from_slice(format!("Content-Length: {}\r\n", self.body.len()).as_bytes());
        }
        wire.extend_from_slice(b"\r\n");
        wire.extend_from_slice(&self.body);
        wire
    }
}

/// An answer as it came.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The first header field of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text()))
    }
}

/// One kept-alive connection.
#[derive(Debug)]
pub struct Connection {
    address: SocketAddr,
    stream: Option<TcpStream>,
}

impl Connection {
    pub fn to(address: SocketAddr) -> Self {
        Self { address, stream: None }
    }

    /// Sends a request and reads its answer; panics if an answer of the control API is not as its document says.
    pub fn send(&mut self, asked: &Asked) -> Answer {
        let answer = self.sent(asked);
        let wrong = control::violations(asked, &answer);
        assert!(
            wrong.is_empty(),
            "{} {}\n{}\nanswered {} {}\nwhich breaks the control API's document:\n{}",
            asked.method,
            asked.target,
            String::from_utf8_lossy(&asked.body),
            answer.status,
            answer.text(),
            wrong.join("\n")
        );
        answer
    }

    fn sent(&mut self, asked: &Asked) -> Answer {
        let reused = self.stream.is_some();
        match self.exchange(asked) {
            Ok(answer) => answer,
            // The server may have closed an idle connection: a new one must work.
            Err(_) if reused => {
                self.stream = None;
                self.exchange(asked).unwrap_or_else(|error| panic!("{asked:?}: {error}"))
            }
            Err(error) => panic!("{asked:?}: {error}"),
        }
    }

    fn exchange(&mut self, asked: &Asked) -> std::io::Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(Duration::from_secs(20)))?;
                stream
            }
        };
        stream.write_all(&asked.wire())?;
        let (answer, keep) = read_answer(&mut stream, asked.method == "HEAD")?;
        if keep {
            self.stream = Some(stream);
        }
        Ok(answer)
    }
}

fn read_answer(stream: &mut TcpStream, head_only: bool) -> std::io::Result<(Answer, bool)> {
    let mut bytes = Vec::new();
    let (mut answer, start) = loop {
        if let Some(parsed) = parse_head(&bytes)? {
            break parsed;
        }
        more(stream, &mut bytes)?;
    };
    let length: Option<usize> = answer.header("content-length").map(|length| length.parse().expect("a length"));
    let keep = answer.header("connection").is_none_or(|value| !value.eq_ignore_ascii_case("close"));
    let bodiless = head_only || answer.status == 204 || answer.status == 304;
    let length = if bodiless { 0 } else { length.expect("every answer of the mock states its length") };
    while bytes.len() < start + length {
        more(stream, &mut bytes)?;
    }
    answer.body = bytes.split_off(start);
    Ok((answer, keep))
}

fn parse_head(bytes: &[u8]) -> std::io::Result<Option<(Answer, usize)>> {
    let mut fields = [httparse::EMPTY_HEADER; 64];
    let mut head = httparse::Response::new(&mut fields);
    let parsed = head.parse(bytes).map_err(std::io::Error::other)?;
    let httparse::Status::Complete(start) = parsed else {
        return Ok(None);
    };
    let text = |value: &[u8]| value.iter().copied().map(char::from).collect();
    let mut headers: Vec<(String, String)> =
        head.headers.iter().map(|field| (field.name.to_owned(), text(field.value))).collect();
    // actix writes the fields in the order of a hash map, which no two answers share.
    headers.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(Some((Answer { status: head.code.expect("a status"), headers, body: Vec::new() }, start)))
}

fn more(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> std::io::Result<()> {
    let mut chunk = [0; 16_384];
    loop {
        match stream.read(&mut chunk) {
            Ok(0) => {
                return Err(std::io::Error::new(std::io::ErrorKind::UnexpectedEof, "the server closed the connection"));
            }
            Ok(read) => {
                bytes.extend_from_slice(&chunk[..read]);
                return Ok(());
            }
            // A signal to this process, which runs many tests at once, is no answer.
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
