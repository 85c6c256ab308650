//! Which syntax a body is of. The content type is not asked: no vendor is bound to it, and it may be wrong.

use super::edit::Edits;
use super::known::Side;
use super::{json, loose, multipart, pairs, values};

/// How deep bodies within bodies are taken apart.
const LEVELS: usize = 4;

/// How the common kinds of compressed content start.
const COMPRESSED: [&[u8]; 3] = [b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"];

/// Takes the secrets of a body out.
pub(super) fn hide_in_body(body: &[u8], side: Side, edits: &mut Edits<'_>) {
    let told = side == Side::Request && edits.known.is_compressed() && std::str::from_utf8(body).is_err();
    if told || COMPRESSED.iter().any(|start| body.starts_with(start)) {
        // What it holds cannot be told, and whoever reads the journal can unpack it.
        return edits.hide(0, body.len());
    }
    if let Some(text) = wide(body) {
        let mut found = Edits::new(usize::MAX, edits.known);
        hide_in(text.as_bytes(), 0, &mut found);
        if !found.list.is_empty() {
            edits.hide(0, body.len());
        }
        return;
    }
    if side == Side::Answer && loose::is_json(body) {
        // The vendors' JSON is never broken, only cut.
        json::hide(body, 0, edits);
        return;
    }
    hide_in(body, 0, edits);
}

/// Takes the secrets out of a body, or out of a part of one.
pub(super) fn hide_in(body: &[u8], level: usize, edits: &mut Edits<'_>) {
    let text = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    if text.len() < body.len() {
        return edits.part(body.len() - text.len(), |edits| hide_in(text, level, edits));
    }
    if level >= LEVELS {
        if loose::mentions(text) {
            edits.hide(0, text.len());
        }
    } else if loose::is_json(text) {
        if !json::hide(text, level, edits) {
            loose::hide(text, edits);
        }
    } else if multipart::is_multipart(text) {
        multipart::hide(text, level, edits);
    } else if is_form(text) {
        pairs::hide_in_form(text, edits);
    } else {
        hide_in_unknown(text, level, edits);
    }
}

fn hide_in_unknown(text: &[u8], level: usize, edits: &mut Edits<'_>) {
    let quoted = matches!(text.trim_ascii_start().first(), Some(b'"' | b'\'' | b'/'));
    let before = edits.list.len();
    if quoted && json::hide(text, level, edits) {
        return;
    }
    edits.list.truncate(before);
    if loose::mentions(text) {
        // Of a syntax that is not known here nothing is kept.
        loose::learn(text, edits);
        edits.known.learn(text);
        edits.list.truncate(before);
        return edits.hide(0, text.len());
    }
    if values::may_hold(text) {
        values::hide(text, edits);
    }
}

fn is_form(text: &[u8]) -> bool {
    let text = text.trim_ascii_end();
    text.contains(&b'=') && !text.iter().any(|byte| byte.is_ascii_whitespace() || *byte == b'<')
}

/// A text in UTF-16 or UTF-32, which Python's and .NET's readers of JSON take too.
fn wide(body: &[u8]) -> Option<String> {
    let (width, big) = match body {
        [0, 0, ..] => (4, true),
        [_, 0, 0, 0, ..] | [0xff, 0xfe, 0, 0, ..] => (4, false),
        [0, _, ..] | [0xfe, 0xff, ..] => (2, true),
        [_, 0, ..] | [0xff, 0xfe, ..] => (2, false),
        _ => return None,
    };
    let units = body.chunks_exact(width).map(|unit| {
        let value = |sum: u32, byte: &u8| (sum << 8) | u32::from(*byte);
        if big { unit.iter().fold(0, value) } else { unit.iter().rev().fold(0, value) }
    });
    let text: String = if width == 4 {
        units.map(|unit| char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    } else {
        let units = units.map(|unit| u16::try_from(unit).unwrap_or_default());
        char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
    };
    Some(text.trim_start_matches('\u{feff}').to_owned())
}
