//! What is said where a bound of state is reached.

use std::fmt;

use crate::world::refusal::Refusal;

/// The most bytes of an answer whose size a client multiplies, such as that of a batch.
pub(crate) const MOST_ANSWER: usize = 128 << 20;

/// In how many seconds a client may try again where somebody must make room first, and nobody knows when.
pub(crate) const RETRY_AFTER_S: u64 = 10;

/// What is bounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Bound {
    /// What all sandboxes hold.
    Total,
    /// What one sandbox holds.
    Sandbox,
    /// What one request writes.
    Write,
    /// What one request is answered.
    Answer,
}

impl Bound {
    /// What bounds it: a flag, or for an answer nothing that could be moved.
    pub(super) fn flag(self) -> &'static str {
        match self {
            Self::Total => "--max-state",
            Self::Sandbox => "--max-sandbox-state",
            Self::Write => "--max-write",
            Self::Answer => "bytes",
        }
    }
}

/// A bound that is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Full {
    pub(super) bound: Bound,
    pub(super) most: u64,
    /// After how many seconds there may be room: 1 or more.
    pub(crate) retry_after_s: u64,
}

impl fmt::Display for Full {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.bound {
            Bound::Write => "the request writes too much",
            Bound::Answer => return write!(f, "the answer would be too large (more than {} bytes)", self.most),
            Bound::Total | Bound::Sandbox => "state is full",
        };
        write!(f, "{what} ({} {})", self.bound.flag(), self.most)
    }
}

impl Full {
    /// An answer of more bytes than one may have.
    #[must_use]
    pub(crate) fn of_answer() -> Self {
        let most = u64::try_from(MOST_ANSWER).unwrap_or(u64::MAX);
        Self { bound: Bound::Answer, most, retry_after_s: RETRY_AFTER_S }
    }

    /// How a vendor is asked to refuse it.
    #[must_use]
    pub(crate) fn refusal(&self) -> Refusal {
        match self.bound {
            Bound::Write | Bound::Answer => {
                Refusal::TooLarge { limit: usize::try_from(self.most).unwrap_or(usize::MAX) }
            }
            Bound::Total | Bound::Sandbox => Refusal::Unavailable { retry_after_s: self.retry_after_s },
        }
    }

    /// What is said of one thing that is larger than the bound.
    #[must_use]
    pub(crate) fn too_large(&self, bytes: u64) -> String {
        let (flag, most) = (self.bound.flag(), self.most);
        format!(
            "the state would take about {bytes} bytes beyond the fixtures, and {flag} allows {most}; nothing was changed"
        )
    }

    /// What makes room.
    #[must_use]
    pub(crate) fn hint(&self) -> String {
        let (flag, most) = (self.bound.flag(), self.most);
        let whose = match self.bound {
            Bound::Sandbox => "the sandbox holds",
            Bound::Total => "all sandboxes together hold",
            Bound::Write => {
                return format!(
                    "the records that the request writes take more than the {most} bytes that {flag} allows; send fewer \
                     items at a time, or start the mock with a larger {flag}"
                );
            }
            Bound::Answer => {
                return format!(
                    "what came of the items would take more than {most} bytes in one answer, so nothing was changed; send \
                     fewer items at a time"
                );
            }
        };
        format!(
            "{whose} as much as {flag} allows, {most} bytes beyond the fixtures; deletes of what no snapshot has, POST \
             /_mock/reset and DELETE /_mock/snapshots/NAME or /_mock/sandboxes/NAME make room, a larger {flag} takes more"
        )
    }
}
