//! What a request hid and either side says again: hidden in the copy as well.

use memchr::memmem;

use super::edit::{Edits, moved, write};
use super::fields::{is_ordinary, is_own_sentence};
use super::fold::{fold, folded, has_escapes};
use super::known::{Known, Reach, Secret, Side, is_apart};
use super::loose;
use super::tokens::{self, Token};

/// As much of a secret must be there to be hidden. What follows is hidden as far as it is the same: it may be cut.
const ENOUGH: usize = 256;

/// A part of a written exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::world::journal) enum Kind {
    /// Method, or path and query.
    Target,
    /// Header fields.
    Fields,
    Body,
}

/// A part of an exchange as it was written.
#[derive(Debug, Clone, Copy)]
pub(in crate::world::journal) struct Part {
    pub(in crate::world::journal) kind: Kind,
    pub(in crate::world::journal) side: Side,
    /// Where it ends.
    pub(in crate::world::journal) end: usize,
    /// Where what is kept of it ends: a secret may reach over a cut.
    pub(in crate::world::journal) kept: usize,
}

/// Hides what comes back in the parts, and cuts them.
pub(in crate::world::journal) fn hide_repeats(bytes: &mut Vec<u8>, parts: &mut [Part], known: &Known) {
    let too_many = known.is_overfull();
    let found = too_many || known.may_be_in_exchange(bytes);
    if !found {
        return cut(bytes, parts);
    }
    let written = std::mem::take(bytes);
    let mut from = 0;
    for part in parts {
        let text = written.get(from..part.end).unwrap_or_default();
        let mut none = Known::default();
        let mut edits = Edits::new(usize::MAX, &mut none);
        hide_in_part(*part, text, known, too_many && part.side == Side::Answer, &mut edits);
        edits.settle();
        let place = bytes.len();
        write(bytes, text, &edits.list, text.len());
        let kept = place + moved(&edits.list, part.kept - from);
        bytes.truncate(kept);
        from = part.end;
        (part.end, part.kept) = (kept, kept);
    }
}

/// Cuts the parts. What stands behind one that is cut moves; most often nothing does.
fn cut(bytes: &mut Vec<u8>, parts: &mut [Part]) {
    let (mut from, mut place) = (0, 0);
    for part in parts {
        let length = part.kept - from;
        if place != from {
            bytes.copy_within(from..part.kept, place);
        }
        place += length;
        from = part.end;
        (part.end, part.kept) = (place, place);
    }
    bytes.truncate(place);
}

fn hide_in_part(part: Part, text: &[u8], known: &Known, all: bool, edits: &mut Edits<'_>) {
    match part.kind {
        Kind::Target => hide_in_text(known, text, part.side, edits),
        Kind::Fields => hide_in_fields(text, part.side, known, all, edits),
        Kind::Body if all => edits.hide(0, text.len()),
        Kind::Body if loose::is_json(text) => hide_in_json(known, text, part.side, edits),
        Kind::Body => hide_in_text(known, text, part.side, edits),
    }
}

fn hide_in_fields(lines: &[u8], side: Side, known: &Known, all: bool, edits: &mut Edits<'_>) {
    let mut at = 0;
    for line in lines.split(|byte| *byte == b'\n') {
        let colon = memchr::memchr(b':', line).unwrap_or(line.len());
        let (name, value) = line.split_at(colon);
        let start = at + colon + 1;
        at += line.len() + 1;
        let Some(value) = value.get(1..) else { continue };
        let own = is_own_sentence(side, name);
        let ordinary = own || std::str::from_utf8(name).is_ok_and(is_ordinary);
        if all && !ordinary {
            edits.hide(start, start + value.len());
        } else if !ordinary || (side == Side::Request && !own) {
            edits.part(start, |edits| hide_in_text(known, value, side, edits));
        }
    }
}

/// Hides the secrets in a text of no special form, which is a whole value itself.
fn hide_in_text(known: &Known, text: &[u8], side: Side, edits: &mut Edits<'_>) {
    hide_sought(known, text, |secret| secret.reach >= side.least(), edits);
}

/// Hides the secrets in a text that may be JSON.
fn hide_in_json(known: &Known, text: &[u8], side: Side, edits: &mut Edits<'_>) {
    for (token, start, end) in tokens::tokens(text) {
        let whole = text.get(start..end).unwrap_or_default();
        if token == Token::Name && side == Side::Answer && known.is_name(&folded(tokens::inner(whole))) {
            edits.hide_json(start, end);
            continue;
        }
        if !known.may_be_in(whole, side, has_escapes(whole)) {
            continue;
        }
        let reaches = |secret: &Secret| secret.reach >= side.least();
        match token {
            Token::Text => edits.part(start + 1, |edits| hide_sought(known, tokens::inner(whole), reaches, edits)),
            // A member's name is rarely what was sent as a value.
            Token::Name => edits.part(start + 1, |edits| {
                hide_sought(known, tokens::inner(whole), |secret| secret.reach == Reach::Sure, edits);
            }),
            Token::Comment => edits.part(start, |edits| hide_sought(known, whole, reaches, edits)),
            Token::Word => {
                let before = edits.list.len();
                // A `1` that was sent as a text says nothing of every 1 that is counted.
                let meant = |secret: &Secret| secret.is_number || secret.reach > Reach::Whole;
                hide_sought(known, whole, |secret| reaches(secret) && meant(secret), edits);
                if edits.list.len() > before {
                    edits.list.truncate(before);
                    edits.hide_json(start, end);
                }
            }
        }
    }
}

/// Hides those of the secrets that are sought.
fn hide_sought(known: &Known, text: &[u8], is_sought: impl Fn(&Secret) -> bool, edits: &mut Edits<'_>) {
    let view = fold(text);
    let view_text: &[u8] = &view.text;
    for secret in known.secrets.iter().filter(|secret| is_sought(secret)) {
        let reach = secret.reach;
        let mut at = 0;
        while let Some(found) = view_text.get(at..).and_then(|rest| memmem::find(rest, secret.start())) {
            let start = at + found;
            if reach < Reach::Anywhere && !begins(view_text, start) {
                // No word begins before this one ends.
                at = start + word_length(view_text, start).max(1);
                continue;
            }
            let same = view_text.get(start..).unwrap_or_default().iter().zip(&secret.text);
            let length = same.take_while(|(one, other)| one == other).count();
            let end = start + length;
            let stands = length >= secret.text.len().min(ENOUGH)
                && match reach {
                    Reach::Anywhere | Reach::Sure => true,
                    Reach::Word => is_apart(view_text.get(end)),
                    Reach::Whole => is_whole(view_text, start, end),
                };
            if stands {
                edits.hide(view.origin(start), view.origin(end));
            }
            at = if stands { end } else { start + 1 };
        }
    }
}

/// Whether no letter and no digit stands before a place.
fn begins(text: &[u8], start: usize) -> bool {
    start == 0 || is_apart(text.get(start - 1))
}

fn word_length(text: &[u8], start: usize) -> usize {
    text.get(start..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_alphanumeric()).count()
}

/// Whether a part of a text is all of it, or stands in quotation marks, or is a value of a query.
fn is_whole(text: &[u8], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).and_then(|before| text.get(before)).copied();
    match (before, text.get(end).copied()) {
        (None, None) => true,
        (Some(before), Some(behind)) if before == behind => matches!(before, b'"' | b'\'' | b'`'),
        (Some(b'='), behind) => matches!(behind, None | Some(b'&' | b';' | b'#')),
        _ => false,
    }
}
