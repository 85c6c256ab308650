//! Texts as JSON.

/// Which letters are written as escapes beside those that JSON asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Escaping {
    /// None.
    Least,
    /// U+0085, U+2028 and U+2029, which break lines.
    LineBreaks,
}

/// One in each byte of a word, and the highest bit of each.
const ONES: u64 = u64::from_ne_bytes([1; 8]);
const HIGH: u64 = u64::from_ne_bytes([0x80; 8]);

/// Whether one of eight bytes is less than 32, a quotation mark or a backslash; `more` are bits that count too.
fn has_escape(word: u64, more: u64) -> bool {
    let has_zero = |word: u64| word.wrapping_sub(ONES) & !word;
    let control = word.wrapping_sub(ONES * 32) & !word;
    (control | has_zero(word ^ (ONES * 0x22)) | has_zero(word ^ (ONES * 0x5c)) | (word & more)) & HIGH != 0
}

/// Whether a text surely stands between its quotation marks as it is. Eight letters are looked at together.
pub(crate) fn is_plain(text: &[u8], escaping: Escaping) -> bool {
    let more = if escaping == Escaping::LineBreaks { HIGH } else { 0 };
    let Some(last) = text.last_chunk() else {
        let mut word = [b' '; 8];
        word.iter_mut().zip(text).for_each(|(place, byte)| *place = *byte);
        return !has_escape(u64::from_ne_bytes(word), more);
    };
    let (words, _) = text.as_chunks();
    // The last eight bytes and those before them may be the same ones in part.
    let is_plain = |word: &[u8; 8]| !has_escape(u64::from_ne_bytes(*word), more);
    is_plain(last) && words.iter().all(is_plain)
}

/// How long a text is between its quotation marks.
pub(crate) fn length(text: &str) -> usize {
    if is_plain(text.as_bytes(), Escaping::Least) {
        return text.len();
    }
    let more = |byte: u8| match byte {
        b'"' | b'\\' => 1,
        b' '.. => 0,
        b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 1,
        _ => 5,
    };
    text.len() + text.bytes().map(more).sum::<usize>()
}

/// Writes what stands between the quotation marks of a text.
pub(super) fn push(out: &mut Vec<u8>, text: &str, escaping: Escaping) {
    if is_plain(text.as_bytes(), escaping) {
        out.extend_from_slice(text.as_bytes());
    } else {
        push_escaped(out, text.as_bytes(), escaping);
    }
}

fn push_escaped(out: &mut Vec<u8>, text: &[u8], escaping: Escaping) {
    let mut from = 0;
    for (at, byte) in text.iter().enumerate() {
        let (code, width) = match byte {
            b' '..0x80 if !matches!(byte, b'"' | b'\\') => continue,
            0x80.. => match line_break(text.get(at..).unwrap_or_default(), escaping) {
                Some(found) => found,
                None => continue,
            },
            _ => (u32::from(*byte), 1),
        };
        out.extend_from_slice(text.get(from..at).unwrap_or_default());
        from = at + width;
        let short = match byte {
            b'"' | b'\\' => *byte,
            0x08 => b'b',
            0x0c => b'f',
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            _ => b'u',
        };
        out.extend([b'\\', short]);
        if short == b'u' {
            let digits = [12, 8, 4, 0].map(|bits| char::from_digit((code >> bits) & 0xf, 16).unwrap_or('0'));
            out.extend(digits.iter().map(|digit| u8::try_from(*digit).unwrap_or(b'0')));
        }
    }
    out.extend_from_slice(text.get(from..).unwrap_or_default());
}

/// The line break that a text begins with, if it is to be escaped, and how many bytes it takes.
fn line_break(text: &[u8], escaping: Escaping) -> Option<(u32, usize)> {
    match (escaping, text) {
        (Escaping::LineBreaks, [0xc2, 0x85, ..]) => Some((0x85, 2)),
        (Escaping::LineBreaks, [0xe2, 0x80, last @ (0xa8 | 0xa9), ..]) => Some((0x2000 | u32::from(last & 0x7f), 3)),
        _ => None,
    }
}
