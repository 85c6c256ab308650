//! What a string of JSON or a value of a form holds itself: JSON again, a URL with its query, the head of a request.

use std::borrow::Cow;

use super::edit::{Edits, write};
use super::known::Known;
use super::tokens::inner;
use super::{json, loose, pairs, values};

/// How deep texts within texts are taken apart. What lies deeper is hidden where it may hold a secret.
const LEVELS: usize = 4;

/// What the strings of a text may hold that is worth a look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks {
    /// An assignment or an escape.
    signs: bool,
    /// A credential that is told by its form.
    credentials: bool,
}

impl Marks {
    /// Whether one string may; `false` is sure.
    pub(super) fn may_be_in(self, string: &[u8]) -> bool {
        (self.signs && memchr::memchr2(b'=', b'\\', string).is_some()) || (self.credentials && values::may_hold(string))
    }
}

/// The marks that a text holds at all.
pub(super) fn marks(text: &[u8]) -> Marks {
    Marks { signs: memchr::memchr2(b'=', b'\\', text).is_some(), credentials: values::may_hold(text) }
}

/// Takes the secrets out of what a string holds; `string` is the string with its quotation marks, at `start`.
pub(super) fn hide_in_string(string: &[u8], start: usize, level: usize, edits: &mut Edits<'_>) {
    let raw = inner(string);
    if !raw.contains(&b'\\') {
        return edits.part(start + 1, |edits| {
            hide(raw, level, edits);
        });
    }
    let Ok(text) = serde_json::from_slice::<Cow<'_, str>>(string) else {
        // Cut, or quoted otherwise: where something tells, it cannot be told apart.
        if !raw.is_empty() && tells(raw, edits) {
            edits.hide_json(start, start + string.len());
        }
        return;
    };
    if let Some(without) = without(text.as_bytes(), level, edits.known) {
        let text = serde_json::to_vec(&String::from_utf8_lossy(&without)).unwrap_or_default();
        edits.put(start, start + string.len(), text);
    }
}

/// A text without the secrets in it, where there are any.
pub(super) fn without(text: &[u8], level: usize, known: &mut Known) -> Option<Vec<u8>> {
    let mut edits = Edits::new(usize::MAX, known);
    hide(text, level, &mut edits);
    edits.settle();
    let mut out = Vec::new();
    write(&mut out, text, &edits.list, text.len());
    (out != text).then_some(out)
}

fn hide(text: &[u8], level: usize, edits: &mut Edits<'_>) {
    if !matches!(text.trim_ascii_start().first(), Some(b'{' | b'[' | b'"')) {
        return hide_in_prose(text, edits);
    }
    if level >= LEVELS {
        if tells(text, edits) {
            edits.hide(0, text.len());
        }
    } else if !json::hide(text, level + 1, edits) {
        loose::hide(text, edits);
    }
}

/// Takes the secrets out of a text that may hold a URL, a form, or lines such as `Name: value`.
pub(super) fn hide_in_prose(text: &[u8], edits: &mut Edits<'_>) {
    pairs::hide(text, edits);
    if memchr::memchr(b'\n', text).is_some() {
        loose::hide_lines(text, edits);
    }
    if values::may_hold(text) {
        values::hide(text, edits);
    }
}

/// Whether anything in a text tells of a secret. What it holds is learnt.
fn tells(text: &[u8], edits: &mut Edits<'_>) -> bool {
    let plain = super::fold::folded(text);
    let mut found = Edits::new(usize::MAX, edits.known);
    loose::hide(&plain, &mut found);
    values::hide(&plain, &mut found);
    !found.list.is_empty()
}
