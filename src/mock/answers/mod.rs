//! What the control API says, in Rust's words and in people's.

mod trouble;

use std::fmt;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::http::WatchedFixtures;
use crate::world::options::AuthMode;

pub use trouble::{Limit, Limits};

/// What a clock shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockState {
    /// `real`, `frozen` or `offset` (running, but not at the machine's time).
    pub mode: String,
    /// What it shows now.
    pub now: Timestamp,
}

impl fmt::Display for ClockState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.now, self.mode)
    }
}

/// What changed, by provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StateDiff {
    /// `fixtures`, or the snapshot.
    pub since: String,
    /// The changes by provider id; a provider without changes is absent.
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "lowercase")]
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

/// A named moment of a sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Its name.
    pub name: String,
    /// What the clock showed, if it stood still.
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

/// The snapshots of a sandbox.
#[derive(Debug, Deserialize)]
pub(crate) struct SnapshotList {
    pub(crate) snapshots: Vec<Snapshot>,
}

impl fmt::Display for SnapshotList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.snapshots.is_empty() {
            return f.write_str("no snapshots");
        }
        lines(f, &self.snapshots)
    }
}

fn lines(f: &mut fmt::Formatter<'_>, items: &[impl fmt::Display]) -> fmt::Result {
    items.iter().enumerate().try_for_each(|(number, item)| {
        let start = if number == 0 { "" } else { "\n" };
        write!(f, "{start}{item}")
    })
}

#[derive(Serialize, Deserialize)]
pub(super) struct SeedState {
    pub(super) seed: u64,
}

/// The switches of a sandbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Which credentials pass.
    pub auth: AuthMode,
    /// Whether operations that a vendor does not document are absent.
    pub documented_only: bool,
    /// Each provider's switches.
    pub providers: IndexMap<String, IndexMap<String, String>>,
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let auth = serde_json::to_value(self.auth).unwrap_or_default();
        write!(f, "auth={}", auth.as_str().unwrap_or_default())?;
        write!(f, "\ndocumented_only={}", self.documented_only)?;
        for (provider, settings) in &self.providers {
            settings.iter().try_for_each(|(key, value)| write!(f, "\n{provider}.{key}={value}"))?;
        }
        Ok(())
    }
}

/// A sandbox as the server lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxState {
    /// Its name.
    pub name: String,
    /// Where its ids come from.
    pub seed: u64,
    /// Its time.
    pub clock: ClockState,
    /// How long nobody used it, in seconds.
    pub idle_s: u64,
    /// How long it may be idle; absent for `default`, which never goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<String>,
}

impl fmt::Display for SandboxState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}  seed {}  clock {}", self.name, self.seed, self.clock)?;
        match &self.ttl {
            Some(ttl) => write!(f, "  idle {}s of {ttl}", self.idle_s),
            None => Ok(()),
        }
    }
}

/// The sandboxes of a server.
#[derive(Debug, Deserialize)]
pub(crate) struct SandboxList {
    pub(crate) sandboxes: Vec<SandboxState>,
}

impl fmt::Display for SandboxList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        lines(f, &self.sandboxes)
    }
}

/// How a server is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Health {
    /// Whether it serves.
    pub ready: bool,
    /// Its version.
    pub version: String,
    /// The ids of the providers that are served.
    pub providers: Vec<String>,
    /// The fixture directory, where one is watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixtures: Option<WatchedFixtures>,
}
