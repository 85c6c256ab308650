//! Strings as Python's scanner reads them, lone surrogates kept.

use std::borrow::Cow;

use super::cursor::{Cursor, Fault};
use super::decode::push;
use super::value::Text;

/// Reads the string whose opening quote is next.
pub(super) fn read<'a>(cursor: &mut Cursor<'a>) -> Result<Text<'a>, Fault> {
    let open = cursor.at;
    cursor.at += 1;
    let first = plain(cursor, open)?;
    if cursor.peek() == Some(b'"') {
        cursor.at += 1;
        return Ok(match std::str::from_utf8(first) {
            Ok(text) => Text::Unicode(Cow::Borrowed(text)),
            Err(_) => Text::Broken(first.to_vec()),
        });
    }
    let mut text = first.to_vec();
    while cursor.peek() == Some(b'\\') {
        escape(cursor, open, &mut text)?;
        text.extend_from_slice(plain(cursor, open)?);
    }
    cursor.at += 1;
    Ok(match String::from_utf8(text) {
        Ok(text) => Text::Unicode(Cow::Owned(text)),
        Err(error) => Text::Broken(error.into_bytes()),
    })
}

/// What stands before the next quote or backslash.
fn plain<'a>(cursor: &mut Cursor<'a>, open: usize) -> Result<&'a [u8], Fault> {
    let rest = cursor.rest();
    let Some(length) = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) else {
        return Err(cursor.fault(open, "Unterminated string starting at"));
    };
    if rest.get(length).is_some_and(|byte| *byte <= 0x1f) {
        return Err(cursor.fault(cursor.at + length, "Invalid control character at"));
    }
    cursor.at += length;
    Ok(rest.get(..length).unwrap_or_default())
}

/// Reads the escape whose backslash is next.
fn escape(cursor: &mut Cursor<'_>, open: usize, text: &mut Vec<u8>) -> Result<(), Fault> {
    let backslash = cursor.at;
    let Some(letter) = cursor.text.get(backslash + 1) else {
        return Err(cursor.fault(open, "Unterminated string starting at"));
    };
    cursor.at += 2;
    let byte = match letter {
        b'"' | b'\\' | b'/' => *letter,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'u' => return unicode_escape(cursor, text),
        _ => return Err(cursor.fault(backslash, r"Invalid \escape")),
    };
    text.push(byte);
    Ok(())
}

/// Reads the four digits behind `\u`, and the second half of a pair behind the first.
fn unicode_escape(cursor: &mut Cursor<'_>, text: &mut Vec<u8>) -> Result<(), Fault> {
    let high = four_digits(cursor, cursor.at)?;
    cursor.at += 4;
    let mut code = high;
    if (0xd800..0xdc00).contains(&high) && cursor.rest().starts_with(br"\u") && has_six(cursor.rest()) {
        let low = four_digits(cursor, cursor.at + 2)?;
        if (0xdc00..0xe000).contains(&low) {
            code = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
            cursor.at += 6;
        }
    }
    let _ = push(text, code);
    Ok(())
}

/// Whether a whole escape is left and one character behind it, as the scanner demands of a pair.
fn has_six(rest: &[u8]) -> bool {
    rest.iter().filter(|byte| **byte & 0xc0 != 0x80).nth(6).is_some()
}

fn four_digits(cursor: &Cursor<'_>, at: usize) -> Result<u32, Fault> {
    let digits = cursor.text.get(at..at + 4).filter(|_| cursor.text.len() > at + 4);
    let digits = digits.filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    let code = digits.and_then(|digits| std::str::from_utf8(digits).ok()).map(|text| u32::from_str_radix(text, 16));
    code.and_then(Result::ok).ok_or_else(|| cursor.fault(at - 1, r"Invalid \uXXXX escape"))
}

#[cfg(test)]
mod tests {
    use super::super::{Value, read};
    use super::*;

    fn check(text: &str, expected: &[u8]) {
        let expected = match std::str::from_utf8(expected) {
            Ok(text) => Text::Unicode(text.into()),
            Err(_) => Text::Broken(expected.to_vec()),
        };
        assert_eq!(read(text.as_bytes()), Ok(Value::Text(expected)), "{text}");
    }

    #[test]
    fn joins_pairs_and_keeps_lone_surrogates() {
        check(r#""\ud83d\ude42""#, "🙂".as_bytes());
        check(r#""\ud83d""#, b"\xed\xa0\xbd");
        check(r#""\ud83d\u0041""#, b"\xed\xa0\xbdA");
        check(r#""\ude42\ud83d""#, b"\xed\xb9\x82\xed\xa0\xbd");
        check(r#""a\u0000\/\"é""#, "a\0/\"é".as_bytes());
    }

    #[test]
    fn says_what_python_says_where_python_says_it() {
        let fails = |text: &str, position: usize, message: &'static str| {
            assert_eq!(read(text.as_bytes()), Err(Fault::Syntax { position, message }), "{text}");
        };
        fails(r#""abc"#, 0, "Unterminated string starting at");
        fails("\"a\nb\"", 2, "Invalid control character at");
        fails(r#"{"a":"\x"}"#, 6, r"Invalid \escape");
        fails(r#"{"a":"\u12G4"}"#, 7, r"Invalid \uXXXX escape");
        fails(r#""\ud83d\uZZZZ""#, 8, r"Invalid \uXXXX escape");
        fails(r#""\"#, 0, "Unterminated string starting at");
    }
}
