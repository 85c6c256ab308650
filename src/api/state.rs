//! What a sandbox remembers: its data and ids, what changed, named moments, and the way back.

use std::fmt;

use indexmap::IndexMap;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value, json};

/// Fixtures by provider id.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(example = json!({"{provider}": "{fixture}"}))]
pub struct Fixtures(#[schemars(with = "IndexMap<String, Value>")] pub IndexMap<String, Box<RawValue>>);

/// One provider's fixture.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Fixture(#[schemars(with = "Map<String, Value>")] pub Box<RawValue>);

/// What to reset; everything, where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({"only": "journal"}), example = json!({"only": "{provider}"}))]
pub struct ResetRequest {
    /// Only the data and ids of this provider, or only the `journal`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"{provider}")]
    pub only: Option<String>,
}

/// What was reset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Reset {
    /// The sandbox.
    #[schemars(example = &"default")]
    pub sandbox: String,
    /// `everything`, `journal`, or the provider.
    #[schemars(example = &"everything")]
    pub reset: String,
}

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sandbox {}: {} reset", self.sandbox, self.reset)
    }
}

/// What changed, by provider; a provider without changes is absent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct StateDiff {
    /// `fixtures`, the snapshot, or before which call or step.
    pub since: String,
    /// The changes by provider id.
    pub providers: IndexMap<String, Vec<Change>>,
}

impl StateDiff {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.providers.is_empty()
    }

    /// A provider's changes.
    #[must_use]
    pub fn of(&self, provider: &str) -> &[Change] {
        self.providers.get(provider).map_or(&[], Vec::as_slice)
    }
}

impl fmt::Display for StateDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            return write!(f, "nothing changed since {}", self.since);
        }
        write!(f, "changed since {}:", self.since)?;
        for (provider, changes) in &self.providers {
            write!(f, "\n{provider}")?;
            changes.iter().try_for_each(|change| write!(f, "\n  {change}"))?;
        }
        Ok(())
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Change {
    /// Something that was not there before.
    Added {
        /// Where, as a JSON path; records are named by their id.
        path: String,
        /// What is there now.
        value: Value,
    },
    /// Something that is no longer there.
    Removed {
        /// Where it was.
        path: String,
        /// What was there.
        value: Value,
    },
    /// Something that is otherwise now.
    Changed {
        /// Where.
        path: String,
        /// What was there.
        from: Value,
        /// What is there now.
        to: Value,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { path, value } => write!(f, "+ {path} = {value}"),
            Self::Removed { path, value } => write!(f, "- {path} = {value}"),
            Self::Changed { path, from, to } => write!(f, "~ {path}: {from} -> {to}"),
        }
    }
}

/// The snapshots of a sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SnapshotList {
    /// They stand sorted by name.
    pub snapshots: Vec<Snapshot>,
}

impl fmt::Display for SnapshotList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.snapshots.is_empty() {
            return f.write_str("no snapshots");
        }
        super::lines(f, &self.snapshots)
    }
}

/// One snapshot: a named moment of a sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Snapshot {
    /// Its name.
    #[schemars(example = &"checkout")]
    pub name: String,
    /// What the clock showed, if it stood still; a running clock runs on.
    #[schemars(with = "Option<String>")]
    pub frozen_at: Option<Timestamp>,
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.frozen_at {
            Some(instant) => write!(f, "{} (clock at {instant})", self.name),
            None => write!(f, "{} (clock running)", self.name),
        }
    }
}
