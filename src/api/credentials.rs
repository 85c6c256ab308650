//! The credentials that pass in a sandbox.

use std::fmt;

use indexmap::IndexMap;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::world::options::AuthMode;

/// The credentials of a sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Credentials {
    /// By provider id.
    pub providers: IndexMap<String, ProviderCredentials>,
}

impl Credentials {
    /// Those of these providers.
    pub(crate) fn new(providers: IndexMap<String, ProviderCredentials>) -> Self {
        Self { providers }
    }
}

/// The credentials of one provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ProviderCredentials {
    /// Which credentials pass.
    pub auth: AuthMode,
    /// What passes beside those that are listed, in one sentence.
    #[schemars(example = &"any other token acts as Ada")]
    pub others: String,
    /// Those that the sandbox's data lists.
    pub credentials: Vec<Credential>,
}

impl ProviderCredentials {
    /// The credentials under a mode, and what passes beside them.
    #[must_use]
    pub fn new(auth: AuthMode, others: impl Into<String>, credentials: Vec<Credential>) -> Self {
        Self { auth, others: others.into(), credentials }
    }
}

/// One credential.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Credential {
    /// Whom it acts as.
    pub who: String,
    /// The header line that it is sent in, or the request that it is exchanged by.
    #[schemars(example = &"Authorization: Bearer TOKEN")]
    pub send: String,
    /// What it may do.
    pub rights: String,
    /// From when on it is refused; absent: it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub expires: Option<Timestamp>,
    /// Whether it has expired by the sandbox's clock.
    #[serde(default)]
    pub expired: bool,
    /// Whether it was taken back, or its user may not sign in.
    #[serde(default)]
    pub revoked: bool,
}

impl Credential {
    /// One that lasts.
    #[must_use]
    pub fn new(who: impl Into<String>, send: impl Into<String>, rights: impl Into<String>) -> Self {
        Self {
            who: who.into(),
            send: send.into(),
            rights: rights.into(),
            expires: None,
            expired: false,
            revoked: false,
        }
    }

    /// One that is refused from an instant on, if there is one.
    #[must_use]
    pub fn until(mut self, expires: Option<Timestamp>, now: Timestamp) -> Self {
        self.expires = expires;
        self.expired = expires.is_some_and(|expires| expires <= now);
        self
    }

    /// One that was taken back, if it was.
    #[must_use]
    pub fn revoked(mut self, revoked: bool) -> Self {
        self.revoked = revoked;
        self
    }
}

impl fmt::Display for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { who, send, rights, expires, expired, revoked } = self;
        write!(f, "  {send}\n      {who}; {rights}")?;
        match expires {
            Some(end) if *expired => write!(f, "; expired {end:.0}")?,
            Some(end) => write!(f, "; until {end:.0}")?,
            None => {}
        }
        if *revoked { f.write_str("; revoked") } else { Ok(()) }
    }
}

impl fmt::Display for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines = self.providers.iter().flat_map(|(provider, all)| {
            let ProviderCredentials { auth, others, credentials } = all;
            let title = format!("{provider} (auth={auth}): {others}");
            std::iter::once(title).chain(credentials.iter().map(ToString::to_string))
        });
        super::lines(f, lines)
    }
}
