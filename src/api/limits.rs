//! How many requests a caller of each provider may make.

use std::fmt;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Provenance;

/// The limits of a sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Limits {
    /// By provider id; `null` where there is no limit.
    pub limits: IndexMap<String, Option<Limit>>,
}

/// One provider's limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Limit {
    /// So many requests in each period.
    #[schemars(example = &"100/1m")]
    pub limit: String,
    /// `documented` where this is the vendor's own number, else `inferred`.
    pub provenance: Provenance,
    /// How many callers are counted.
    pub callers: usize,
}

impl fmt::Display for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let line = |(provider, limit): (&String, &Option<Limit>)| match limit {
            Some(Limit { limit, provenance, callers }) => {
                format!("{provider}  {limit} ({provenance}), {callers} caller(s) counted")
            }
            None => format!("{provider}  off"),
        };
        super::lines(f, self.limits.iter().map(line))
    }
}

/// Limits to change; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({"limits": {"{provider}": "100/1m"}}))]
pub struct LimitsChange {
    /// By provider id: `100/1m`, `on` for the vendor's number (60/1m where it names none), or `off`.
    pub limits: IndexMap<String, String>,
}
