//! A connection that stays, and sends what it is told and not a byte more: what a client adds would be counted, too.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::calls::Call;

const PATIENCE: Duration = Duration::from_secs(300);

pub struct Client {
    stream: TcpStream,
    /// What was read and is not yet an answer.
    read: Vec<u8>,
}

/// An answer: status and body.
pub struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Client {
    pub fn new(port: u16) -> Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream, read: Vec::new() })
    }

    /// Makes a call, and holds its answer to the status that it must have.
    pub fn call(&mut self, call: &Call) -> Result<Answer> {
        let answer = self.send(call.method, &call.target, call.head, call.body)?;
        let said = String::from_utf8_lossy(&answer.body);
        ensure!(answer.status == call.status, "{}: answered {}: {said:.300}", call.name, answer.status);
        Ok(answer)
    }

    /// Steers the mock, and gives the body of its answer.
    pub fn steer(&mut self, method: &str, target: &str, head: &str, body: &str) -> Result<Vec<u8>> {
        let answer = self.send(method, target, head, body)?;
        let said = String::from_utf8_lossy(&answer.body);
        ensure!((200..300).contains(&answer.status), "{method} {target} answered {}: {said:.300}", answer.status);
        Ok(answer.body)
    }

    fn send(&mut self, method: &str, target: &str, head: &str, body: &str) -> Result<Answer> {
        let length = match body.len() {
            0 => String::new(),
            length => format!("Content-Type: application/json\r\nContent-Length: {length}\r\n"),
        };
        let text = format!("{method} {target} HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n{head}{length}\r\n{body}");
        self.stream.write_all(text.as_bytes())?;
        loop {
            if let Some(answer) = self.answer()? {
                return Ok(answer);
            }
            let mut more = [0; 65_536];
            match self.stream.read(&mut more)? {
                0 => bail!("{method} {target}: the connection is closed before the answer"),
                count => self.read.extend_from_slice(more.get(..count).context("what was read")?),
            }
        }
    }

    /// The answer, once all of it is there.
    fn answer(&mut self) -> Result<Option<Answer>> {
        let mut fields = [httparse::EMPTY_HEADER; 64];
        let mut head = httparse::Response::new(&mut fields);
        let httparse::Status::Complete(start) = head.parse(&self.read)? else { return Ok(None) };
        let status = head.code.context("a status")?;
        let length = head.headers.iter().find(|field| field.name.eq_ignore_ascii_case("content-length"));
        let length = length.map_or(Ok(0), |field| String::from_utf8_lossy(field.value).parse::<usize>())?;
        let Some(body) = self.read.get(start..start + length) else { return Ok(None) };
        let body = body.to_vec();
        self.read.drain(..start + length);
        Ok(Some(Answer { status, body }))
    }
}
