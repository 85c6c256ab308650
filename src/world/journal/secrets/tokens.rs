//! The pieces that JSON is made of, read tolerantly: as Json.NET takes it, cut off, or no JSON after all.

/// A piece of JSON that says something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// A string or a word before a colon.
    Name,
    /// A string.
    Text,
    /// A number, `true`, or a word without quotation marks.
    Word,
    Comment,
}

/// The pieces of a text with their places, for those who need no structure.
pub(super) fn tokens(text: &[u8]) -> impl Iterator<Item = (Token, usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let byte = *text.get(at)?;
            if is_structure(byte) {
                at += 1;
                continue;
            }
            let (start, end) = (at, token_end(text, at));
            at = end;
            let is_string = matches!(byte, b'"' | b'\'');
            let token = match byte {
                b'/' if is_comment(text, start) => Token::Comment,
                _ if is_string && text.get(blank_end(text, end)) == Some(&b':') => Token::Name,
                _ if is_string => Token::Text,
                _ => Token::Word,
            };
            return Some((token, start, end));
        }
    })
}

/// What stands within a string's quotation marks.
pub(super) fn inner(string: &[u8]) -> &[u8] {
    let rest = string.get(1..).unwrap_or_default();
    match (string.first(), rest.split_last()) {
        (Some(quote), Some((last, inner))) if last == quote => inner,
        _ => rest,
    }
}

fn is_structure(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b':' | b',' | b'{' | b'}' | b'[' | b']')
}

/// Behind the string, the comment or the word that starts here.
pub(super) fn token_end(text: &[u8], start: usize) -> usize {
    match text.get(start) {
        Some(b'"' | b'\'') => string_end(text, start),
        Some(b'/') if is_comment(text, start) => comments_end(text, start),
        _ => {
            let rest = text.get(start + 1..).unwrap_or_default();
            let ends = |byte: &u8| is_structure(*byte) || matches!(byte, b'"' | b'\'' | b'/');
            start + 1 + rest.iter().position(ends).unwrap_or(rest.len())
        }
    }
}

/// Behind the string that starts here with its quotation mark.
fn string_end(text: &[u8], start: usize) -> usize {
    let quote = text.get(start).copied().unwrap_or(b'"');
    let mut at = start + 1;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr2(quote, b'\\', rest)) {
        at += found;
        if text.get(at) == Some(&quote) {
            return at + 1;
        }
        at += 2;
    }
    text.len()
}

/// Behind the blanks that start here.
pub(super) fn blank_end(text: &[u8], start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    start + rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

/// Whether a comment starts here.
pub(super) fn is_comment(text: &[u8], at: usize) -> bool {
    matches!(text.get(at..at + 2), Some(b"//" | b"/*"))
}

/// Behind all comments and blanks that start here.
pub(super) fn comments_end(text: &[u8], start: usize) -> usize {
    let mut at = start;
    while is_comment(text, at) {
        let rest = text.get(at + 2..).unwrap_or_default();
        let length = match text.get(at + 1) {
            Some(b'*') => memchr::memmem::find(rest, b"*/").map(|found| found + 2),
            _ => memchr::memchr2(b'\n', b'\r', rest),
        };
        at = blank_end(text, length.map_or(text.len(), |length| at + 2 + length));
    }
    at
}
