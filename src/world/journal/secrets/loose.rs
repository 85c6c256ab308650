//! Texts whose structure is broken or not known: whatever looks like a name and its value.

use super::edit::Edits;
use super::names::{self, is_secret_field};
use super::values;

/// How far back the start of a name is sought; its last word is what counts.
const NAME: usize = 128;

/// Takes out what stands behind telling names, whatever is around them, and what is told by its form.
pub(super) fn hide(text: &[u8], edits: &mut Edits<'_>) {
    if values::may_hold(text) {
        values::hide(text, edits);
    }
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr2(b':', b'=', rest)) {
        let sign = at + found;
        let seen = text.get(at..sign).unwrap_or_default();
        at = sign + 1;
        if !is_secret_field(name_before(seen)) {
            continue;
        }
        let (start, end) = value_behind(text, at);
        take_out(text, start, end, edits);
        at = at.max(end);
    }
}

/// Takes out what stands in lines such as `Name: value`.
pub(super) fn hide_lines(text: &[u8], edits: &mut Edits<'_>) {
    let mut at = 0;
    for line in text.split(|byte| *byte == b'\n') {
        let start = at;
        at += line.len() + 1;
        let Some(colon) = memchr::memchr(b':', line) else { continue };
        let name = line.get(..colon).unwrap_or_default();
        if name.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b' '))
            && names::is_secret_parameter(name)
        {
            let value = line.get(colon + 1..).unwrap_or_default();
            let blanks = value.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            take_out(text, start + colon + 1 + blanks, start + colon + 1 + value.trim_ascii_end().len(), edits);
        }
    }
}

/// Learns what stands behind telling names and in elements of XML.
pub(super) fn learn(text: &[u8], edits: &mut Edits<'_>) {
    hide(text, edits);
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(b'>', rest)) {
        let seen = text.get(at..at + found).unwrap_or_default();
        at += found + 1;
        if is_secret_field(name_before(seen)) {
            let rest = text.get(at..).unwrap_or_default();
            let length = memchr::memchr(b'<', rest).unwrap_or(rest.len());
            edits.known.learn(rest.get(..length).unwrap_or_default());
            at += length;
        }
    }
}

/// Whether a text starts as a list or an object of JSON does.
pub(super) fn is_json(text: &[u8]) -> bool {
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// Whether anything in a text mentions a secret: then of a text that cannot be taken apart nothing is kept.
pub(super) fn mentions(text: &[u8]) -> bool {
    names::any_word_tells(&super::fold::folded(text))
}

fn take_out(text: &[u8], start: usize, end: usize, edits: &mut Edits<'_>) {
    let value = text.get(start..end).unwrap_or_default();
    if !matches!(value, b"" | b"\"\"" | b"''" | b"true" | b"false" | b"null" | b"[redacted]" | b"\"[redacted]\"") {
        edits.known.learn(bare(value));
        if value.starts_with(b"\"") { edits.hide_json(start, end) } else { edits.hide(start, end) }
    }
}

/// A value without blanks and quotation marks around it.
fn bare(value: &[u8]) -> &[u8] {
    let is_mark = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'\\' | b'`');
    let start = value.iter().take_while(|byte| is_mark(byte)).count();
    let rest = value.get(start..).unwrap_or_default();
    let end = rest.iter().rev().take_while(|byte| is_mark(byte)).count();
    rest.get(..rest.len() - end).unwrap_or_default()
}

/// The name that ends a text, blanks, comments and quotation marks aside.
fn name_before(text: &[u8]) -> &[u8] {
    let mut text = text.get(text.len().saturating_sub(4 * NAME)..).unwrap_or_default().trim_ascii_end();
    while let Some(comment) = text.strip_suffix(b"*/") {
        let start = memchr::memmem::rfind(comment, b"/*").unwrap_or(0);
        text = comment.get(..start).unwrap_or_default().trim_ascii_end();
    }
    let marks = text.iter().rev().take_while(|byte| matches!(byte, b'"' | b'\'' | b'\\' | b'`')).count();
    let text = text.get(..text.len() - marks).unwrap_or_default();
    let ends = |byte: &u8| {
        matches!(byte, b'"' | b'\'' | b'`' | b'{' | b'}' | b',' | b'&' | b';' | b'?' | b'<' | b'>' | b'=' | b'\n')
    };
    let start = text.iter().rposition(ends).map_or(0, |end| end + 1);
    text.get(start..).unwrap_or_default()
}

/// Where the value starts and ends that stands behind a colon or an equals sign.
fn value_behind(text: &[u8], sign: usize) -> (usize, usize) {
    let rest = text.get(sign..).unwrap_or_default();
    let skipped = skip(rest);
    let start = sign + skipped;
    let rest = rest.get(skipped..).unwrap_or_default();
    let slashes = rest.iter().take_while(|byte| **byte == b'\\').count();
    let length = match rest.get(slashes) {
        Some(mark @ (b'"' | b'\'' | b'`')) => {
            let inner = rest.get(slashes + 1..).unwrap_or_default();
            let end = slashes + 1 + quoted_end(inner, *mark, slashes);
            let behind = rest.get(end..).unwrap_or_default();
            let clean = behind.iter().find(|byte| !byte.is_ascii_whitespace());
            match clean {
                None | Some(b',' | b'}' | b']' | b'&' | b';' | b'\\' | b'"' | b'>' | b'/') => end,
                // The mark was part of the value, or the next value follows without a comma.
                Some(_) => end + stray(behind),
            }
        }
        Some(b'{' | b'[') => brackets(rest),
        _ => stray(rest),
    };
    (start, start + length)
}

/// Blanks, comments, and what may follow the first sign: `=>`, `:=`.
fn skip(text: &[u8]) -> usize {
    let mut at = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += match rest {
            [byte, ..] if byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>') => 1,
            [b'/', b'*', comment @ ..] => match memchr::memmem::find(comment, b"*/") {
                Some(end) => end + 4,
                None => return at,
            },
            _ => return at,
        };
    }
}

/// Behind the quotation mark that ends a string, which has as many backslashes before it as the one that started it.
fn quoted_end(text: &[u8], mark: u8, slashes: usize) -> usize {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(mark, rest)) {
        at += found + 1;
        let before = text.get(..at - 1).unwrap_or_default();
        let found = before.iter().rev().take_while(|byte| **byte == b'\\').count();
        if found <= slashes && (slashes > 0 || found == 0) {
            return at;
        }
        if slashes == 0 && found % 2 == 0 {
            return at;
        }
    }
    text.len()
}

/// A list or an object: to the bracket that ends it, as far as brackets can be counted.
fn brackets(text: &[u8]) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// A value without quotation marks.
fn stray(text: &[u8]) -> usize {
    let ends = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b'&' | b'\n' | b'"' | b'<');
    text.iter().position(ends).unwrap_or(text.len())
}
