//! What of a persona's JSON is worked out for each answer.

use serde::{Serialize, Serializer};

use crate::provider::kept::Gap;

/// What moves in a persona's JSON: with the address that a client used, with the clock, with the names of users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moving {
    /// The page on which Axero's own interface edits the persona.
    EditUrl,
    /// How long ago it was made, in words.
    CreatedAge,
    UpdatedAge,
    /// The name that the site shows for the user.
    CreatedBy,
    UpdatedBy,
}

impl Moving {
    const ALL: [Self; 5] = [Self::EditUrl, Self::CreatedAge, Self::UpdatedAge, Self::CreatedBy, Self::UpdatedBy];

    /// What belongs in a gap.
    pub(super) fn of(gap: Gap) -> Option<Self> {
        Self::ALL.get(usize::from(gap.0)).copied()
    }
}

impl Serialize for Moving {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Gap(*self as u8).serialize(serializer)
    }
}
