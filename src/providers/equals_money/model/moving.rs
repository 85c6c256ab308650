//! What of a person's JSON is worked out for each answer.

use serde::{Serialize, Serializer};

use crate::provider::kept::Gap;

/// What moves in a person's JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moving {
    /// The id of the role on the account that is looked at.
    RoleId,
    /// The persona there.
    Persona,
    /// The status of the persona, which hangs on the clock.
    Status,
}

impl Moving {
    /// The gap that it belongs in.
    pub(super) fn gap(self) -> Gap {
        Gap(self as u8)
    }
}

impl Serialize for Moving {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.gap().serialize(serializer)
    }
}
