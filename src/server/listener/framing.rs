//! Where a request ends on the wire.
//!
//! This reads no more than that, and as actix reads it: what no request may look like is let through, and actix
//! refuses it.

use memchr::memchr;

use crate::server::listener::chunks::Chunks;

/// How much is kept of a line that comes in pieces. No line that says where a request ends is longer.
const LONGEST_LINE: usize = 1024;

const HOST: &[u8] = b"host";
const LENGTH: &[u8] = b"content-length";
const ENCODING: &[u8] = b"transfer-encoding";
const UPGRADE: &[u8] = b"upgrade";

/// The fields that say where a request ends.
const FIELDS: [&[u8]; 3] = [LENGTH, ENCODING, UPGRADE];

/// How far a request has come.
#[derive(Debug, Default)]
pub(super) struct Framing {
    part: Part,
    head: Head,
    /// The start of a line of the head whose end is still to come.
    line: Vec<u8>,
    /// Whether that line is longer than what is kept of it.
    is_cut: bool,
}

/// What comes next.
#[derive(Debug, Default)]
enum Part {
    #[default]
    Head,
    /// So many bytes of a body.
    Length(u64),
    Chunks(Chunks),
    /// Whatever comes, until the connection ends.
    Endless,
    /// Nothing that could be read as a chunk.
    Broken,
    /// The next request.
    Whole,
}

/// What the lines of a head have said so far.
#[derive(Debug, Default)]
struct Head {
    has_begun: bool,
    is_connect: bool,
    is_chunked: bool,
    is_websocket: bool,
    is_unclear: bool,
    length: u64,
    seen: Seen,
}

/// What is told of a head that cannot be read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Seen {
    pub(super) fields: u32,
    pub(super) lengths: u32,
    pub(super) hosts: u32,
    pub(super) encodings: u32,
    pub(super) chunked: bool,
    /// Whether a Content-Length is no number.
    pub(super) bad_length: bool,
    /// Whether a Transfer-Encoding is one that actix does not read.
    pub(super) bad_encoding: bool,
    /// Whether its end is there.
    pub(super) is_whole: bool,
}

impl Framing {
    /// Follows the bytes that come next; how many of them belong to this request.
    pub(super) fn take(&mut self, bytes: &[u8]) -> usize {
        let mut taken = 0;
        while let Some(rest) = bytes.get(taken..).filter(|rest| !rest.is_empty()) {
            taken += match &mut self.part {
                Part::Head => match memchr(b'\n', rest) {
                    Some(end) => {
                        self.end_line(rest.get(..end).unwrap_or_default());
                        end + 1
                    }
                    None => {
                        self.keep_line(rest);
                        rest.len()
                    }
                },
                Part::Length(left) => {
                    let length = usize::try_from(*left).unwrap_or(usize::MAX).min(rest.len());
                    *left -= length as u64;
                    if *left == 0 {
                        self.part = Part::Whole;
                    }
                    length
                }
                Part::Chunks(chunks) => match chunks.take(rest) {
                    Ok(length) => {
                        if chunks.is_whole() {
                            self.part = Part::Whole;
                        }
                        length
                    }
                    Err(length) => {
                        self.part = Part::Broken;
                        length
                    }
                },
                Part::Endless => rest.len(),
                Part::Broken | Part::Whole => break,
            };
        }
        taken
    }

    /// Whether the head is not yet there, or not to its end.
    pub(super) fn is_in_head(&self) -> bool {
        matches!(self.part, Part::Head)
    }

    /// What is known of its head.
    pub(super) fn seen(&self) -> Seen {
        Seen { is_whole: !self.is_in_head(), ..self.head.seen }
    }

    /// Whether any of the request is there; an empty line before it is none of it.
    pub(super) fn has_begun(&self) -> bool {
        self.head.has_begun || !self.line.is_empty()
    }

    /// Whether the request is there to its end.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.part, Part::Whole)
    }

    /// Whether what came for a chunk is none.
    pub(super) fn is_broken(&self) -> bool {
        matches!(self.part, Part::Broken)
    }

    fn keep_line(&mut self, piece: &[u8]) {
        let slot = LONGEST_LINE.saturating_sub(self.line.len()).min(piece.len());
        self.is_cut |= slot < piece.len();
        self.line.extend_from_slice(piece.get(..slot).unwrap_or_default());
    }

    fn end_line(&mut self, piece: &[u8]) {
        if self.line.is_empty() {
            return self.read_line(piece);
        }
        self.keep_line(piece);
        let line = std::mem::take(&mut self.line);
        self.read_line(&line);
        self.is_cut = false;
    }

    fn read_line(&mut self, line: &[u8]) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        self.head.seen.fields += u32::from(self.head.has_begun && !line.is_empty());
        match line.first() {
            None if self.head.has_begun => self.part = self.head.body(),
            None => {}
            Some(_) if !self.head.has_begun => {
                self.head.has_begun = true;
                self.head.is_connect = line.starts_with(b"CONNECT ");
            }
            Some(b'c' | b'C' | b't' | b'T' | b'u' | b'U') if self.is_cut => {
                self.head.is_unclear |= FIELDS.iter().any(|name| value(line, name).is_some());
            }
            Some(b'c' | b'C' | b't' | b'T' | b'u' | b'U') => self.head.read_field(line),
            Some(b'h' | b'H') => self.head.seen.hosts += u32::from(value(line, HOST).is_some()),
            Some(_) => {}
        }
    }
}

impl Head {
    fn read_field(&mut self, line: &[u8]) {
        if let Some(value) = value(line, LENGTH) {
            self.seen.lengths += 1;
            self.seen.bad_length |= value.is_empty() || !value.iter().all(u8::is_ascii_digit);
            match std::str::from_utf8(value).ok().and_then(|value| value.parse().ok()) {
                Some(length) => self.length = length,
                None => {
                    self.seen.bad_length = true;
                    self.is_unclear = true;
                }
            }
        } else if let Some(value) = value(line, ENCODING) {
            self.seen.chunked = true;
            self.seen.encodings += 1;
            let is_chunked = value.eq_ignore_ascii_case(b"chunked");
            self.seen.bad_encoding |= !is_chunked && !value.eq_ignore_ascii_case(b"identity");
            self.is_chunked |= is_chunked;
        } else if let Some(value) = value(line, UPGRADE) {
            self.is_websocket |= value.eq_ignore_ascii_case(b"websocket");
        }
    }

    /// What follows the head.
    fn body(&self) -> Part {
        match self.length {
            _ if self.is_unclear => Part::Endless,
            _ if self.is_chunked => Part::Chunks(Chunks::default()),
            _ if self.is_websocket => Part::Endless,
            0 if self.is_connect => Part::Endless,
            0 => Part::Whole,
            length => Part::Length(length),
        }
    }
}

/// The value of a line that is a field of this name.
fn value<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (found, rest) = line.split_at_checked(name.len())?;
    let value = rest.strip_prefix(b":")?;
    found.eq_ignore_ascii_case(name).then(|| value.trim_ascii())
}

#[cfg(test)]
mod tests;
