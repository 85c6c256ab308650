//! Why a call did not pass, or was not read whole.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// No operation has this path.
    NoRoute,
    /// The path exists, the method does not.
    WrongMethod,
    /// The request breaks rules of the provider's document.
    Invalid,
    /// The vendor refused a request that keeps to its document.
    Refused,
    /// A fault struck.
    Fault,
    /// The vendor ignores what it takes elsewhere; the answer's `X-Mock-Hint` says the same.
    Ignored,
}

impl Reason {
    /// All of them.
    pub(crate) const ALL: [Self; 6] =
        [Self::NoRoute, Self::WrongMethod, Self::Invalid, Self::Refused, Self::Fault, Self::Ignored];

    /// As it is written.
    #[must_use]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::NoRoute => "no_route",
            Self::WrongMethod => "wrong_method",
            Self::Invalid => "invalid",
            Self::Refused => "refused",
            Self::Fault => "fault",
            Self::Ignored => "ignored",
        }
    }

    /// That of a hint, which is kept as JSON.
    #[must_use]
    pub(crate) fn of_hint(json: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Kept {
            reason: Reason,
        }
        serde_json::from_str::<Kept>(json).ok().map(|kept| kept.reason)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
