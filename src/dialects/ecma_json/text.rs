//! A JavaScript string.

use std::borrow::{Borrow, Cow};
use std::fmt;

use crate::json::{self, Escaping};

/// A JavaScript string: UTF-8, and lone surrogates in the three bytes that UTF-8 would give them.
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub(crate) struct Text(Box<[u8]>);

impl Text {
    /// The bytes of a string; surrogates must already be joined where they are pairs.
    pub(super) fn from_bytes(bytes: impl Into<Box<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// The string, unless it holds a lone surrogate.
    #[must_use]
    pub(crate) fn as_str(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }

    /// The string, with U+FFFD for lone surrogates.
    #[must_use]
    pub(crate) fn to_lossy(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// Whether this is the empty string.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many bytes it has.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// `String.prototype.trim`.
    #[must_use]
    pub(crate) fn trimmed(&self) -> Self {
        // A lone surrogate is no blank, and no blank's bytes end or start inside one.
        let blank_head = |bytes: &[u8]| head(bytes).filter(|(letter, _)| is_blank(*letter)).map(|(_, length)| length);
        let blank_tail = |bytes: &[u8]| tail(bytes).filter(|(letter, _)| is_blank(*letter)).map(|(_, length)| length);
        let mut rest: &[u8] = &self.0;
        while let Some(length) = blank_head(rest) {
            rest = &rest[length..];
        }
        while let Some(length) = blank_tail(rest) {
            rest = &rest[..rest.len() - length];
        }
        Self(rest.into())
    }

    /// Appends `String.prototype.toLowerCase` to `out`, as bytes in this type's encoding.
    pub(crate) fn push_lowercase(&self, out: &mut Vec<u8>) {
        for chunk in self.0.utf8_chunks() {
            out.extend_from_slice(chunk.valid().to_lowercase().as_bytes());
            out.extend_from_slice(chunk.invalid());
        }
    }

    /// Appends the string as JSON with its quotes. Lone surrogates become escapes.
    pub(crate) fn push_json(&self, out: &mut String) {
        out.push('"');
        if let Some(text) = self.as_str().filter(|text| json::is_plain(text.as_bytes(), Escaping::Least)) {
            out.push_str(text);
            out.push('"');
            return;
        }
        let mut rest: &[u8] = &self.0;
        while let Some((unit, tail)) = split_surrogate(&mut rest, out) {
            out.push_str(&format!("\\u{unit:04x}"));
            rest = tail;
        }
        out.push('"');
    }
}

/// Prints what stands before the next lone surrogate, and returns that and what follows it.
fn split_surrogate<'b>(rest: &mut &'b [u8], out: &mut String) -> Option<(u16, &'b [u8])> {
    let bytes = *rest;
    let (valid, behind) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let (valid, behind) = bytes.split_at(error.valid_up_to());
            (std::str::from_utf8(valid).unwrap_or_default(), Some(behind))
        }
    };
    push_escaped(valid, out);
    match behind? {
        [0xed, high, low, tail @ ..] => Some((0xd000 | (u16::from(high & 0x3f) << 6) | u16::from(low & 0x3f), tail)),
        _ => None,
    }
}

fn push_escaped(text: &str, out: &mut String) {
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escape = match byte {
            b'"' => "\\\"",
            b'\\' => "\\\\",
            0x08 => "\\b",
            0x0c => "\\f",
            b'\n' => "\\n",
            b'\r' => "\\r",
            b'\t' => "\\t",
            0..=0x1f => "",
            _ => continue,
        };
        out.push_str(&text[plain..at]);
        if escape.is_empty() {
            out.push_str(&format!("\\u{byte:04x}"));
        } else {
            out.push_str(escape);
        }
        plain = at + 1;
    }
    out.push_str(&text[plain..]);
}

/// `String.prototype.trim` of a text without lone surrogates.
#[must_use]
pub(crate) fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// What ECMAScript calls `WhiteSpace` or `LineTerminator`.
fn is_blank(letter: char) -> bool {
    matches!(
        letter,
        '\t'..='\r' | ' ' | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{2028}' | '\u{2029}' | '\u{202f}'
            | '\u{205f}' | '\u{3000}' | '\u{feff}'
    )
}

fn head(bytes: &[u8]) -> Option<(char, usize)> {
    (1..=bytes.len().min(4)).find_map(|length| only_letter(&bytes[..length]))
}

fn tail(bytes: &[u8]) -> Option<(char, usize)> {
    (1..=bytes.len().min(4)).find_map(|length| only_letter(&bytes[bytes.len() - length..]))
}

fn only_letter(bytes: &[u8]) -> Option<(char, usize)> {
    let text = std::str::from_utf8(bytes).ok()?;
    text.chars().next().map(|letter| (letter, bytes.len()))
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(text.as_bytes().into())
    }
}

impl Borrow<[u8]> for Text {
    fn borrow(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        *self.0 == *other.as_bytes()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut json = String::new();
        self.push_json(&mut json);
        f.write_str(&json)
    }
}
