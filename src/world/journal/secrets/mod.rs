//! What the journal must not keep: credentials in header fields, queries, paths and bodies, and what an answer repeats
//! of them.
//!
//! A text is looked at quickly first: where nothing tells of a secret, it is copied as it is and nothing is parsed.

mod clean;
mod edit;
mod ending;
mod fields;
mod fold;
mod glance;
mod heads;
mod json;
mod known;
mod listed;
mod loose;
mod multipart;
mod names;
mod nested;
mod pairs;
mod plain;
mod remembered;
mod repeats;
mod sent;
mod syntax;
mod tokens;
mod user_info;
mod values;

use std::borrow::Cow;

pub(crate) use clean::Clean;
pub(crate) use edit::REDACTED;
use edit::{Edits, OVERHANG, moved, write};
pub(super) use fields::fields;
pub(super) use heads::request_fields;
pub(super) use known::{Known, Side};
pub(crate) use listed::Listed;
pub(super) use listed::learn_listed;
pub(super) use repeats::{Kind, Part, hide_repeats};
pub(crate) use sent::{Secrets, is_secret_name};

/// Writes a path and query.
pub(super) fn target(out: &mut Vec<u8>, target: &str, known: &mut Known) {
    if plain::is_plain(target.as_bytes()) {
        return out.extend_from_slice(target.as_bytes());
    }
    read_target(out, target, known);
}

fn read_target(out: &mut Vec<u8>, target: &str, known: &mut Known) {
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
pub(crate) fn shown_path(path: &str) -> Cow<'_, str> {
    if plain::is_plain(path.as_bytes()) || !path_may_hold(path.as_bytes()) {
        return Cow::Borrowed(path);
    }
    let mut out = Vec::new();
    target(&mut out, path, &mut Known::default());
    String::from_utf8_lossy(&out).into_owned().into()
}

fn path_may_hold(path: &[u8]) -> bool {
    memchr::memchr3(b'%', b'=', b'@', path).is_some() || (path.len() >= values::SHORTEST_JWT && values::may_hold(path))
}

/// No method is longer that clients have, and no credential is shorter.
const METHOD: usize = 8;

/// A method as a log may show it: one that nobody knows may be a credential.
pub(crate) fn shown_method(method: &str) -> &str {
    known_method(method, None)
}

/// The same, where the server may list it.
pub(super) fn known_method<'m>(method: &'m str, listed: Option<Listed<'_>>) -> &'m str {
    let is_secret = || values::is_like_a_token(method) || listed.is_some_and(|listed| listed.lists(method));
    if method.len() >= METHOD && is_secret() { REDACTED } else { method }
}

/// A segment of a path may be a credential itself.
fn hide_in_path(path: &[u8], edits: &mut Edits<'_>) {
    // A URL in a path reaches over its segments.
    values::hide_user_info(path, edits);
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

/// Writes a body, or its first `cap` bytes and what a secret may reach beyond. Says how much of what was written comes
/// from the first `cap` bytes. One that is known to be `clean` is not looked at again.
pub(super) fn body(
    out: &mut Vec<u8>,
    body: &[u8],
    clean: Option<Clean>,
    cap: usize,
    side: Side,
    known: &mut Known,
) -> usize {
    // What a client sent is read to its end, for what lies behind the cut may come back before it. It is read whatever
    // it looks like: it may be broken.
    let seen = match side {
        Side::Request => body,
        Side::Answer => body.get(..cap.saturating_add(OVERHANG)).unwrap_or(body),
    };
    let kept = body.len().min(cap.saturating_add(OVERHANG));
    let clean = clean.filter(|clean| clean.holds_of(body.len(), seen.len()));
    // Where the second byte is 0, the text is in UTF-16 or UTF-32.
    let is_json = matches!(seen.first(), Some(b'{' | b'[')) && seen.get(1) != Some(&0);
    let list = if let Some(clean) = clean {
        known.see(clean.has_escapes());
        Vec::new()
    } else if seen.is_empty() || (is_json && holds_nothing(seen, side, known)) {
        Vec::new()
    } else {
        known.see(fold::has_escapes(seen));
        let mut edits = Edits::new(kept, known);
        syntax::hide_in_body(seen, side, &mut edits);
        edits.settle();
        edits.list
    };
    let kept = if kept > cap && known.is_empty() { cap } else { kept };
    write(out, body, &list, kept);
    moved(&list, cap.min(body.len()))
}

/// Whether a text that starts as JSON holds no secret; `true` is sure. Takes note of its escapes.
fn holds_nothing(seen: &[u8], side: Side, known: &mut Known) -> bool {
    if remembered::is_known(seen, side) {
        return true;
    }
    let escaped = fold::has_escapes(seen);
    known.see(escaped);
    let holds_nothing = !glance::may_hold(seen, side, escaped);
    if holds_nothing && !escaped {
        remembered::remember(seen, side);
    }
    holds_nothing
}

#[cfg(test)]
mod tests;
