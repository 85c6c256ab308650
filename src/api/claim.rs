//! What `/_mock/verify` may claim of a sandbox beside its calls.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::VerifyRequest;

impl VerifyRequest {
    /// What is claimed beside the calls, in the order of the keys.
    #[must_use]
    pub fn claims(&self) -> Vec<Claim> {
        let all = [
            (self.nothing_ignored, Claim::NothingIgnored),
            (self.nothing_refused_as_invalid, Claim::NothingRefusedAsInvalid),
            (self.no_near_miss, Claim::NoNearMiss),
            (self.every_fault_struck, Claim::EveryFaultStruck),
        ];
        all.into_iter().filter_map(|(is_claimed, claim)| is_claimed.then_some(claim)).collect()
    }

    /// The same, with one claim more.
    #[must_use]
    pub fn claim(mut self, claim: Claim) -> Self {
        match claim {
            Claim::NothingIgnored => self.nothing_ignored = true,
            Claim::NothingRefusedAsInvalid => self.nothing_refused_as_invalid = true,
            Claim::NoNearMiss => self.no_near_miss = true,
            Claim::EveryFaultStruck => self.every_fault_struck = true,
        }
        self
    }
}

/// What may be claimed of a sandbox beside its calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Claim {
    /// No client sent what the vendor ignores.
    NothingIgnored,
    /// No request was refused that breaks the rules of its provider's document.
    NothingRefusedAsInvalid,
    /// Every request hit an operation.
    NoNearMiss,
    /// Each fault that was armed has struck.
    EveryFaultStruck,
}

impl Claim {
    /// Its key in a request.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NothingIgnored => "nothing_ignored",
            Self::NothingRefusedAsInvalid => "nothing_refused_as_invalid",
            Self::NoNearMiss => "no_near_miss",
            Self::EveryFaultStruck => "every_fault_struck",
        }
    }
}

/// As a person reads it: `nothing ignored`.
impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name().replace('_', " "))
    }
}
