//! How a sandbox is to start, and what is to change of its switches.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::error::MockError;
use crate::world::options::AuthMode;

/// How a sandbox is to start; what is not said is as the server was started.
#[derive(Debug, Clone, Default, Serialize)]
pub struct SandboxStart {
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    clock: Option<String>,
    #[serde(skip_serializing_if = "SettingsChange::is_empty")]
    settings: SettingsChange,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    fixtures: IndexMap<String, Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<String>,
}

impl SandboxStart {
    /// As the server was started.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
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
    pub fn fixture_text(self, provider: impl Into<String>, fixture: impl Into<String>) -> Result<Self, MockError> {
        let provider = provider.into();
        let text = RawValue::from_string(fixture.into()).map_err(|error| MockError::Value {
            what: "fixture",
            reason: format!("that of {provider} is no JSON: {error}"),
        })?;
        Ok(self.raw(provider, text))
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

/// Switches to change; what is not said stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct SettingsChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<AuthMode>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documented_only: Option<bool>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    providers: IndexMap<String, IndexMap<String, String>>,
}

impl SettingsChange {
    /// Nothing, as yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Which credentials pass.
    #[must_use]
    pub fn auth(mut self, auth: AuthMode) -> Self {
        self.auth = Some(auth);
        self
    }

    /// Whether operations that a vendor does not document are absent.
    #[must_use]
    pub fn documented_only(mut self, documented_only: bool) -> Self {
        self.documented_only = Some(documented_only);
        self
    }

    /// A provider's switch.
    #[must_use]
    pub fn set(mut self, provider: impl Into<String>, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.providers.entry(provider.into()).or_default().insert(key.into(), value.into());
        self
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
