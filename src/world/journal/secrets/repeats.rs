//! What a request hid and either side says again: hidden in the copy as well.

use super::edit::{Edits, moved, write};
use super::known::{Known, Side};
use super::{is_ordinary, loose};

/// A part of a written exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::world::journal) enum Kind {
    /// Path and query.
    Target,
    /// Header fields.
    Fields,
    /// A body.
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

/// Hides what comes back in the parts behind `start`, and cuts them.
pub(in crate::world::journal) fn hide_repeats(bytes: &mut Vec<u8>, start: usize, parts: &mut [Part], known: &Known) {
    let too_many = known.is_overfull();
    let found = too_many || known.may_be_in_exchange(bytes.get(start..).unwrap_or_default());
    if !found && parts.iter().all(|part| part.kept == part.end) {
        return;
    }
    let written = bytes.split_off(start);
    let mut from = start;
    for part in parts {
        let text = written.get(from - start..part.end - start).unwrap_or_default();
        let mut none = Known::default();
        let mut edits = Edits::new(usize::MAX, &mut none);
        if found {
            hide_in(*part, text, known, too_many && part.side == Side::Answer, &mut edits);
            edits.settle();
        }
        let place = bytes.len();
        write(bytes, text, &edits.list, text.len());
        let kept = place + moved(&edits.list, part.kept - from);
        bytes.truncate(kept);
        from = part.end;
        (part.end, part.kept) = (kept, kept);
    }
}

fn hide_in(part: Part, text: &[u8], known: &Known, all: bool, edits: &mut Edits<'_>) {
    match part.kind {
        Kind::Target => known.hide_in_text(text, part.side, edits),
        Kind::Fields => hide_in_fields(text, part.side, known, all, edits),
        Kind::Body if all => edits.hide(0, text.len()),
        Kind::Body if loose::is_json(text) => known.hide_in_json(text, part.side, edits),
        Kind::Body => known.hide_in_text(text, part.side, edits),
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
        let ordinary = std::str::from_utf8(name).is_ok_and(is_ordinary);
        if all && !ordinary {
            edits.hide(start, start + value.len());
        } else if !ordinary {
            edits.part(start, |edits| known.hide_in_text(value, side, edits));
        }
    }
}
