//! What is no request: the log says what came, within bounds.

use std::fmt::Write;
use std::time::Duration;

use actix_http::error::{DispatchError, ParseError};
use parking_lot::Mutex;

use crate::server::date::http_date;
use crate::server::listener::connection::Connection;
use crate::server::listener::diagnosis;
use crate::world::clock::{Clock, Stopwatch};
use crate::world::journal::shown_path;

/// How many lines this process may write in `WINDOW`.
const LINES: u32 = 10;
const WINDOW: Duration = Duration::from_secs(60);

/// The log is the process's, and so is the bound.
static BUDGET: Lines = Lines(Mutex::new(Count { window: None, written: 0, left_out: 0 }));

/// How much of what came is shown, and how much of it that is no text.
const SHOWN: usize = 40;
const ODD: usize = 12;

/// How many lines may still be written, and how many were not.
#[derive(Debug)]
struct Lines(Mutex<Count>);

#[derive(Debug, Default)]
struct Count {
    window: Option<Stopwatch>,
    written: u32,
    left_out: u64,
}

/// A line that may be written.
#[derive(Debug, PartialEq, Eq)]
struct Line {
    /// How many were left out before it.
    left_out: u64,
    /// Whether those behind it are left out for a while.
    is_last: bool,
}

impl Lines {
    /// Takes a line, if there is one.
    fn take(&self) -> Option<Line> {
        let mut count = self.0.lock();
        if count.window.is_none_or(|window| window.elapsed() >= WINDOW) {
            count.window = Some(Stopwatch::start());
            count.written = 0;
        }
        if count.written < LINES {
            count.written += 1;
            return Some(Line { left_out: std::mem::take(&mut count.left_out), is_last: count.written == LINES });
        }
        count.left_out += 1;
        None
    }
}

/// Logs that a request could not be read, and why.
pub(super) fn log(connection: &Connection, why: &str, status: u16) {
    let Some(Line { left_out, is_last }) = BUDGET.take() else { return };
    let start = connection.start();
    let from = connection.socket().peer_addr().map_or_else(|_| "?".to_owned(), |peer| peer.to_string());
    let came = shown(&start);
    let left_out = (left_out > 0).then_some(left_out);
    let end = if is_last { "; others that come within a minute are counted, not written" } else { "" };
    tracing::warn!(status, from, came, left_out, "refused what is no request: {why}{end}");
}

/// Logs how a connection failed, and lets its client read what it was answered.
pub(super) async fn end(connection: &Connection, error: &DispatchError) {
    match error {
        DispatchError::Parse(error) => {
            let status = if matches!(error, ParseError::TooLarge) { 431 } else { 400 };
            log(connection, &diagnosis::why(error, &connection.start(), connection.seen()), status);
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
        assert_eq!(shown(&[b"GET /", &[b'x'; 90][..]].concat()), format!("GET /{}…", "x".repeat(35)));
    }

    #[test]
    fn few_lines_are_written_and_the_others_counted() {
        let lines = Lines(Mutex::default());
        let taken = |left_out, is_last| Some(Line { left_out, is_last });
        for number in 1..=LINES {
            assert_eq!(lines.take(), taken(0, number == LINES));
        }
        assert_eq!([lines.take(), lines.take()], [None, None]);
        lines.0.lock().window = None;
        assert_eq!([lines.take(), lines.take()], [taken(2, false), taken(0, false)]);
    }
}
