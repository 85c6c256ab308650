//! What is changed in a text before it is kept.

use std::borrow::Cow;

use super::known::Known;

/// What stands in the place of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// How far behind the cut of a body a secret is followed that starts before it.
pub(super) const OVERHANG: usize = 12 * 256;

/// One change: what stands from `start` to `end` gives way to `text`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Edit {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) text: Cow<'static, [u8]>,
}

/// Collects the changes of a text, and learns the secrets that they take out.
pub(super) struct Edits<'k> {
    pub(super) list: Vec<Edit>,
    pub(super) known: &'k mut Known,
    /// What starts here or later is not kept anyway.
    cap: usize,
}

impl<'k> Edits<'k> {
    pub(super) fn new(cap: usize, known: &'k mut Known) -> Self {
        Self { list: Vec::new(), known, cap }
    }

    /// A change.
    pub(super) fn put(&mut self, start: usize, end: usize, text: impl Into<Cow<'static, [u8]>>) {
        if start < self.cap && start < end {
            self.list.push(Edit { start, end, text: text.into() });
        }
    }

    /// Takes a secret out.
    pub(super) fn hide(&mut self, start: usize, end: usize) {
        self.put(start, end, REDACTED.as_bytes());
    }

    /// Takes a value of JSON out.
    pub(super) fn hide_json(&mut self, start: usize, end: usize) {
        self.put(start, end, &b"\"[redacted]\""[..]);
    }

    /// Adds the changes of a part of the text, which starts at `offset`.
    pub(super) fn part(&mut self, offset: usize, look: impl FnOnce(&mut Edits<'_>)) {
        let mut part = Edits::new(self.cap.saturating_sub(offset), self.known);
        look(&mut part);
        self.list.extend(part.list.into_iter().map(|edit| Edit {
            start: edit.start + offset,
            end: edit.end + offset,
            ..edit
        }));
    }

    /// Brings the changes in order. Of two that overlap the outer stays; where none is, both become one.
    pub(super) fn settle(&mut self) {
        if self.list.len() < 2 {
            return;
        }
        self.list.sort_by_key(|edit| (edit.start, std::cmp::Reverse(edit.end)));
        self.list.dedup_by(|next, last| {
            if next.start >= last.end {
                return false;
            }
            if next.end > last.end {
                last.end = next.end;
                last.text = Cow::Borrowed(REDACTED.as_bytes());
            }
            true
        });
    }
}

/// Writes a text with changes that are in order, and no more of it than its first `kept` bytes.
pub(super) fn write(out: &mut Vec<u8>, text: &[u8], edits: &[Edit], kept: usize) {
    let mut at = 0;
    for edit in edits.iter().filter(|edit| edit.start < kept) {
        out.extend_from_slice(text.get(at..edit.start).unwrap_or_default());
        out.extend_from_slice(&edit.text);
        at = edit.end;
    }
    out.extend_from_slice(text.get(at..kept).unwrap_or_default());
}

/// Where a place of the text is in what was written of it.
pub(super) fn moved(edits: &[Edit], place: usize) -> usize {
    let (mut taken, mut put) = (0, 0);
    for edit in edits.iter().filter(|edit| edit.start < place) {
        put += edit.text.len();
        taken += edit.end.min(place) - edit.start;
    }
    place - taken + put
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(edits: &[(usize, usize, &'static str)], text: &str, kept: usize, place: usize, expected: (&str, usize)) {
        let mut known = Known::default();
        let mut list = Edits::new(usize::MAX, &mut known);
        for (start, end, text) in edits {
            list.put(*start, *end, text.as_bytes());
        }
        list.settle();
        let mut out = Vec::new();
        write(&mut out, text.as_bytes(), &list.list, kept);
        assert_eq!((&*String::from_utf8_lossy(&out), moved(&list.list, place)), expected, "{edits:?}");
    }

    #[test]
    fn changes_are_written_in_order_and_places_move_with_them() {
        check(&[], "abcdef", 4, 4, ("abcd", 4));
        check(&[(4, 5, "X"), (1, 3, "--==")], "abcdef", 6, 5, ("a--==dXf", 7));
        check(&[(1, 3, "-")], "abcdef", 6, 2, ("a-def", 2));
        check(&[(1, 5, "-")], "abcdef", 3, 3, ("a-", 2));
    }

    #[test]
    fn of_changes_that_overlap_nothing_is_shown() {
        check(&[(1, 5, "\"-\""), (2, 3, "x")], "abcdef", 6, 6, ("a\"-\"f", 5));
        check(&[(1, 4, "-"), (3, 6, "x")], "abcdefg", 7, 7, ("a[redacted]g", 12));
    }
}
