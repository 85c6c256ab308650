//! `/_mock/faults`.

use std::fmt;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Value, json};

use crate::world::call::Pattern;
use crate::world::duration;
use crate::world::fault::{Fault, FaultAction, FaultWhen, RuleState};

/// The faults of a sandbox, to put in place of those that are there.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({"faults": [{"match": {"method": "GET"}, "action": {"delay": {"fixed": "2s"}}}]}))]
pub struct FaultList {
    /// The faults, in the order in which they are asked; at most 100.
    pub faults: Vec<Fault>,
}

/// The faults of a sandbox.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct FaultStates {
    /// The faults, in the order in which they are asked.
    pub faults: Vec<FaultState>,
}

/// A fault that is armed, and what it did.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(transform = always_named, extend("examples" = [{"id": "flaky", "action": "stale", "ttl": "10m", "expires_in_s": 600, "fitted": 3, "struck": 2}]))]
#[non_exhaustive]
pub struct FaultState {
    /// The fault, with its name.
    #[serde(flatten)]
    pub fault: Fault,
    /// How many seconds it stays armed, rounded up.
    #[schemars(example = 600)]
    pub expires_in_s: u64,
    /// How many requests fitted its `match`.
    pub fitted: u64,
    /// How many of them it struck.
    pub struck: u64,
}

/// What is armed has a name, given or made.
fn always_named(schema: &mut schemars::Schema) {
    if let Some(id) = schema.pointer_mut("/properties/id") {
        id["type"] = "string".into();
        id["description"] = "Its name.".into();
    }
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.insert(0, "id".into());
    }
}

impl FaultState {
    /// Its name.
    #[must_use]
    pub fn id(&self) -> &str {
        self.fault.id.as_deref().unwrap_or_default()
    }
}

impl From<RuleState> for FaultState {
    fn from(state: RuleState) -> Self {
        let expires_in_s = state.left.as_secs() + u64::from(state.left.subsec_nanos() > 0);
        Self { fault: state.rule, expires_in_s, fitted: state.fitted, struck: state.struck }
    }
}

/// A state, member by member: `flatten` keeps what it reads in a form in which no pattern reads a body.
#[derive(Deserialize)]
struct Members {
    id: Option<String>,
    #[serde(default, rename = "match")]
    matches: Pattern,
    action: FaultAction,
    when: Option<FaultWhen>,
    #[serde(with = "duration::text")]
    ttl: Duration,
    expires_in_s: u64,
    fitted: u64,
    struck: u64,
}

impl<'de> Deserialize<'de> for FaultState {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Members { id, matches, action, when, ttl, expires_in_s, fitted, struck } =
            Members::deserialize(deserializer)?;
        let mut fault = Fault::new(action);
        (fault.id, fault.matches, fault.when, fault.ttl) = (id, matches, when, ttl);
        Ok(Self { fault, expires_in_s, fitted, struck })
    }
}

impl fmt::Display for FaultState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = json!({"action": self.fault.action, "match": self.fault.matches, "when": self.fault.when});
        write!(f, "{}: {}", self.id(), plain(&said["action"]))?;
        for (name, value) in ["match", "when"].iter().filter_map(|part| said[part].as_object()).flatten() {
            write!(f, "  {name} {}", plain(value))?;
        }
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

impl fmt::Display for FaultStates {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.faults.is_empty() {
            return f.write_str("no faults");
        }
        super::lines(f, &self.faults)
    }
}
