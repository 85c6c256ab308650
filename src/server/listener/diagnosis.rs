//! Why a request cannot be read: what actix calls one error, told by what came.

use std::fmt::Write;

use actix_http::error::ParseError;

use crate::server::listener::framing::Seen;

/// How many header fields actix reads.
pub(crate) const MOST_FIELDS: u32 = 96;

/// How much of a name is shown.
const LONGEST_NAME: usize = 40;

/// Why a request cannot be read. `start` is what came of it first, `seen` what is known of its head beyond that.
pub(super) fn why(error: &ParseError, start: &[u8], seen: Seen) -> String {
    if let Some(other) = other_protocol(start) {
        return other.to_owned();
    }
    if matches!(error, ParseError::TooLarge) {
        return match seen.fields {
            fields if fields > MOST_FIELDS => {
                format!("it has {fields} header fields, and at most {MOST_FIELDS} are read")
            }
            _ => "its head is larger than 128 KiB".to_owned(),
        };
    }
    let mut lines = start.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = lines.find(|line| !line.is_empty()).unwrap_or_default();
    // What is behind the last line end may be a part of a line.
    let mut fields: Vec<_> = lines.collect();
    fields.pop();
    let fields = fields.into_iter().take_while(|line| !line.is_empty());
    first_line(first).or_else(|| fields.into_iter().find_map(field)).unwrap_or_else(|| head(error, seen))
}

/// Another protocol that this looks like.
pub(super) fn other_protocol(start: &[u8]) -> Option<&'static str> {
    match start {
        [0x16, 0x03, ..] => Some("it looks like TLS, but http:// is spoken here"),
        [b'P', b'R', b'I', b' ', ..] => Some("it looks like HTTP/2, but HTTP/1.1 is spoken here"),
        _ => None,
    }
}

/// What is wrong with a request's first line.
fn first_line(line: &[u8]) -> Option<String> {
    let expected = "expected a first line such as `GET /path HTTP/1.1`";
    let (method, rest) = split(line, b' ')?;
    if method.is_empty() || !method.iter().all(u8::is_ascii_alphabetic) {
        return Some(format!("it does not begin with a method; {expected}"));
    }
    let version = rest.iter().rposition(|byte| *byte == b' ').filter(|at| rest[at + 1..].starts_with(b"HTTP/"));
    let (target, version) = version.map_or((rest, None), |at| (&rest[..at], Some(&rest[at + 1..])));
    if let Some(at) = target.iter().position(|byte| !(b' '..=b'~').contains(byte)) {
        return Some(format!("its target holds a raw character at byte {}; {}", at + 1, encoded(&target[at..])));
    }
    if let Some(at) = target.iter().position(|byte| b" \"<>\\^`{|}".contains(byte)) {
        let (place, right) = (at + 1, encoded(&target[at..]));
        return Some(format!("its target holds `{}` at byte {place}; {right}", char::from(target[at])));
    }
    match version {
        None => Some(format!("it names no version; {expected}")),
        Some(b"HTTP/1.0" | b"HTTP/1.1") => None,
        Some(_) => Some("it is of another version of HTTP, and HTTP/1.1 is spoken here".to_owned()),
    }
}

fn split(line: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let at = line.iter().position(|byte| *byte == at).unwrap_or(line.len());
    Some((line.get(..at)?, line.get(at + 1..).unwrap_or_default()))
}

/// How the character that some bytes begin with is written in a target.
fn encoded(bytes: &[u8]) -> String {
    let length = (1..=bytes.len().min(4)).find(|length| std::str::from_utf8(&bytes[..*length]).is_ok()).unwrap_or(1);
    let mut out = "percent-encode it, as ".to_owned();
    for byte in bytes.iter().take(length) {
        let _ = write!(out, "%{byte:02X}");
    }
    out
}

/// What is wrong with a header field.
fn field(line: &[u8]) -> Option<String> {
    let is_of_a_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let Some(colon) = line.iter().position(|byte| *byte == b':') else {
        return Some("a line of its head is no header field, for it has no colon".to_owned());
    };
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    if name.is_empty() {
        return Some("a header field has no name".to_owned());
    }
    if !name.iter().all(is_of_a_name) {
        return Some("the name of a header field holds a blank or another character that no name has".to_owned());
    }
    let is_odd = |byte: &u8| (*byte < b' ' && *byte != b'\t') || *byte == 0x7f;
    value.iter().any(is_odd).then(|| {
        let name = String::from_utf8_lossy(name.get(..LONGEST_NAME).unwrap_or(name));
        format!("its header field {name} holds a control character")
    })
}

/// What is wrong with a head whose lines are each what they may be.
fn head(error: &ParseError, seen: Seen) -> String {
    match error {
        ParseError::Header if seen.bad_length => {
            "its Content-Length is no whole number; expected one such as Content-Length: 42".to_owned()
        }
        ParseError::Header if seen.bad_encoding => {
            "its Transfer-Encoding is one that is not read here; expected Transfer-Encoding: chunked".to_owned()
        }
        ParseError::Header if seen.encodings > 1 => "it has more than one Transfer-Encoding".to_owned(),
        ParseError::Header if seen.hosts == 0 && seen.is_whole => {
            "it has no header field Host, which HTTP/1.1 asks for".to_owned()
        }
        ParseError::Header if seen.chunked && seen.lengths > 0 => {
            "it has both a Content-Length and a Transfer-Encoding".to_owned()
        }
        ParseError::Header if seen.hosts > 1 => "it has more than one Host".to_owned(),
        ParseError::Header if seen.lengths > 1 => "it has more than one Content-Length".to_owned(),
        ParseError::Header => {
            "one of its header fields Content-Length, Transfer-Encoding and Host is not what it may be".to_owned()
        }
        ParseError::Uri(_) => "its target is no path such as /v1/personas".to_owned(),
        _ => "it is not what HTTP/1.1 says of a request".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_says_why_it_cannot_be_read() {
        let seen = Seen { hosts: 1, is_whole: true, ..Seen::default() };
        let check = |start: &[u8], expected: &str| assert_eq!(why(&ParseError::Header, start, seen), expected);
        check(b"\x16\x03\x01", "it looks like TLS, but http:// is spoken here");
        check(b"PRI * HTTP/2.0\r\n", "it looks like HTTP/2, but HTTP/1.1 is spoken here");
        let raw = "its target holds a raw character at byte 3; percent-encode it, as %C3%BC";
        check("GET /aü HTTP/1.1\r\n".as_bytes(), raw);
        check(b"GET /a\xfc HTTP/1.1\r\n", "its target holds a raw character at byte 3; percent-encode it, as %FC");
        check(b"GET /a b HTTP/1.1\r\n", "its target holds ` ` at byte 3; percent-encode it, as %20");
        check(b"GET /a HTTP/3\r\n", "it is of another version of HTTP, and HTTP/1.1 is spoken here");
        check(b"GET /a\r\n", "it names no version; expected a first line such as `GET /path HTTP/1.1`");
        let method = "it does not begin with a method; expected a first line such as `GET /path HTTP/1.1`";
        check(b"{\"a\": 1}\r\n", method);
        check(b"Authorization: Bearer abc\r\n", method);
        check(b"GET / HTTP/1.1\r\nA: b\r\nsecret\r\n", "a line of its head is no header field, for it has no colon");
        check(b"GET / HTTP/1.1\r\nA: b\x01c\r\n", "its header field A holds a control character");
        let name = "the name of a header field holds a blank or another character that no name has";
        check(b"GET / HTTP/1.1\r\nA b: c\r\n", name);
        let host = "it has no header field Host, which HTTP/1.1 asks for";
        assert_eq!(why(&ParseError::Header, b"GET / HTTP/1.1\r\n\r\n", Seen { hosts: 0, ..seen }), host);
        let length = "its Content-Length is no whole number; expected one such as Content-Length: 42";
        let told = |seen| why(&ParseError::Header, b"GET / HTTP/1.1\r\n", seen);
        assert_eq!(told(Seen { lengths: 1, bad_length: true, ..seen }), length);
        let encoding = "its Transfer-Encoding is one that is not read here; expected Transfer-Encoding: chunked";
        assert_eq!(told(Seen { encodings: 1, chunked: true, bad_encoding: true, ..seen }), encoding);
        let many = "it has 97 header fields, and at most 96 are read";
        assert_eq!(why(&ParseError::TooLarge, b"GET / HTTP/1.1\r\n", Seen { fields: 97, ..seen }), many);
        assert_eq!(why(&ParseError::TooLarge, b"", seen), "its head is larger than 128 KiB");
    }
}
