//! What became of a call.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of a call, whatever status its vendor says it with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Outcome {
    /// It was done, or leads elsewhere.
    Answered,
    /// It was refused: by a status of 400 to 499, or by an answer that says so under another status.
    Refused,
    /// It failed on this side: a status of 500 or more, an answer that was cut, or one that its client did not wait for.
    Failed,
}

impl Outcome {
    /// All of them.
    const ALL: [Self; 3] = [Self::Answered, Self::Refused, Self::Failed];

    /// What an answer of a status comes to. Some vendors refuse with a status that says nothing of it.
    #[must_use]
    pub(crate) fn of(status: u16, refuses: bool) -> Self {
        match status {
            500.. => Self::Failed,
            400.. => Self::Refused,
            _ if refuses => Self::Refused,
            _ => Self::Answered,
        }
    }

    /// What a text says, if it says one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.name().eq_ignore_ascii_case(text))
    }

    fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
