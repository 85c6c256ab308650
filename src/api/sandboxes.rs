//! Every world of a server, and how one is to start.

use std::fmt;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::clock::any_seed;
use super::{ClockState, SettingsChange};

/// The sandboxes of a server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SandboxList {
    /// `default` first, then by name.
    pub sandboxes: Vec<SandboxState>,
}

impl fmt::Display for SandboxList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        super::lines(f, &self.sandboxes)
    }
}

/// One sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SandboxState {
    /// Its name.
    #[schemars(example = &"t1")]
    pub name: String,
    /// Where its ids come from.
    #[schemars(transform = any_seed)]
    pub seed: u64,
    /// Its time.
    pub clock: ClockState,
    /// How many exchanges were written to its journal since that was last emptied.
    #[serde(default)]
    pub calls: u64,
    /// About how many bytes of state it holds.
    #[serde(default)]
    pub bytes: u64,
    /// About how many bytes it holds of sandboxes that are gone and that it is a fork of. What is left of one that is gone is
    /// divided among its forks: the `bytes` and `shared_bytes` of all sandboxes are what counts against `--max-state`.
    #[serde(default)]
    pub shared_bytes: u64,
    /// How long nobody used it, in seconds.
    pub idle_s: u64,
    /// How long it may be idle; absent for `default`, which never goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"1h")]
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

/// How a sandbox is to start; what is absent is as the server was started, or as in the sandbox that it is a fork of.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!(
    {"seed": 5, "clock": "2026-01-15T12:00:00Z", "settings": {"auth": "strict"}, "ttl": "10m"}
), example = json!({"from": "default"}))]
#[non_exhaustive]
pub struct SandboxStart {
    /// The sandbox that it is a fork of: it starts at what that one is now, in its data, ids, clock, seed and settings, and
    /// a reset returns to that. Faults, counted calls, snapshots, journal and coverage are its own, and empty.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"default")]
    pub from: Option<String>,
    /// Where its ids come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = any_seed)]
    pub seed: Option<u64>,
    /// `real`, or an RFC 3339 instant at which it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"2026-01-15T12:00:00Z")]
    pub clock: Option<String>,
    /// Its switches.
    #[serde(default, skip_serializing_if = "SettingsChange::is_empty")]
    pub settings: SettingsChange,
    /// Fixtures by provider id, in place of the server's.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    #[schemars(with = "IndexMap<String, Value>")]
    pub fixtures: IndexMap<String, Box<RawValue>>,
    /// How long it may be idle, such as `10m`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"10m")]
    pub ttl: Option<String>,
}

/// A text that is no JSON, given as a fixture.
#[derive(Debug, thiserror::Error)]
#[error("the fixture of {provider} is no JSON: {reason}")]
#[non_exhaustive]
pub struct NotJson {
    /// Whose fixture it would be.
    pub provider: String,
    /// Where the text goes wrong.
    pub reason: serde_json::Error,
}

impl SandboxStart {
    /// As the server was started.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A fork of this sandbox, as it is now.
    #[must_use]
    pub fn from(mut self, sandbox: impl Into<String>) -> Self {
        self.from = Some(sandbox.into());
        self
    }

    /// Same seed and same requests, same ids.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// `real`, or an RFC 3339 instant at which time stands still.
    #[must_use]
    pub fn clock(mut self, clock: impl Into<String>) -> Self {
        self.clock = Some(clock.into());
        self
    }

    /// Its switches.
    #[must_use]
    pub fn settings(mut self, settings: SettingsChange) -> Self {
        self.settings = settings;
        self
    }

    /// A provider's fixture in place of the server's; a reset returns to it.
    #[must_use]
    pub fn fixture(self, provider: impl Into<String>, fixture: &Value) -> Self {
        let text = RawValue::from_string(fixture.to_string());
        self.raw(provider.into(), text.unwrap_or_else(|_| RawValue::NULL.to_owned()))
    }

    /// The same from text, for numbers that no [`Value`] holds.
    ///
    /// # Errors
    ///
    /// The text is no JSON.
    pub fn fixture_text(self, provider: impl Into<String>, fixture: impl Into<String>) -> Result<Self, NotJson> {
        let provider = provider.into();
        match RawValue::from_string(fixture.into()) {
            Ok(text) => Ok(self.raw(provider, text)),
            Err(reason) => Err(NotJson { provider, reason }),
        }
    }

    fn raw(mut self, provider: String, text: Box<RawValue>) -> Self {
        self.fixtures.insert(provider, text);
        self
    }

    /// How long it may be idle, such as `10m`.
    #[must_use]
    pub fn ttl(mut self, ttl: impl Into<String>) -> Self {
        self.ttl = Some(ttl.into());
        self
    }
}
