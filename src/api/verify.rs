//! `/_mock/verify`.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Claim, Hint, Ignored, Side};
use crate::world::call::{Pattern, Wrong, describes_answers, describes_requests};
use crate::world::refusal::counted;

/// What is expected of the calls that were made: at least one call, or one claim.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(example = json!({"calls": [
    {"call": {"operation": "{operation}", "status": "2xx"}, "at_most": 3},
    {"call": {"method": "DELETE"}, "never": true},
]}))]
pub struct VerifyRequest {
    /// The calls, each with how often it must have been made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
    /// Whether the calls must have been made in this order; others may lie between them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub in_order: bool,
    /// Claims that no client sent what the vendor ignores.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nothing_ignored: bool,
    /// Claims that no request was refused that breaks the rules of its provider's document.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub nothing_refused_as_invalid: bool,
    /// Claims that every request hit an operation.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_near_miss: bool,
    /// Claims that each fault that was armed has struck.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub every_fault_struck: bool,
}

/// A call that is expected, and how often it must have been made: at least once, where nothing is said. It must say one
/// of both: what the call is, or how many calls of any kind there were.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The call.
    #[serde(default)]
    call: Pattern,
    /// So often and not otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exactly: Option<u64>,
    /// So often or more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_least: Option<u64>,
    /// So often or less.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at_most: Option<u64>,
    /// Not at all (`true`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    never: bool,
    /// Whether `at_least` is what [`Call::any`] means and not what a caller said.
    #[serde(skip)]
    implied: bool,
}

describes_requests!(Call, call);
describes_answers!(Call, call);

impl From<Pattern> for Call {
    fn from(call: Pattern) -> Self {
        if call.is_empty() { Self::any() } else { Self { call, ..Self::default() } }
    }
}

impl Call {
    /// Any call at all: at least one was made, or as many as is said.
    #[must_use]
    pub fn any() -> Self {
        Self { at_least: Some(1), implied: true, ..Self::default() }
    }

    /// A call that hit an operation, such as `vijil.create_persona`.
    #[must_use]
    pub fn to(operation: impl Into<String>) -> Self {
        Self::default().operation(operation)
    }

    /// So often and not otherwise.
    #[must_use]
    pub fn exactly(self, times: u64) -> Self {
        Self { exactly: Some(times), ..self.counted() }
    }

    /// Once and not otherwise.
    #[must_use]
    pub fn once(self) -> Self {
        self.exactly(1)
    }

    /// So often or more.
    #[must_use]
    pub fn at_least(self, times: u64) -> Self {
        Self { at_least: Some(times), ..self.counted() }
    }

    /// So often or less.
    #[must_use]
    pub fn at_most(self, times: u64) -> Self {
        Self { at_most: Some(times), ..self.counted() }
    }

    /// Not at all.
    #[must_use]
    pub fn never(self) -> Self {
        Self { never: true, ..self.counted() }
    }

    /// Without the count that nobody said.
    fn counted(self) -> Self {
        let at_least = if self.implied { None } else { self.at_least };
        Self { at_least, implied: false, ..self }
    }

    /// What the call must be.
    #[must_use]
    pub fn pattern(&self) -> &Pattern {
        &self.call
    }

    /// Whether it says that no call of any kind was made.
    pub(crate) fn is_never_any(&self) -> bool {
        self.call.is_empty() && self.range().is_ok_and(|(_, most)| most == Some(0))
    }

    /// Whether it can be meant, whatever is served.
    ///
    /// # Errors
    ///
    /// The first thing that cannot.
    pub fn check(&self) -> Result<(), Wrong> {
        self.call.check().map_err(|wrong| wrong.within(".call"))
    }

    /// The least and the most times that it may have been made.
    ///
    /// # Errors
    ///
    /// What is wrong with what was said of them; or that it would hold whatever was called.
    pub fn range(&self) -> Result<(u64, Option<u64>), &'static str> {
        let range = match (self.exactly, self.at_least, self.at_most, self.never) {
            (None, None, None, false) => (1, None),
            (Some(exactly), None, None, false) => (exactly, Some(exactly)),
            (None, None, None, true) => (0, Some(0)),
            (None, least, most, false) if most.is_none_or(|most| least.unwrap_or(0) <= most) => {
                (least.unwrap_or(0), most)
            }
            _ => {
                return Err(
                    "expected one of `exactly`, `never`, or `at_least` and `at_most` with the least first, such as \
                            {\"at_least\": 1, \"at_most\": 3}",
                );
            }
        };
        match (self.exactly, self.at_least, self.at_most, self.never) {
            (None, Some(0), None, false) => {
                Err("any number of calls is at least 0; say a count that can be wrong, such as {\"exactly\": 0}")
            }
            (None, None, None, false) if self.call.is_empty() => Err(
                "expected a call, such as {\"call\": {\"operation\": \"provider.verb_noun\"}}, or a count of all calls, \
                 such as {\"at_least\": 1}; found neither",
            ),
            _ => Ok(range),
        }
    }
}

/// All is as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Verified {
    /// Always true.
    pub verified: bool,
    /// How often each call was made.
    pub found: Vec<u64>,
    /// What was claimed beside the calls, and holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
    /// How many older calls nobody could look at: they made room for others. Absent where there are none.
    #[serde(default, skip_serializing_if = "is_none")]
    pub gone: u64,
    /// What is said of a sandbox that nobody has used, where it was expected that no call at all was made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unused: Option<String>,
}

fn is_none(number: &u64) -> bool {
    *number == 0
}

/// One call that was not made as expected, or one claim that does not hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Failure {
    /// The call's place among those expected, from 0; absent where it is a claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<usize>,
    /// The claim that does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// How often it was expected.
    #[schemars(example = &"at least 1")]
    pub expected: String,
    /// How often it was made; of a claim, how many requests or faults are against it.
    pub found: u64,
    /// What is wrong, in a sentence.
    pub message: String,
    /// Which side is probably wrong.
    pub likely_wrong: Side,
    /// Why that side.
    pub because: String,
    /// The calls that are as described, or that are against the claim; of many the first 20.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub made: Vec<MadeCall>,
    /// The call that is nearest to what was expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nearest: Option<NearestCall>,
}

/// A call that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct MadeCall {
    /// Its number in the journal.
    pub number: u64,
    /// Its id in the journal.
    pub id: String,
    /// Method and target, of a long one the start.
    #[schemars(example = &"POST /v1/personas")]
    pub request: String,
    /// The answer's status.
    pub status: u16,
    /// What of it is against the claim.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}

/// A call that was made, field by field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct NearestCall {
    /// Its id in the journal.
    pub id: String,
    /// Its number in the journal.
    pub number: u64,
    /// Method and target.
    #[schemars(example = &"POST /v1/personas")]
    pub request: String,
    /// The answer's status.
    pub status: u16,
    /// Every expected field beside what was found.
    pub fields: Vec<FieldCheck>,
    /// What the client sent and the vendor ignores.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<Ignored>,
    /// What was probably meant, where the request did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
}

/// One field of a call beside what was expected of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct FieldCheck {
    /// Which: `method`, `path`, `header.x-a`, `query.limit`, `$.name`.
    #[schemars(example = &"$.name")]
    pub field: String,
    /// Whether it is as expected.
    pub agrees: bool,
    /// What was expected.
    pub expected: Value,
    /// What was found; absent where there is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "found")]
    pub found: Option<Value>,
    /// What else is known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What was found, `null` included.
fn found<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("as expected")?;
        if !self.found.is_empty() {
            let found: Vec<_> = self.found.iter().map(u64::to_string).collect();
            write!(f, "; the calls were made {} time(s)", found.join(", "))?;
        }
        if !self.claims.is_empty() {
            let claims: Vec<_> = self.claims.iter().map(ToString::to_string).collect();
            write!(f, "; {}", claims.join(", "))?;
        }
        if let Some(unused) = &self.unused {
            write!(f, "\n({unused})")?;
        }
        if self.gone > 0 {
            let gone = counted(self.gone, "older call");
            write!(f, "\n({gone} made room for others and had left the journal; --journal-size keeps more)")?;
        }
        Ok(())
    }
}

impl Failure {
    /// What is not as expected, in a few words: `call 0`, or the claim's key.
    #[must_use]
    pub(crate) fn what(&self) -> String {
        match (self.call, self.claim) {
            (Some(call), _) => format!("call {call}"),
            (None, Some(claim)) => claim.name().to_owned(),
            (None, None) => "the calls".to_owned(),
        }
    }
}

/// How many of the calls that were made the message of a failure names.
pub(crate) const MOST_NAMED: usize = 5;

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.what(), self.message)?;
        write!(f, "\n  likely wrong: {}, {}", self.likely_wrong, self.because)?;
        // Of a count the message names the first ones already.
        let is_listed = self.claim.is_none() && self.made.len() <= MOST_NAMED;
        self.made.iter().filter(|_| !is_listed).try_for_each(|made| write!(f, "\n  {made}"))?;
        self.nearest.iter().try_for_each(|nearest| write!(f, "\n  nearest: {nearest}"))
    }
}

impl fmt::Display for MadeCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} {} -> {}", self.number, self.request, self.status)?;
        self.because.iter().try_for_each(|because| write!(f, ": {because}"))
    }
}

impl fmt::Display for NearestCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{} {} -> {}", self.number, self.request, self.status)?;
        self.fields.iter().try_for_each(|field| write!(f, "\n    {field}"))?;
        self.ignored.iter().try_for_each(|ignored| write!(f, "\n    {ignored}"))?;
        self.hint.iter().try_for_each(|hint| write!(f, "\n    hint: {hint}"))
    }
}

impl fmt::Display for FieldCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, agrees, expected, found, note } = self;
        match (agrees, found) {
            (true, _) => write!(f, "  {field}: {expected}"),
            (false, Some(found)) => write!(f, "! {field}: expected {expected}, found {found}"),
            (false, None) => write!(f, "! {field}: expected {expected}, found nothing"),
        }?;
        note.iter().try_for_each(|note| write!(f, " ({note})"))
    }
}
