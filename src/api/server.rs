//! The server as a whole: how it is, what is mounted, which operations it has.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Provenance;

/// How the server is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Health {
    /// Whether it serves.
    pub ready: bool,
    /// Its version.
    pub version: String,
    /// The ids of the providers that are served.
    pub providers: Vec<String>,
    /// The fixture directory, where one is watched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fixtures: Option<WatchedFixtures>,
    /// Whether the control API wants the token of `--control-token`; left out where it does not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wants_token: bool,
    /// Whether it was started without a history (`--history-bytes 0`); left out where it keeps one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_history: bool,
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "persona-mock {} serves {}", self.version, self.providers.join(", "))
    }
}

/// Whether the server takes requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Ready {
    /// Always true: a server that is not ready does not answer.
    pub ready: bool,
}

/// How a fixture directory is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Watching {
    /// The system tells of each change.
    Events,
    /// The files are read again and again: for mounts whose system tells of none.
    Poll,
}

/// A fixture directory that is watched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct WatchedFixtures {
    /// The directory.
    pub dir: String,
    /// How it is watched.
    pub watch: Watching,
    /// How often files replaced others.
    pub reloads: u64,
    /// What became of the last change; absent as long as nothing changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<LastReload>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct LastReload {
    /// When, by the machine's clock.
    #[schemars(with = "String", example = &"2026-01-15T12:00:00Z")]
    pub at: Timestamp,
    /// Whether the files are in force. If not, nothing changed.
    pub loaded: bool,
    /// Everything that is wrong with them, each with its file and JSON path.
    #[schemars(example = json!(["fixtures/provider.json: $.rows[3].id: found 99, expected a known id"]))]
    pub faults: Vec<String>,
}

/// What is mounted where.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Mounts {
    /// Always `persona-mock`.
    pub name: String,
    /// The server's version.
    pub version: String,
    /// The mounts that a base URL can end in.
    pub mounts: Vec<MountEntry>,
    /// The document of the control API.
    pub control: String,
}

/// A mount, its provider and its vendor's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct MountEntry {
    /// Such as `/v1`.
    pub mount: String,
    /// The provider's id.
    pub provider: String,
    /// The vendor's name.
    pub title: String,
}

/// Every operation that is served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Routes {
    /// The operations, in the order of the providers' documents.
    pub routes: Vec<RouteEntry>,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RouteEntry {
    /// `provider.verb_noun`.
    #[schemars(example = &"{operation}")]
    pub operation: String,
    /// The provider's id.
    pub provider: String,
    /// The method.
    pub method: String,
    /// The path with its mount, parameters in braces.
    pub path: String,
    /// One line on what it does.
    pub summary: String,
    /// How it is known.
    pub provenance: Provenance,
}
