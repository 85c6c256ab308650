//! A Pact V4 file, as it is written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::api::{Caller, EarlierCall, SettingsChange};

/// A Pact V4 file.
#[derive(Serialize, JsonSchema)]
pub(super) struct Pact<'a, I> {
    /// Who made the calls.
    pub(super) consumer: Party<'a>,
    /// Who answered them.
    pub(super) provider: Party<'a>,
    /// The calls.
    #[schemars(with = "Vec<Interaction<'static>>")]
    pub(super) interactions: I,
    /// The version of the format, and what was left out.
    pub(super) metadata: Metadata<'a>,
}

/// One side of a pact.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PactParty")]
pub(super) struct Party<'a> {
    /// Its name.
    pub(super) name: &'a str,
}

/// What is said of a pact.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PactMetadata")]
pub(super) struct Metadata<'a> {
    /// The version of the format.
    #[serde(rename = "pactSpecification")]
    pub(super) specification: Specification,
    /// What made it, and what it has not.
    #[serde(rename = "personaMock")]
    pub(super) made: Made<'a>,
}

/// The version of the format.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PactSpecification")]
pub(super) struct Specification {
    /// `4.0`.
    pub(super) version: &'static str,
}

/// What made a pact, and what it has not.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PactMade")]
#[serde(rename_all = "camelCase")]
pub(super) struct Made<'a> {
    /// The version of the mock.
    pub(super) version: &'static str,
    /// The sandbox that the calls were made in.
    pub(super) sandbox: &'a str,
    /// The calls that no verifier could make again, each with the reason.
    pub(super) left_out: Vec<LeftOut>,
}

/// A call that is left out.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PactLeftOut")]
pub(super) struct LeftOut {
    /// Its number in the journal.
    pub(super) number: u64,
    /// The call.
    pub(super) call: String,
    /// Why it is left out.
    pub(super) reason: String,
}

/// One call and its answer.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PactInteraction")]
#[serde(rename_all = "camelCase")]
pub(super) struct Interaction<'a> {
    /// What it is: `Synchronous/HTTP`.
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    /// The id of the exchange in the journal.
    pub(super) key: &'a str,
    /// The call in words, with its number: no two are alike.
    pub(super) description: &'a str,
    /// No: a verifier fails where it fails.
    pub(super) pending: bool,
    /// The state that the sandbox was in.
    pub(super) provider_states: [State<'a>; 1],
    /// What was asked.
    pub(super) request: &'a Asked,
    /// What was answered.
    pub(super) response: &'a Answer,
}

/// A state of the sandbox.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PactState")]
pub(super) struct State<'a> {
    /// What it started from.
    pub(super) name: &'a str,
    /// What came before the call.
    pub(super) params: Params<'a>,
}

/// What goes with a state's name.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PactStateParams")]
pub(super) struct Params<'a> {
    /// What the mock makes of it: see `Rebuild`.
    #[schemars(with = "crate::api::Rebuild")]
    pub(super) persona_mock: Before<'a>,
}

/// A [`Rebuild`](crate::api::Rebuild) that is lent: many calls share those that came before.
#[derive(Serialize)]
pub(super) struct Before<'a> {
    pub(super) now: jiff::Timestamp,
    pub(super) seed: u64,
    #[serde(skip_serializing_if = "SettingsChange::is_empty")]
    pub(super) settings: &'a SettingsChange,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) caller: Option<&'a Caller>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) calls: &'a [EarlierCall],
}

/// What was asked.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PactRequest")]
pub(super) struct Asked {
    /// The method.
    pub(super) method: String,
    /// The path, as sent.
    pub(super) path: String,
    /// The parameters of the query, decoded.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) query: BTreeMap<String, Vec<String>>,
    /// The header fields; a credential is put in place of `[redacted]` by the verifier.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) headers: BTreeMap<String, Vec<String>>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Body>,
    /// What the verifier fills in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) generators: Option<Value>,
}

/// What was answered.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PactResponse")]
#[serde(rename_all = "camelCase")]
pub(super) struct Answer {
    /// The status.
    pub(super) status: u16,
    /// The header fields.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) headers: BTreeMap<String, Vec<String>>,
    /// The body.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Body>,
    /// What need not be exactly so.
    #[serde(skip_serializing_if = "Matching::is_empty")]
    #[schemars(with = "Value")]
    pub(super) matching_rules: Matching,
}

/// A body: JSON as such, another text as text, and what a verifier would write otherwise as base64.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(rename = "PactBody")]
#[serde(rename_all = "camelCase")]
pub(super) struct Body {
    /// The body itself.
    pub(super) content: Value,
    /// Its media type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) content_type: Option<String>,
    /// `false`, or `base64`.
    pub(super) encoded: Value,
}

/// What need not be exactly as it was.
#[derive(Debug, Default)]
pub(super) struct Matching {
    pub(super) body: Rules,
    pub(super) header: Rules,
}

impl Matching {
    fn is_empty(&self) -> bool {
        self.body.0.is_empty() && self.header.0.is_empty()
    }
}

impl Serialize for Matching {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, rules) in [("body", &self.body), ("header", &self.header)] {
            if !rules.0.is_empty() {
                map.serialize_entry(name, rules)?;
            }
        }
        map.end()
    }
}

/// Rules, each with its place.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rules(pub(super) Vec<(String, Matcher)>);

impl Serialize for Rules {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let all = self.0.iter().map(|(place, rule)| (place, json!({"combine": "AND", "matchers": [rule]})));
        serializer.collect_map(all)
    }
}

/// How a value is held against what it was.
#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "match", rename_all = "lowercase")]
pub(super) enum Matcher {
    /// By its type.
    Type,
    /// It is a number.
    Number,
    /// By a regular expression.
    Regex {
        /// Which.
        regex: String,
    },
}
