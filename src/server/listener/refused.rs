//! What is no request: the log says what came, within bounds.

use std::cell::RefCell;
use std::fmt::Write;
use std::time::Duration;

use actix_http::error::{DispatchError, ParseError};

use crate::server::date::http_date;
use crate::server::listener::connection::Connection;
use crate::world::clock::{Clock, Stopwatch};
use crate::world::journal::shown_path;

/// How many lines a worker may write in `WINDOW`.
const LINES: u32 = 5;
const WINDOW: Duration = Duration::from_secs(10);

/// How much of what came is shown, and how much of it that is no text.
const SHOWN: usize = 60;
const ODD: usize = 12;

/// How many lines may still be written, and how many were not.
#[derive(Debug, Default)]
pub(super) struct Lines(RefCell<Count>);

#[derive(Debug, Default)]
struct Count {
    window: Option<Stopwatch>,
    written: u32,
    left_out: u64,
}

impl Lines {
    /// Takes a line, if there is one: how many were left out before it.
    fn take(&self) -> Option<u64> {
        let mut count = self.0.borrow_mut();
        if count.window.is_none_or(|window| window.elapsed() >= WINDOW) {
            count.window = Some(Stopwatch::start());
            count.written = 0;
        }
        if count.written < LINES {
            count.written += 1;
            return Some(std::mem::take(&mut count.left_out));
        }
        count.left_out += 1;
        None
    }
}

/// Logs that a request could not be read, and why.
pub(super) fn log(connection: &Connection, why: &str, status: u16) {
    let Some(left_out) = connection.tracker().lines.take() else { return };
    let start = connection.start();
    let from = connection.socket().peer_addr().map_or_else(|_| "?".to_owned(), |peer| peer.to_string());
    let came = shown(&start);
    let hint = hint(&start);
    let left_out = (left_out > 0).then_some(left_out);
    tracing::warn!(status, from, came, left_out, "refused what is no request: {why}{hint}");
}

/// Logs how a connection failed, and lets its client read what it was answered.
pub(super) async fn end(connection: &Connection, error: &DispatchError) {
    match error {
        DispatchError::Parse(error) => {
            let status = if matches!(error, ParseError::TooLarge) { 431 } else { 400 };
            log(connection, &error.to_string(), status);
            connection.linger().await;
        }
        // Its body breaks off, by a fault or a crash: a body that ends with its connection must not seem to have ended.
        DispatchError::Body(_) => connection.reset_on_close(),
        DispatchError::Io(_) | DispatchError::DisconnectTimeout => tracing::debug!(%error, "a connection broke off"),
        error => tracing::error!(%error, "a connection failed"),
    }
}

/// The first line of what came, without what may be a secret, and not much of it. The log escapes it.
fn shown(start: &[u8]) -> String {
    let line = start.split(|byte| matches!(byte, b'\r' | b'\n')).find(|line| !line.is_empty()).unwrap_or_default();
    if !tells_nothing_secret(line) {
        return if line.is_empty() { String::new() } else { "…".to_owned() };
    }
    // What follows is a value: of a query, or of a field or a body that came where a request should begin.
    let ends = |at: &usize| match line.get(*at..).unwrap_or_default() {
        [b'?' | b'=', ..] => true,
        [b':', rest @ ..] => !rest.starts_with(b"//"),
        _ => false,
    };
    let end = (0..line.len()).find(ends).unwrap_or(line.len());
    let mut odd = (0..line.len()).filter(|at| line.get(*at).is_some_and(|byte| !(b' '..=b'~').contains(byte)));
    let end = end.min(odd.nth(ODD).unwrap_or(end));
    let mut out = String::new();
    let text = String::from_utf8_lossy(line.get(..end.min(SHOWN)).unwrap_or_default());
    for word in text.split(' ') {
        let _ = write!(out, "{}{}", if out.is_empty() { "" } else { " " }, shown_path(word));
    }
    if end < line.len() || end > SHOWN {
        out.push('…');
    }
    out
}

/// Whether a line starts with a method, with a name and its value, or with what is no text. Anything else may be the
/// end of a body whose length was stated too short, and so the end of a secret.
fn tells_nothing_secret(line: &[u8]) -> bool {
    let run = |is_of: fn(&u8) -> bool| line.iter().take_while(|byte| is_of(byte)).count();
    let method = run(u8::is_ascii_uppercase);
    let name = run(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    let follows = |length: usize| line.get(length).filter(|_| length > 0);
    follows(method) == Some(&b' ')
        || matches!(follows(name), Some(b':' | b'='))
        || line.first().is_some_and(|byte| !(b' '..=b'~').contains(byte))
}

/// What it probably is.
fn hint(start: &[u8]) -> &'static str {
    match start {
        [0x16, 0x03, ..] => "; it looks like TLS, but http:// is spoken here",
        [b'P', b'R', b'I', b' ', ..] => "; it looks like HTTP/2, but HTTP/1.1 is spoken here",
        _ => "",
    }
}

/// The answer to a head that did not end in time.
pub(super) fn too_late() -> Vec<u8> {
    let mut answer = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n".to_vec();
    if let Some(date) = http_date(Clock::Real.now()) {
        answer.extend_from_slice(b"date: ");
        answer.extend_from_slice(date.as_bytes());
        answer.extend_from_slice(b"\r\n");
    }
    answer.extend_from_slice(b"\r\n");
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_is_shown_escaped_and_without_secrets() {
        for (came, expected) in [
            (&b"NOT HTTP\r\nA: b\r\n"[..], "NOT HTTP"),
            (b"\r\n\nGET / HTTP/3.0\r\n", "GET / HTTP/3.0"),
            (b"GET /v1?token=abc HTTP/9\r\n", "GET /v1…"),
            (b"Authorization: Bearer abc\r\n", "Authorization…"),
            (b"{\"password\":\"abc\"}", "…"),
            (b"hunter2\"}", "…"),
            (b"Bearer abc", "…"),
            (b"unter2&b=c", "…"),
            (b"username=a&password=b", "username…"),
            (b"GET http://a.test/b HTTP/1\r\n", "GET http://a.test/b HTTP/1"),
            (b"\x16\x03\xff", "\x16\x03\u{fffd}"),
            (b"", ""),
        ] {
            assert_eq!(shown(came), expected);
        }
        assert_eq!(shown(&[1; 90]), format!("{}…", "\u{1}".repeat(ODD)));
        assert_eq!(shown(&[b'X'; 90]), "…");
        assert_eq!(shown(&[b"GET /", &[b'x'; 90][..]].concat()), format!("GET /{}…", "x".repeat(55)));
    }

    #[test]
    fn a_worker_writes_few_lines_and_counts_the_others() {
        let lines = Lines::default();
        for _ in 0..LINES {
            assert_eq!(lines.take(), Some(0));
        }
        assert_eq!([lines.take(), lines.take()], [None, None]);
        lines.0.borrow_mut().window = None;
        assert_eq!([lines.take(), lines.take()], [Some(2), Some(0)]);
    }
}
