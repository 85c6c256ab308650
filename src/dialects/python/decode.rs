//! From the bytes of a body to text, as `json.loads` does: the encoding is guessed from the first
//! four bytes, whatever a `charset` says.

use std::borrow::Cow;

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// The text of a body in UTF-8, a lone surrogate as the three bytes that UTF-8 would give it; nothing
/// where the bytes are no text in the guessed encoding.
#[must_use]
pub(crate) fn decode(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => utf32(rest, Order::Little),
        [0, 0, 0xfe, 0xff, rest @ ..] => utf32(rest, Order::Big),
        [0xff, 0xfe, rest @ ..] => utf16(rest, Order::Little),
        [0xfe, 0xff, rest @ ..] => utf16(rest, Order::Big),
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(rest),
        [0, 0, _, _, ..] => utf32(bytes, Order::Big),
        [0, _, _, _, ..] => utf16(bytes, Order::Big),
        [_, 0, 0, 0, ..] => utf32(bytes, Order::Little),
        [_, 0, _, _, ..] => utf16(bytes, Order::Little),
        [0, _] => utf16(bytes, Order::Big),
        [_, 0] => utf16(bytes, Order::Little),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Option<Cow<'_, [u8]>> {
    let mut rest = bytes;
    loop {
        let Err(error) = std::str::from_utf8(rest) else {
            return Some(Cow::Borrowed(bytes));
        };
        match rest.get(error.valid_up_to()..)? {
            [0xed, 0xa0..=0xbf, 0x80..=0xbf, after @ ..] => rest = after,
            _ => return None,
        }
    }
}

fn utf16(bytes: &[u8], order: Order) -> Option<Cow<'_, [u8]>> {
    let (units, rest) = bytes.as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    let units = units.iter().map(|unit| match order {
        Order::Little => u16::from_le_bytes(*unit),
        Order::Big => u16::from_be_bytes(*unit),
    });
    let mut text = Vec::with_capacity(bytes.len());
    for unit in char::decode_utf16(units) {
        push(&mut text, unit.map_or_else(|lone| u32::from(lone.unpaired_surrogate()), u32::from))?;
    }
    Some(Cow::Owned(text))
}

fn utf32(bytes: &[u8], order: Order) -> Option<Cow<'_, [u8]>> {
    let (units, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return None;
    }
    let mut text = Vec::with_capacity(bytes.len());
    for unit in units {
        push(
            &mut text,
            match order {
                Order::Little => u32::from_le_bytes(*unit),
                Order::Big => u32::from_be_bytes(*unit),
            },
        )?;
    }
    Some(Cow::Owned(text))
}

/// Adds a code point, a surrogate too.
pub(super) fn push(text: &mut Vec<u8>, code: u32) -> Option<()> {
    if let Some(char) = char::from_u32(code) {
        text.extend_from_slice(char.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        let [_, _, high, low] = code.to_be_bytes();
        if !(0xd800..0xe000).contains(&code) {
            return None;
        }
        text.extend_from_slice(&[0xe0 | (high >> 4), 0x80 | ((high & 0x0f) << 2) | (low >> 6), 0x80 | (low & 0x3f)]);
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], expected: Option<&[u8]>) {
        assert_eq!(decode(bytes).as_deref(), expected, "{bytes:x?}");
    }

    #[test]
    fn guesses_the_encoding_from_the_first_bytes() {
        check(b"{}", Some(b"{}"));
        check(b"\xef\xbb\xbf{}", Some(b"{}"));
        check(b"\xef\xbb\xbf\xef\xbb\xbf1", Some(b"\xef\xbb\xbf1"));
        check(b"{\0}\0", Some(b"{}"));
        check(b"\0{\0}", Some(b"{}"));
        check(b"\xff\xfe1\0", Some(b"1"));
        check(b"1\0\0\0", Some(b"1"));
        check(b"\0\0\0\x31", Some(b"1"));
        check(b"\x31\0", Some(b"1"));
        check(b"\xff\xfe\0\0\x42\xf6\x01\0", Some("🙂".as_bytes()));
    }

    #[test]
    fn a_surrogate_is_text_and_half_a_character_is_not() {
        check(b"\"\xed\xa0\x80\"", Some(b"\"\xed\xa0\x80\""));
        check(b"\"\0\x00\xd8\"\0", Some(b"\"\xed\xa0\x80\""));
        check(b"\xe2\x82", None);
        check(b"\xff", None);
        check(b"1\0\x31\0\x31", None);
        check(b"1\0\0\0\0\0\x11\0", None);
    }
}
