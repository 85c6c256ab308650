//! What was probably meant by a request that did not pass, or was not read whole.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use crate::world::call::Reason;

/// What was probably meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Hint {
    /// What went wrong.
    pub reason: Reason,
    /// Which side is probably wrong.
    pub likely_wrong: Side,
    /// The same in a sentence.
    pub message: String,
    /// The operation that is nearest to the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<NearestOperation>,
    /// What differs, field by field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<HintField>,
}

impl Hint {
    /// One that the journal keeps as JSON.
    pub(crate) fn kept(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

/// Which side of the wire is probably wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Side {
    /// The code under test.
    Client,
    /// What the test expects.
    Expectation,
    /// The mock: a rule of its sandbox asks it to fail, or it crashed.
    Mock,
    /// Nobody: the request itself asked for the fault.
    Nobody,
    /// It cannot be told.
    Unknown,
}

/// An operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct NearestOperation {
    /// Its name.
    pub operation: Cow<'static, str>,
    /// Its method.
    pub method: Cow<'static, str>,
    /// Its path.
    pub path: Cow<'static, str>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct HintField {
    /// Which.
    #[schemars(example = &"path segment 2")]
    pub field: String,
    /// What would be right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (likely wrong: {})", self.message, self.likely_wrong)?;
        // Of what is merely ignored the sentence, and the line before it, have said all.
        for HintField { field, expected, found } in self.fields.iter().filter(|field| field.expected.is_some()) {
            write!(f, "\n      {field}")?;
            expected.iter().try_for_each(|expected| write!(f, ": expected {expected}"))?;
            found.iter().try_for_each(|found| write!(f, ", found {found}"))?;
        }
        Ok(())
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}
