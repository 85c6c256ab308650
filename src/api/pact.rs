//! What a Pact verifier asks for before it sends a call, and what it is told.

use indexmap::IndexMap;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::SettingsChange;
use super::clock::any_seed;

/// The provider state that every sandbox has: what a reset returns to, the journal apart.
pub(crate) const AT_START: &str = "the sandbox at its start";

/// A change of a provider's state, as a Pact verifier asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(example = json!({"state": AT_START, "params": {}, "action": "setup"}))]
pub(crate) struct ProviderState {
    /// The state's name; an empty one asks for nothing.
    #[schemars(example = &AT_START)]
    pub(crate) state: String,
    /// Whether the state is to be made, or to be left behind, which does nothing.
    #[serde(default)]
    pub(crate) action: StateAction,
    /// What goes with the name.
    #[serde(default)]
    pub(crate) params: Option<StateParams>,
}

/// What a Pact verifier does about a provider's state.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum StateAction {
    /// It makes it, before the call.
    #[default]
    Setup,
    /// It leaves it behind, after the call.
    Teardown,
}

/// What goes with the name of a provider state; other names than this one are the consumer's own, and not read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct StateParams {
    /// What the mock does once the state of that name is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) persona_mock: Option<Rebuild>,
}

/// What makes the state before a call of the state that its sandbox started from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rebuild {
    /// When the call was made: there the sandbox's clock stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>", example = &"2026-01-15T12:00:00Z")]
    pub(crate) now: Option<Timestamp>,
    /// Where the ids of the call come from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(transform = any_seed)]
    pub(crate) seed: Option<u64>,
    /// The switches that were not as at the start.
    #[serde(default, skip_serializing_if = "SettingsChange::is_empty")]
    pub(crate) settings: SettingsChange,
    /// Who makes the call: the answer says what to send for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) caller: Option<Caller>,
    /// The calls before it that wrote, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) calls: Vec<EarlierCall>,
}

/// A call that is made again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct EarlierCall {
    /// When it was made.
    #[schemars(with = "String", example = &"2026-01-15T12:00:00Z")]
    pub(crate) now: Timestamp,
    /// Where its ids come from.
    #[schemars(transform = any_seed)]
    pub(crate) seed: u64,
    /// Its method.
    pub(crate) method: String,
    /// Its path and query.
    pub(crate) target: String,
    /// Its header fields, by name.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub(crate) headers: IndexMap<String, Vec<String>>,
    /// Its body, where that is text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) text: Option<String>,
    /// Its body, where that is no text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) base64: Option<String>,
    /// Who makes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) caller: Option<Caller>,
}

/// One of the credentials that the sandbox's data lists, by whom it acts as: it stands in no file itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Caller {
    /// The provider that lists it.
    pub(crate) provider: String,
    /// The header field that it is sent in.
    #[schemars(example = &"authorization")]
    pub(crate) header: String,
    /// Whom it acts as.
    pub(crate) who: String,
    /// Which of those of this header field and this name, from 1.
    #[serde(default = "first", skip_serializing_if = "is_first")]
    pub(crate) number: usize,
    /// Whether it is none of those, but one of the same form that the data does not list.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(crate) unlisted: bool,
}

const fn first() -> usize {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
const fn is_first(number: &usize) -> bool {
    *number == 1
}

/// The values that a Pact verifier puts into the call: of each header field that carries a credential, what to send.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct StateValues(pub(crate) IndexMap<String, String>);
