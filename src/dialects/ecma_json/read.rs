//! `JSON.parse`.

use std::borrow::Cow;

use super::text::Text;
use super::value::{Document, Members, Node, Place};

/// A text that is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not JSON")]
pub(crate) struct Malformed;

/// A body as `Request.json` takes it: byte order marks fall away, and bytes that are no UTF-8 become
/// U+FFFD.
#[must_use]
pub(crate) fn decode(body: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(without_marks(body))
}

/// A body without its byte order marks. The Web's standard takes one off, Node's undici two.
#[must_use]
pub(crate) fn without_marks(body: &[u8]) -> &[u8] {
    let mark = b"\xef\xbb\xbf";
    let rest = body.strip_prefix(mark).unwrap_or(body);
    rest.strip_prefix(mark).unwrap_or(rest)
}

impl Document {
    /// `JSON.parse`.
    ///
    /// # Errors
    ///
    /// A text that is not JSON.
    pub(crate) fn read(text: &str) -> Result<Self, Malformed> {
        let mut reader = Reader { text, at: 0, nodes: Vec::new(), is_repeated: false };
        let root = reader.document()?;
        Ok(Self { nodes: reader.nodes, root, is_repeated: reader.is_repeated })
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    nodes: Vec<Node>,
    is_repeated: bool,
}

/// An array or object that has not ended.
enum Open {
    Array(Vec<Place>),
    Object(Members, Text),
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Place, Malformed> {
        let mut stack: Vec<Open> = Vec::new();
        loop {
            let Some(mut place) = self.value_or_open(&mut stack)? else { continue };
            loop {
                let Some(open) = stack.pop() else { return self.end().map(|()| place) };
                match self.attach(open, place)? {
                    Attached::Open(open) => {
                        stack.push(open);
                        break;
                    }
                    Attached::Closed(node) => place = self.put(node),
                }
            }
        }
    }

    /// Reads a value that holds no other, or opens one that does.
    fn value_or_open(&mut self, stack: &mut Vec<Open>) -> Result<Option<Place>, Malformed> {
        self.skip_blanks();
        let node = match self.next().ok_or(Malformed)? {
            b'{' => {
                self.skip_blanks();
                if self.take(b'}') {
                    Node::Object(Members::default())
                } else {
                    let key = self.key()?;
                    stack.push(Open::Object(Members::default(), key));
                    return Ok(None);
                }
            }
            b'[' => {
                self.skip_blanks();
                if self.take(b']') {
                    Node::Array(Vec::new())
                } else {
                    stack.push(Open::Array(Vec::new()));
                    return Ok(None);
                }
            }
            b'"' => Node::Text(self.string()?),
            b'n' => self.word("ull", Node::Null)?,
            b't' => self.word("rue", Node::Bool(true))?,
            b'f' => self.word("alse", Node::Bool(false))?,
            b'-' | b'0'..=b'9' => {
                self.at -= 1;
                Node::Number(self.number()?)
            }
            _ => return Err(Malformed),
        };
        Ok(Some(self.put(node)))
    }

    fn attach(&mut self, open: Open, place: Place) -> Result<Attached, Malformed> {
        self.skip_blanks();
        let next = self.next().ok_or(Malformed)?;
        match (open, next) {
            (Open::Array(mut items), b',' | b']') => {
                items.push(place);
                Ok(if next == b',' { Attached::Open(Open::Array(items)) } else { Attached::Closed(Node::Array(items)) })
            }
            (Open::Object(mut members, key), b',' | b'}') => {
                // A repeated key keeps its first place and takes the last value.
                self.is_repeated |= members.insert(key, place).is_some();
                if next == b',' {
                    self.skip_blanks();
                    let key = self.key()?;
                    return Ok(Attached::Open(Open::Object(members, key)));
                }
                indices_first(&mut members);
                Ok(Attached::Closed(Node::Object(members)))
            }
            _ => Err(Malformed),
        }
    }

    /// A name and its colon.
    fn key(&mut self) -> Result<Text, Malformed> {
        if !self.take(b'"') {
            return Err(Malformed);
        }
        let key = self.string()?;
        self.skip_blanks();
        if self.take(b':') { Ok(key) } else { Err(Malformed) }
    }

    /// A string whose first quote has been read.
    fn string(&mut self) -> Result<Text, Malformed> {
        let mut decoded: Vec<u8> = Vec::new();
        let mut plain = self.at;
        loop {
            let byte = self.next().ok_or(Malformed)?;
            match byte {
                b'"' => {
                    let rest = &self.text.as_bytes()[plain..self.at - 1];
                    if decoded.is_empty() {
                        return Ok(Text::from_bytes(rest));
                    }
                    decoded.extend_from_slice(rest);
                    return Ok(Text::from_bytes(decoded));
                }
                b'\\' => {
                    decoded.extend_from_slice(&self.text.as_bytes()[plain..self.at - 1]);
                    self.escape(&mut decoded)?;
                    plain = self.at;
                }
                0..=0x1f => return Err(Malformed),
                _ => {}
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), Malformed> {
        let byte = match self.next().ok_or(Malformed)? {
            byte @ (b'"' | b'\\' | b'/') => byte,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => return self.unit().map(|unit| push_unit(unit, out)),
            _ => return Err(Malformed),
        };
        out.push(byte);
        Ok(())
    }

    fn unit(&mut self) -> Result<u16, Malformed> {
        let digits = self.text.as_bytes().get(self.at..self.at + 4).ok_or(Malformed)?;
        let mut unit = 0;
        for digit in digits {
            let digit = char::from(*digit).to_digit(16).and_then(|digit| u16::try_from(digit).ok()).ok_or(Malformed)?;
            unit = unit << 4 | digit;
        }
        self.at += 4;
        Ok(unit)
    }

    fn number(&mut self) -> Result<f64, Malformed> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            if !self.take(b'+') {
                self.take(b'-');
            }
            self.digits()?;
        }
        self.text[start..self.at].parse().map_err(|_| Malformed)
    }

    fn digits(&mut self) -> Result<(), Malformed> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at == start { Err(Malformed) } else { Ok(()) }
    }

    fn word(&mut self, rest: &str, node: Node) -> Result<Node, Malformed> {
        if !self.text.as_bytes()[self.at..].starts_with(rest.as_bytes()) {
            return Err(Malformed);
        }
        self.at += rest.len();
        Ok(node)
    }

    fn end(&mut self) -> Result<(), Malformed> {
        self.skip_blanks();
        if self.peek().is_none() { Ok(()) } else { Err(Malformed) }
    }

    fn put(&mut self, node: Node) -> Place {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

enum Attached {
    Open(Open),
    Closed(Node),
}

/// Appends a UTF-16 unit; a low surrogate joins a high one before it.
fn push_unit(unit: u16, out: &mut Vec<u8>) {
    if let (0xdc00..=0xdfff, [.., 0xed, high @ 0xa0..=0xaf, low]) = (unit, out.as_slice()) {
        let high = u32::from(high & 0x0f) << 6 | u32::from(low & 0x3f);
        let point = 0x1_0000 + (high << 10 | u32::from(unit - 0xdc00));
        out.truncate(out.len() - 3);
        let letter = char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER);
        out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        return;
    }
    match char::from_u32(u32::from(unit)) {
        Some(letter) => out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        None => {
            let [high, low] = unit.to_be_bytes();
            out.extend_from_slice(&[0xed, 0x80 | (high & 0x0f) << 2 | low >> 6, 0x80 | low & 0x3f]);
        }
    }
}

/// Puts keys that are array indices first, by value, as JavaScript's objects do.
fn indices_first(members: &mut Members) {
    if !members.keys().any(|key| array_index(key).is_some()) {
        return;
    }
    members.sort_by_cached_key(|key, _| array_index(key).map_or(u64::MAX, u64::from));
}

/// The array index that a key is: a canonical decimal below 2^32 - 1.
fn array_index(key: &Text) -> Option<u32> {
    let digits = key.as_str()?;
    if digits.is_empty() || digits.len() > 10 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if digits.len() > 1 && digits.starts_with('0') {
        return None;
    }
    digits.parse().ok().filter(|index| *index != u32::MAX)
}
