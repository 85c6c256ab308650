//! What the journal must not keep: credentials in header fields, queries, paths and bodies, and what an answer repeats
//! of them.
//!
//! A text is looked at quickly first: where nothing tells of a secret, it is copied as it is and nothing is parsed.

mod edit;
mod ending;
mod fold;
mod glance;
mod json;
mod known;
mod loose;
mod multipart;
mod names;
mod nested;
mod pairs;
mod repeats;
mod syntax;
mod values;

use std::borrow::Cow;

use edit::{Edits, moved, write};
pub(super) use known::{Known, Side};
pub(super) use repeats::{Kind, Part, hide_repeats};

use crate::world::sandbox::CREDENTIAL_MARK;

/// How far behind the cut of a body a secret is followed that starts before it.
const OVERHANG: usize = 12 * 256;

/// What stands in the place of a secret.
pub const REDACTED: &str = "[redacted]";

/// Header fields that everybody sends and that hold no secret. Of any other, the name is taken apart.
fn is_ordinary(name: &str) -> bool {
    matches!(
        name,
        "host"
            | "accept"
            | "accept-encoding"
            | "accept-language"
            | "cache-control"
            | "connection"
            | "content-length"
            | "content-type"
            | "date"
            | "origin"
            | "pragma"
            | "sec-fetch-dest"
            | "sec-fetch-mode"
            | "sec-fetch-site"
            | "transfer-encoding"
            | "vary"
            // `true`, and no credential.
            | "access-control-allow-credentials"
            | "x-mock-provenance"
            | "x-mock-sandbox"
            | "x-mock-sandbox-created"
    )
}

/// Header fields that most clients send or most answers have, whose names need not be taken apart to know that they tell
/// of no secret. Their values may hold one.
const PLAIN_NAMES: [&str; 10] = [
    "user-agent",
    "referer",
    "sec-ch-ua",
    "sec-ch-ua-mobile",
    "sec-ch-ua-platform",
    "content-encoding",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "location",
    "www-authenticate",
];

/// Writes a path and query.
pub(super) fn target(out: &mut Vec<u8>, target: &str, known: &mut Known) {
    let text = target.as_bytes();
    let path = memchr::memchr(b'?', text).unwrap_or(text.len());
    let mut edits = Edits::new(usize::MAX, known);
    let (before, query) = text.split_at(path);
    if path_may_hold(before) {
        pairs::hide(before, &mut edits);
        hide_in_path(before, &mut edits);
    }
    if let Some(query) = query.get(1..) {
        edits.part(path + 1, |edits| pairs::hide_in_query(query, edits));
    }
    edits.settle();
    write(out, text, &edits.list, text.len());
    known.see(fold::has_escapes(text));
}

/// A path as a log may show it.
pub fn shown_path(path: &str) -> Cow<'_, str> {
    if !path_may_hold(path.as_bytes()) {
        return Cow::Borrowed(path);
    }
    let mut out = Vec::new();
    target(&mut out, path, &mut Known::default());
    String::from_utf8_lossy(&out).into_owned().into()
}

fn path_may_hold(path: &[u8]) -> bool {
    memchr::memchr2(b'%', b'=', path).is_some() || (path.len() >= values::SHORTEST_JWT && values::may_hold(path))
}

/// A segment of a path may be a credential itself.
fn hide_in_path(path: &[u8], edits: &mut Edits<'_>) {
    let mut at = 0;
    for segment in path.split(|byte| *byte == b'/') {
        if segment.contains(&b'%') {
            let plain = fold::folded(segment);
            let mut found = Edits::new(usize::MAX, edits.known);
            values::hide(&plain, &mut found);
            pairs::hide(&plain, &mut found);
            if !found.list.is_empty() {
                edits.hide(at, at + segment.len());
            }
        } else {
            edits.part(at, |edits| values::hide(segment, edits));
        }
        at += segment.len() + 1;
    }
}

/// Writes header fields, one a line. `credentials` are those that carry one at some provider.
pub(super) fn fields<'a>(
    out: &mut Vec<u8>,
    fields: impl Iterator<Item = (&'a str, &'a [u8])>,
    credentials: &[&str],
    known: &mut Known,
) {
    let start = out.len();
    // No name holds a colon and no value a line's end, so lines can be taken apart again.
    for (name, value) in fields {
        out.extend_from_slice(name.as_bytes());
        out.push(b':');
        field(out, name, value, credentials, known);
        out.push(b'\n');
    }
    known.see(fold::has_escapes(out.get(start..).unwrap_or_default()));
}

/// Writes a header field's value. `credentials` are the fields that carry one at some provider.
fn field(out: &mut Vec<u8>, name: &str, value: &[u8], credentials: &[&str], known: &mut Known) {
    if is_ordinary(name) {
        return out.extend_from_slice(value);
    }
    if credentials.contains(&name) || (!PLAIN_NAMES.contains(&name) && names::is_secret_parameter(name.as_bytes())) {
        return credential(out, name, value, known);
    }
    if name == "content-encoding" {
        known.see_coding(value);
    }
    let assigns = memchr::memchr(b'=', value).is_some();
    let credentials = values::may_hold(value);
    if !assigns && !credentials {
        return out.extend_from_slice(value);
    }
    let mut edits = Edits::new(usize::MAX, known);
    if assigns {
        pairs::hide(value, &mut edits);
    }
    if credentials {
        values::hide(value, &mut edits);
    }
    edits.settle();
    write(out, value, &edits.list, value.len());
}

fn credential(out: &mut Vec<u8>, name: &str, value: &[u8], known: &mut Known) {
    if matches!(value.trim_ascii(), b"" | b"true" | b"false") {
        return out.extend_from_slice(value);
    }
    let scheme = values::SCHEMES.iter().find(|scheme| values::starts_with_scheme(value, scheme));
    let secret = value.get(scheme.map_or(0, |scheme| scheme.len() + 1)..).unwrap_or_default().trim_ascii();
    // A client that forgot its token sends one of these, and whoever reads the journal seeks just that.
    let is_scheme = values::SCHEMES.iter().any(|scheme| secret.eq_ignore_ascii_case(scheme.as_bytes()));
    if is_scheme || matches!(secret, b"" | b"undefined" | b"null" | b"NaN" | b"[object Object]") {
        return out.extend_from_slice(value);
    }
    if name.contains("cookie") {
        cookies(secret, known);
    } else {
        known.learn(secret);
        // The vendor saw it without the sandbox's name.
        if let Some(mark) =
            memchr::memchr(b'+', secret).and_then(|_| memchr::memmem::rfind(secret, CREDENTIAL_MARK.as_bytes()))
        {
            known.learn(secret.get(..mark).unwrap_or_default());
        }
        if let Some((user, password)) = scheme.filter(|scheme| **scheme == "Basic").and_then(|_| values::basic(secret))
        {
            known.learn(if password.is_empty() { &user } else { &password });
        }
    }
    if let Some(scheme) = scheme {
        out.extend_from_slice(scheme.as_bytes());
        out.push(b' ');
    }
    out.extend_from_slice(REDACTED.as_bytes());
}

/// The values of cookies. One whose name does not tell may be `en` or `1`: it is looked for only where it is long and
/// mixed, as made ones are.
fn cookies(field: &[u8], known: &mut Known) {
    for pair in field.split(|byte| *byte == b';') {
        let Some(equals) = memchr::memchr(b'=', pair) else { continue };
        let (name, value) = (pair.get(..equals).unwrap_or_default(), pair.get(equals + 1..).unwrap_or_default());
        let value = value.trim_ascii();
        let mixed = value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic);
        if names::is_secret_parameter(name) || (value.len() >= known::ANYWHERE && mixed) {
            known.learn(value);
        }
    }
}

/// Writes a body, or its first `cap` bytes and what a secret may reach beyond. Says how much of what was written comes
/// from the first `cap` bytes.
pub(super) fn body(out: &mut Vec<u8>, body: &[u8], cap: usize, side: Side, known: &mut Known) -> usize {
    // What a client sent is read to its end, for what lies behind the cut may come back before it. It is read whatever
    // it looks like: it may be broken.
    let seen = match side {
        Side::Request => body,
        Side::Answer => body.get(..cap.saturating_add(OVERHANG)).unwrap_or(body),
    };
    let kept = body.len().min(cap.saturating_add(OVERHANG));
    let escaped = fold::has_escapes(seen);
    known.see(escaped);
    // Where the second byte is 0, the text is in UTF-16 or UTF-32.
    let is_json = matches!(seen.first(), Some(b'{' | b'[')) && seen.get(1) != Some(&0);
    let list = if !seen.is_empty() && (!is_json || glance::may_hold(seen, side, escaped)) {
        let mut edits = Edits::new(kept, known);
        syntax::hide_in_body(seen, side, &mut edits);
        edits.settle();
        edits.list
    } else {
        Vec::new()
    };
    let kept = if kept > cap && known.is_empty() { cap } else { kept };
    write(out, body, &list, kept);
    moved(&list, cap.min(body.len()))
}

#[cfg(test)]
mod tests;
