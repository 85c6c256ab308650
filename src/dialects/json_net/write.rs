//! Compact JSON as the library's text writer prints it.

use serde::Serialize;

use crate::json::{self, Escaping, Written};

/// A value as compact JSON.
///
/// Beside quotes, backslashes and control characters the writer escapes U+0085, U+2028 and U+2029.
///
/// # Errors
///
/// Whatever the value's own `Serialize` fails with.
pub(crate) fn write(value: &(impl Serialize + ?Sized)) -> serde_json::Result<Vec<u8>> {
    json::write(value, Escaping::LineBreaks)
}

/// The same of a value that leaves something open.
///
/// # Errors
///
/// Whatever the value's own `Serialize` fails with.
pub(crate) fn written(value: &impl Serialize) -> serde_json::Result<Written> {
    json::written(value, Escaping::LineBreaks)
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
