//! Bytes to text, as the formatter's stream reader does it.

use std::borrow::Cow;

use super::fault::{Fault, Finding};

/// The encodings that the formatter supports; any other name is read as UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Charset {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-16, little endian.
    Utf16,
}

impl Charset {
    /// The encoding that a `charset` parameter selects. A quoted name selects nothing.
    #[must_use]
    pub(crate) fn named(name: Option<&str>) -> Self {
        match name {
            Some(name) if name.eq_ignore_ascii_case("utf-16") => Self::Utf16,
            _ => Self::Utf8,
        }
    }
}

/// The text of a body. A byte order mark outweighs the charset; with the charset UTF-16, its own mark is
/// just that charset's.
///
/// A character that the body's end cuts short is left out: the stream reader keeps its bytes back, and
/// whoever reads JSON to its last bracket never asks for them.
///
/// # Errors
///
/// [`Finding::Encoding`] for bytes that the charset does not have. Behind a mark of another encoding
/// than the charset's the reader replaces them by U+FFFD instead, as its own decoders do.
pub(crate) fn decode(body: &[u8], charset: Charset) -> Result<Cow<'_, str>, Fault> {
    let text = match (body, charset) {
        ([0xEF, 0xBB, 0xBF, rest @ ..], _) => Some(String::from_utf8_lossy(rest)),
        ([0xFF, 0xFE, 0, 0, rest @ ..], Charset::Utf8) => Some(Cow::Owned(utf32(rest, u32::from_le_bytes))),
        ([0, 0, 0xFE, 0xFF, rest @ ..], _) => Some(Cow::Owned(utf32(rest, u32::from_be_bytes))),
        ([0xFF, 0xFE, rest @ ..], Charset::Utf8) => Some(Cow::Owned(lossy(units(rest, u16::from_le_bytes)))),
        ([0xFE, 0xFF, rest @ ..], _) => Some(Cow::Owned(lossy(units(rest, u16::from_be_bytes)))),
        (_, Charset::Utf8) => utf8(body).map(Cow::Borrowed),
        (_, Charset::Utf16) => utf16(body.strip_prefix(&[0xFF, 0xFE]).unwrap_or(body)).map(Cow::Owned),
    };
    text.ok_or(Fault { finding: Finding::Encoding, line: 0, position: 0, member: None })
}

fn utf8(body: &[u8]) -> Option<&str> {
    match std::str::from_utf8(body) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() => std::str::from_utf8(body.get(..error.valid_up_to())?).ok(),
        Err(_) => None,
    }
}

fn utf16(body: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(body.len() / 2);
    let mut rest = char::decode_utf16(units(body, u16::from_le_bytes)).peekable();
    while let Some(unit) = rest.next() {
        match unit {
            Ok(c) => text.push(c),
            Err(error) if matches!(error.unpaired_surrogate(), 0xD800..=0xDBFF) && rest.peek().is_none() => break,
            Err(_) => return None,
        }
    }
    Some(text)
}

fn lossy(units: impl Iterator<Item = u16>) -> String {
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn utf32(body: &[u8], code: fn([u8; 4]) -> u32) -> String {
    let codes = body.as_chunks::<4>().0.iter().map(|four| char::from_u32(code(*four)));
    codes.map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

fn units(body: &[u8], unit: fn([u8; 2]) -> u16) -> impl Iterator<Item = u16> {
    body.as_chunks::<2>().0.iter().map(move |pair| unit(*pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_outweighs_the_charset() {
        for (body, charset) in [
            (&b"\xEF\xBB\xBFa"[..], Charset::Utf16),
            (b"\xFF\xFEa\0", Charset::Utf8),
            (b"\xFF\xFEa\0", Charset::Utf16),
            (b"\xFE\xFF\0a", Charset::Utf8),
            (b"\xFF\xFE\0\0a\0\0\0", Charset::Utf8),
            (b"\0\0\xFE\xFF\0\0\0a", Charset::Utf8),
            (b"\0\0\xFE\xFF\0\0\0a", Charset::Utf16),
            (b"a\0", Charset::Utf16),
            (b"a", Charset::Utf8),
        ] {
            assert_eq!(decode(body, charset).unwrap(), "a", "{body:?} {charset:?}");
        }
    }

    #[test]
    fn invalid_bytes_are_a_fault_without_a_mark() {
        assert!(decode(b"\xFF", Charset::Utf8).is_err());
        assert!(decode(b"\0\xD8a\0", Charset::Utf16).is_err());
        assert!(decode(b"\0\xDC", Charset::Utf16).is_err());
    }

    #[test]
    fn a_character_cut_short_by_the_end_is_left_out() {
        assert_eq!(decode(b"a\xE2\x82", Charset::Utf8).unwrap(), "a");
        assert_eq!(decode(b"a\0\0", Charset::Utf16).unwrap(), "a");
        assert_eq!(decode(b"a\0\0\xD8", Charset::Utf16).unwrap(), "a");
    }

    #[test]
    fn only_the_plain_name_selects_utf_16() {
        assert_eq!(Charset::named(Some("UTF-16")), Charset::Utf16);
        assert_eq!(Charset::named(Some("\"utf-16\"")), Charset::Utf8);
        assert_eq!(Charset::named(Some("windows-1252")), Charset::Utf8);
        assert_eq!(Charset::named(None), Charset::Utf8);
    }
}
