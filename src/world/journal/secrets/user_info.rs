//! Who signs in by a URL: `https://user:password@host/`.

use memchr::memmem;

use super::known::{ANYWHERE, Known};

/// How far the end of a password is sought that holds characters which should have been escaped.
const LONGEST: usize = 256;

/// Whether a text may hold one; `false` is sure.
pub(super) fn may_be_in(text: &[u8]) -> bool {
    let mut found = false;
    each(text, |_, _| found = true);
    found
}

/// Each of a text: where it starts and ends, which is before the `@`.
pub(super) fn each(text: &[u8], mut take: impl FnMut(usize, usize)) {
    if memchr::memchr(b'@', text).is_none() {
        return;
    }
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memmem::find(rest, b"//")) {
        let start = at + found + 2;
        let rest = text.get(start..).unwrap_or_default();
        let authority = until(rest, |byte| ends_text(byte) || matches!(byte, b'/' | b'?' | b'#'));
        // Of three slashes the last two may be those before a name.
        at = if authority.is_empty() { start - 1 } else { start + authority.len() };
        let has_scheme = start.checked_sub(3).and_then(|colon| text.get(colon)) == Some(&b':');
        let sign = memchr::memrchr(b'@', authority).or_else(|| unescaped(rest, authority));
        let Some(sign) = sign.filter(|sign| *sign > 0) else { continue };
        if has_scheme || rest.get(..sign).is_some_and(|user| user.contains(&b':')) {
            take(start, start + sign);
            at = at.max(start + sign);
        }
    }
}

/// The `@` behind a password that holds a slash or its like: what stands behind the colon is no port then.
fn unescaped(rest: &[u8], authority: &[u8]) -> Option<usize> {
    let colon = memchr::memchr(b':', authority)?;
    let is_address = authority.first() == Some(&b'[');
    if is_address || authority.get(colon + 1).is_some_and(u8::is_ascii_digit) {
        return None;
    }
    let rest = rest.get(..rest.len().min(LONGEST)).unwrap_or_default();
    memchr::memrchr(b'@', until(rest, ends_text))
}

/// Takes note of what it has that is secret. A user alone may be `git`.
pub(super) fn learn(user_info: &[u8], known: &mut Known) {
    match memchr::memchr(b':', user_info).and_then(|colon| user_info.get(colon + 1..)) {
        Some(password) if !password.is_empty() => known.learn(password),
        _ if user_info.len() >= ANYWHERE && user_info.iter().any(u8::is_ascii_digit) => known.learn(user_info),
        _ => {}
    }
}

fn until(text: &[u8], ends: impl Fn(u8) -> bool) -> &[u8] {
    let end = text.iter().position(|byte| ends(*byte)).unwrap_or(text.len());
    text.get(..end).unwrap_or_default()
}

fn ends_text(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'"' | b'<' | b'>' | b'\\' | 0x7f)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let mut found = Vec::new();
        each(text.as_bytes(), |start, end| found.push(text[start..end].to_owned()));
        assert_eq!(found, expected, "{text}");
        assert_eq!(may_be_in(text.as_bytes()), !expected.is_empty(), "{text}");
    }

    #[test]
    fn who_signs_in_is_found_and_other_signs_are_not() {
        check("http://ann:hush@a.example/", &["ann:hush"]);
        check("HTTPS://hush@a.example and <ftp://b:c@d>; x", &["hush", "b:c"]);
        check("//ann:hush@a.example", &["ann:hush"]);
        check("/v1////ann:hush@a.example//", &["ann:hush"]);
        check("http://a@b:hush@c", &["a@b:hush"]);
        check("http://ann:hu/s#h@a.example/", &["ann:hu/s#h"]);
        for text in [
            "http://a.example/?mail=ann@a.example",
            "http://a.example:80/x?mail=ann@a.example",
            "http://[::1]:80/?mail=ann@a.example",
            "ann@a.example // see",
            "//ann@a.example",
            "// @author",
            "http://a.example/x ann:b@c",
            "a//b/c",
        ] {
            check(text, &[]);
        }
    }
}
