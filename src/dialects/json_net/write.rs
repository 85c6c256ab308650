//! Compact JSON as the library's text writer prints it.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

/// A value as compact JSON.
///
/// Beside quotes, backslashes and control characters the writer escapes U+0085, U+2028 and U+2029.
///
/// # Errors
///
/// Whatever the value's own `Serialize` fails with.
pub(crate) fn write(value: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(1024);
    value.serialize(&mut serde_json::Serializer::with_formatter(&mut out, Escapes))?;
    Ok(out)
}

struct Escapes;

impl Formatter for Escapes {
    /// What answers leave open stands as it is; no value of a vendor's is bytes.
    fn write_byte_array<W: ?Sized + io::Write>(&mut self, writer: &mut W, gap: &[u8]) -> io::Result<()> {
        writer.write_all(gap)
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some(at) = line_break(rest) {
            let (before, from) = rest.split_at(at);
            let mut chars = from.chars();
            let code = chars.next().map_or(0, u32::from);
            writer.write_all(before.as_bytes())?;
            write!(writer, "\\u{code:04x}")?;
            rest = chars.as_str();
        }
        CompactFormatter.write_string_fragment(writer, rest)
    }
}

/// Where the first of the three stands; plain ASCII is passed over at the speed of `memchr`.
fn line_break(text: &str) -> Option<usize> {
    memchr::memchr2_iter(0xC2, 0xE2, text.as_bytes())
        .find(|at| text.get(*at..).is_some_and(|rest| rest.starts_with(['\u{85}', '\u{2028}', '\u{2029}'])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_what_the_library_escapes() {
        for (text, expected) in [
            ("a/b'c\u{7f}é😀", "\"a/b'c\u{7f}é😀\""),
            ("\"\\\u{8}\u{c}\n\r\t\u{1}\u{1f}", r#""\"\\\b\f\n\r\t\u0001\u001f""#),
            ("a\u{85}b\u{2028}\u{2029}", r#""a\u0085b\u2028\u2029""#),
            ("\u{86}â€", "\"\u{86}â€\""),
        ] {
            assert_eq!(String::from_utf8(write(&text).unwrap()).unwrap(), expected);
        }
    }

    #[test]
    fn writes_nulls_without_blanks() {
        assert_eq!(write(&serde_json::json!({"a": null, "b": [1, true]})).unwrap(), br#"{"a":null,"b":[1,true]}"#);
    }
}
