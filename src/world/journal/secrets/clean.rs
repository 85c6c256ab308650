//! What is known of an answer's body before it is copied: a record's JSON is looked at once, and not in every answer.

use super::edit::{Edits, OVERHANG};
use super::known::{Known, Side};
use super::{fold, glance, syntax};

/// That a body holds nothing that an answer's copy hides, whatever the request says. What a request holds and its answer
/// repeats is sought in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Clean {
    escaped: bool,
    /// How long the longest of its values is that were looked at as a whole.
    longest: usize,
}

impl Clean {
    /// What holds of texts that were looked at when they were written: names and signs of JSON, numbers, words.
    pub(crate) const FIXED: Self = Self { escaped: false, longest: 0 };

    /// Looks at a whole value of JSON, as it stands in a body.
    pub(crate) fn of(json: &[u8]) -> Option<Self> {
        let escaped = fold::has_escapes(json);
        if glance::may_hold(json, Side::Answer, escaped) {
            let mut known = Known::default();
            known.close();
            let mut edits = Edits::new(usize::MAX, &mut known);
            syntax::hide_in_body(json, Side::Answer, &mut edits);
            if json.first() != Some(&b'{') || !edits.list.is_empty() {
                return None;
            }
        }
        Some(Self { escaped, longest: json.len() })
    }

    /// What holds of a body that has both in it.
    pub(crate) fn and(self, other: Self) -> Self {
        Self { escaped: self.escaped || other.escaped, longest: self.longest.max(other.longest) }
    }

    /// Whether a part of the body holds escapes.
    pub(super) fn has_escapes(self) -> bool {
        self.escaped
    }

    /// Whether it also holds of as much of a body as is looked at. A value that is cut may look like a secret, which does
    /// not matter behind what is kept.
    pub(super) fn holds_of(self, body: usize, seen: usize) -> bool {
        seen == body || self.longest < OVERHANG
    }
}
