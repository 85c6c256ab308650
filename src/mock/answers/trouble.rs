//! What limits a sandbox's clients.

use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// The rate limits of a sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// By provider id; none where there is no limit.
    pub limits: IndexMap<String, Option<Limit>>,
}

/// One provider's limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// So many requests in each period, as `100/1m`.
    pub limit: String,
    /// `documented` where this is the vendor's own number, else `inferred`.
    pub provenance: String,
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
        super::lines(f, &self.limits.iter().map(line).collect::<Vec<_>>())
    }
}
