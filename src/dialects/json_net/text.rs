//! Bytes to text, as the formatter's stream reader does it.

use std::borrow::Cow;

use super::fault::{Fault, Finding};

/// The encodings that the formatter supports; any other name is read as UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    /// UTF-8.
    #[default]
    Utf8,
    /// UTF-16, little endian.
    Utf16,
}

impl Charset {
    /// The encoding that a `charset` parameter selects. A quoted name selects nothing.
    #[must_use]
    pub fn named(name: Option<&str>) -> Self {
        match name {
            Some(name) if name.eq_ignore_ascii_case("utf-16") => Self::Utf16,
            _ => Self::Utf8,
        }
    }
}

/// The text of a body. A byte order mark outweighs the charset.
///
/// # Errors
///
/// [`Finding::Encoding`] for bytes that the charset does not have. Behind a mark of another encoding
/// than the charset's the reader replaces them by U+FFFD instead, as its own decoders do.
pub fn decode(body: &[u8], charset: Charset) -> Result<Cow<'_, str>, Fault> {
    let text = match (body, charset) {
        ([0xEF, 0xBB, 0xBF, rest @ ..], _) => Some(String::from_utf8_lossy(rest)),
        ([0xFF, 0xFE, rest @ ..], Charset::Utf16) => strict_utf16(rest).map(Cow::Owned),
        ([0xFF, 0xFE, rest @ ..], Charset::Utf8) => Some(Cow::Owned(lossy_utf16(rest, u16::from_le_bytes))),
        ([0xFE, 0xFF, rest @ ..], _) => Some(Cow::Owned(lossy_utf16(rest, u16::from_be_bytes))),
        (_, Charset::Utf8) => std::str::from_utf8(body).ok().map(Cow::Borrowed),
        (_, Charset::Utf16) => strict_utf16(body).map(Cow::Owned),
    };
    text.ok_or(Fault { finding: Finding::Encoding, line: 0, position: 0 })
}

fn strict_utf16(body: &[u8]) -> Option<String> {
    let (pairs, rest) = body.as_chunks::<2>();
    let units = pairs.iter().map(|pair| u16::from_le_bytes(*pair));
    rest.is_empty().then(|| char::decode_utf16(units).collect::<Result<_, _>>().ok()).flatten()
}

fn lossy_utf16(body: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, rest) = body.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let odd = (!rest.is_empty()).then_some(char::REPLACEMENT_CHARACTER);
    let replaced = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
    replaced.chain(odd).collect()
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
            (b"a\0", Charset::Utf16),
            (b"a", Charset::Utf8),
        ] {
            assert_eq!(decode(body, charset).unwrap(), "a", "{body:?} {charset:?}");
        }
    }

    #[test]
    fn invalid_bytes_are_a_fault_without_a_mark() {
        assert!(decode(b"\xFF", Charset::Utf8).is_err());
        assert!(decode(b"a", Charset::Utf16).is_err());
        assert!(decode(b"\0\xD8", Charset::Utf16).is_err());
    }

    #[test]
    fn only_the_plain_name_selects_utf_16() {
        assert_eq!(Charset::named(Some("UTF-16")), Charset::Utf16);
        assert_eq!(Charset::named(Some("\"utf-16\"")), Charset::Utf8);
        assert_eq!(Charset::named(Some("windows-1252")), Charset::Utf8);
        assert_eq!(Charset::named(None), Charset::Utf8);
    }
}
