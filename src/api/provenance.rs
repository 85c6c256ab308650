//! How a fact about a vendor is known.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How a fact about a vendor is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Provenance {
    /// The vendor's word.
    Documented,
    /// Seen in the vendor's own client.
    Observed,
    /// This project's choice, with a reason.
    Inferred,
    /// A route that the vendor does not document, for test set-up.
    Extension,
}

impl Provenance {
    /// What a node of a document says of itself.
    pub(crate) fn stated(node: &Value) -> Option<Self> {
        Self::deserialize(node.get("x-provenance")?).ok()
    }
}

impl fmt::Display for Provenance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Documented => "documented",
            Self::Observed => "observed",
            Self::Inferred => "inferred",
            Self::Extension => "extension",
        })
    }
}
