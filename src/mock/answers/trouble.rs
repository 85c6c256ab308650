//! What is armed against a sandbox's clients: faults and limits.

use std::fmt;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A fault that is armed, and what it did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FaultState {
    /// Its name.
    pub id: String,
    /// Which requests it may strike.
    #[serde(default, rename = "match")]
    pub matches: IndexMap<String, Value>,
    /// What happens to them.
    pub action: Value,
    /// Which of them it strikes; each, where absent.
    pub when: Option<IndexMap<String, Value>>,
    /// How many seconds it stays armed, rounded up.
    pub expires_in_s: u64,
    /// How many requests fitted its match.
    pub fitted: u64,
    /// How many of them it struck.
    pub struck: u64,
}

impl fmt::Display for FaultState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.id, plain(&self.action))?;
        self.matches.iter().try_for_each(|(field, value)| write!(f, "  {field} {}", plain(value)))?;
        let when = self.when.iter().flatten();
        when.into_iter().try_for_each(|(when, value)| write!(f, "  {when} {}", plain(value)))?;
        write!(f, "  struck {} of {}, {}s left", self.struck, self.fitted, self.expires_in_s)
    }
}

/// `{"refuse":{"status":429}}` as `refuse status=429`.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(members) => {
            let member = |(name, value): (&String, &Value)| match value {
                Value::Object(_) => format!("{name} {}", plain(value)),
                value => format!("{name}={}", plain(value)),
            };
            members.iter().map(member).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// The faults of a sandbox.
#[derive(Debug, Deserialize)]
pub(crate) struct FaultList {
    pub(crate) faults: Vec<FaultState>,
}

impl fmt::Display for FaultList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.faults.is_empty() {
            return f.write_str("no faults");
        }
        super::lines(f, &self.faults)
    }
}

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
