//! A sandbox's switches.

use std::fmt;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::world::options::AuthMode;

/// The switches of a sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Settings {
    /// Which credentials pass.
    pub auth: AuthMode,
    /// Whether operations that a vendor does not document are absent.
    pub documented_only: bool,
    /// Each provider's settings.
    pub providers: IndexMap<String, IndexMap<String, String>>,
}

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "auth={}\ndocumented_only={}", self.auth, self.documented_only)?;
        for (provider, settings) in &self.providers {
            settings.iter().try_for_each(|(key, value)| write!(f, "\n{provider}.{key}={value}"))?;
        }
        Ok(())
    }
}

/// Switches to change; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({"auth": "strict", "providers": {"{provider}": {"{setting}": "{value}"}}}))]
#[non_exhaustive]
pub struct SettingsChange {
    /// Which credentials pass.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth: Option<AuthMode>,
    /// Whether operations that a vendor does not document are absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documented_only: Option<bool>,
    /// Settings by provider id and key.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub providers: IndexMap<String, IndexMap<String, String>>,
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

    /// Whether nothing is to change.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
