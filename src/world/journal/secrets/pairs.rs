//! `name=value`: queries, forms, and URLs within other texts.

use super::edit::Edits;
use super::fold::folded;
use super::names::{is_secret_field, is_secret_parameter};
use super::{nested, values};

/// A query as a server reads it: its parameters count by any word of their names.
pub(super) fn hide_in_query(query: &[u8], edits: &mut Edits<'_>) {
    split(query, is_secret_parameter, edits);
}

/// The body of a form: its fields count by the last word of their names.
pub(super) fn hide_in_form(form: &[u8], edits: &mut Edits<'_>) {
    split(form, is_secret_field, edits);
}

fn split(text: &[u8], is_secret: fn(&[u8]) -> bool, edits: &mut Edits<'_>) {
    let mut at = 0;
    let credentials = values::may_hold(text);
    for pair in text.split(|byte| *byte == b'&') {
        let start = at;
        at += pair.len() + 1;
        let Some(equals) = memchr::memchr(b'=', pair) else {
            // No server takes a name for a value, but a client may have forgotten the name.
            if credentials || is_special(pair) {
                hide_in_value(pair, start, edits);
            }
            continue;
        };
        let (name, value) = (pair.get(..equals).unwrap_or_default(), pair.get(equals + 1..).unwrap_or_default());
        let place = start + equals + 1;
        if credentials || memchr::memchr2(b'%', b'+', name).is_some() {
            hide_in_value(name, start, edits);
        }
        if is_secret(name) {
            take_out(value, place, edits);
        } else if credentials || is_special(value) {
            hide_in_value(value, place, edits);
        }
    }
}

/// Whether a text may hold more than a word.
fn is_special(text: &[u8]) -> bool {
    text.iter().any(|byte| matches!(byte, b'%' | b'=' | b'+' | b'"' | b'\''))
}

/// What a value holds itself, escaped once more or not.
fn hide_in_value(value: &[u8], place: usize, edits: &mut Edits<'_>) {
    let plain = folded(value);
    match nested::without(&plain, 0, edits.known) {
        None => {}
        // What is escaped cannot be put together again as it was.
        Some(_) if *plain != *value => edits.hide(place, place + value.len()),
        Some(_) => edits.part(place, |edits| nested::hide_in_prose(value, edits)),
    }
}

fn take_out(value: &[u8], place: usize, edits: &mut Edits<'_>) {
    if !matches!(value, b"" | b"true" | b"false") {
        edits.known.learn(value);
        edits.hide(place, place + value.len());
    }
}

/// Assignments anywhere in a text: those of a URL's query or fragment, or of a form.
pub(super) fn hide(text: &[u8], edits: &mut Edits<'_>) {
    let url = memchr::memchr2(b'?', b'#', text).unwrap_or(text.len());
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|rest| memchr::memchr(b'=', rest)) {
        let equals = at + found;
        let before = text.get(at..equals).unwrap_or_default();
        let start = before.iter().rposition(|byte| ends(*byte)).map_or(0, |end| end + 1);
        at = equals + 1;
        let is_secret = if equals > url { is_secret_parameter } else { is_secret_field };
        if is_secret(before.get(start..).unwrap_or_default()) {
            let rest = text.get(at..).unwrap_or_default();
            let length = rest.iter().position(|byte| ends(*byte)).unwrap_or(rest.len());
            take_out(rest.get(..length).unwrap_or_default(), at, edits);
            at += length;
        }
    }
}

/// What ends a name or a value within a text.
fn ends(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || matches!(
            byte,
            b'&' | b'?' | b';' | b'#' | b',' | b'/' | b'"' | b'\'' | b'<' | b'>' | b'(' | b')' | b'{' | b'}'
        )
}
