//! `/_mock/coverage`.

mod tally;
mod text;

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Provenance;
pub(crate) use tally::Tally;

/// What was exercised of what the documents promise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Coverage {
    /// Whose calls are counted; absent where it is the whole run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sandbox: Option<String>,
    /// How much is looked at.
    pub level: CoverageLevel,
    /// Each provider's document, once for each set of settings that it was counted under.
    pub documents: Vec<DocumentCoverage>,
    /// Exchanges that were counted by operation and status alone, since too many came at once.
    pub not_looked_at: u64,
    /// What was called and is no operation: method, path and how often; the commonest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub near_misses: Vec<CoverageNote>,
    /// What was sent and the vendor ignores: operation, place and how often; the commonest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<CoverageNote>,
    /// Fault rules that never struck.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unstruck: Vec<CoverageNote>,
}

impl Coverage {
    /// Whether any request meant an operation.
    #[must_use]
    pub fn is_exercised(&self) -> bool {
        let operations = self.documents.iter().flat_map(|document| &document.operations);
        let mut cells = operations.flat_map(|operation| &operation.cells);
        cells.any(|cell| cell.exercised > 0 || cell.refused > 0 || cell.injected > 0)
    }
}

/// How much of an exchange is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CoverageLevel {
    /// Operation and status.
    Operations,
    /// Parameters, fields and values too.
    Fields,
}

/// What was exercised of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct DocumentCoverage {
    /// The provider.
    pub provider: String,
    /// The document's SHA-256, in hexadecimal: shards of one document can be merged.
    pub sha256: String,
    /// The settings that it is the document of.
    pub settings: BTreeMap<String, String>,
    /// Its operations, in the document's order.
    pub operations: Vec<OperationCoverage>,
}

/// What was exercised of one operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct OperationCoverage {
    /// Its name, such as `vijil.create_persona`.
    pub operation: String,
    /// Its method.
    pub method: String,
    /// Its path, as the document has it.
    pub path: String,
    /// The operation itself, then its statuses, parameters, fields and values.
    pub cells: Vec<CoverageCell>,
}

/// One thing that a suite may exercise, and how often it did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CoverageCell {
    /// What it is one of.
    pub axis: CoverageAxis,
    /// Which: `422`, `query.limit`, `$.tags[].name`, `$.name null`, `$.name refused`, `201 $.id`, `$.status=active`; the
    /// operation's name for itself. No two cells of an operation have one name.
    pub name: String,
    /// How the mock knows of it.
    pub provenance: Provenance,
    /// Times that it was exercised and the vendor's own rules answered well.
    pub exercised: u64,
    /// Times that a rule of the vendor refused the request that it was part of; of a refusal, times that a rule named it.
    pub refused: u64,
    /// Times that a fault, a limit or `Prefer: code` made the answer.
    pub injected: u64,
}

impl CoverageCell {
    /// Whether it was covered. What a request says is looked at by the vendor's rules or by nobody; what an answer says
    /// reaches the client whoever made it.
    #[must_use]
    pub fn is_covered(&self) -> bool {
        use CoverageAxis::{AnswerFields, Statuses, Transport};
        let reaches = matches!(self.axis, Statuses | Transport | AnswerFields) && self.injected > 0;
        reaches || self.exercised > 0 || self.refused > 0
    }
}

/// What a cell is one of. Cells of two axes are never added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CoverageAxis {
    /// Operations.
    Operations,
    /// Statuses that the vendor answers with.
    Statuses,
    /// Statuses of the transport: 408, 413, 429, 500, 503.
    Transport,
    /// Parameters in path, query, header and cookie, sent with a value.
    Parameters,
    /// Parameters sent without a value: `?limit=`, an empty header field. A path has no such thing.
    ParameterNulls,
    /// Parameters that a rule of the vendor named when it refused.
    ParameterRefusals,
    /// Fields of a request's body, sent with a value.
    RequestFields,
    /// Fields of a request's body, sent as null; in a form, sent without a value.
    RequestNulls,
    /// Fields of a request's body that a rule of the vendor named when it refused, because of their value or because they
    /// were missing.
    RequestRefusals,
    /// Fields of answers.
    AnswerFields,
    /// Values of an enumeration, sent.
    EnumValues,
}

impl CoverageAxis {
    /// Every axis, in the order of a report.
    pub(crate) const ALL: [Self; 11] = [
        Self::Operations,
        Self::Statuses,
        Self::Transport,
        Self::Parameters,
        Self::ParameterNulls,
        Self::ParameterRefusals,
        Self::RequestFields,
        Self::RequestNulls,
        Self::RequestRefusals,
        Self::AnswerFields,
        Self::EnumValues,
    ];

    /// Whether its cells are counted at the level of fields alone.
    pub(crate) const fn is_of_fields(self) -> bool {
        !matches!(self, Self::Operations | Self::Statuses | Self::Transport)
    }

    /// Its name, as JSON and the command line say it.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Operations => "operations",
            Self::Statuses => "statuses",
            Self::Transport => "transport",
            Self::Parameters => "parameters",
            Self::ParameterNulls => "parameter_nulls",
            Self::ParameterRefusals => "parameter_refusals",
            Self::RequestFields => "request_fields",
            Self::RequestNulls => "request_nulls",
            Self::RequestRefusals => "request_refusals",
            Self::AnswerFields => "answer_fields",
            Self::EnumValues => "enum_values",
        }
    }
}

impl fmt::Display for CoverageAxis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What is listed beside the cells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CoverageNote {
    /// What it is.
    pub what: String,
    /// How often.
    pub times: u64,
}
