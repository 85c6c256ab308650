//! What the journal says: exchanges, and calls that were not made as expected.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One exchange of the journal.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Exchange {
    /// Its id.
    pub id: String,
    /// Its number in the sandbox since the journal was last emptied, from 1.
    pub number: u64,
    /// When it was answered, on the sandbox's clock.
    pub at: Timestamp,
    /// How long the answer took, in milliseconds of real time.
    pub took_ms: f64,
    /// The provider whose mount took it.
    pub provider: Option<String>,
    /// The operation that answered.
    pub operation: Option<String>,
    /// What was asked.
    pub request: ExchangeRequest,
    /// What was answered.
    pub answer: ExchangeAnswer,
    /// Whether the state was written.
    pub changed: bool,
    /// The fault that struck.
    pub fault: Option<String>,
    /// What the client sent and the vendor ignores.
    pub ignored: Vec<Ignored>,
    /// What was probably meant, where the request hit no operation or did not pass.
    pub hint: Option<Hint>,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ExchangeRequest {
    /// The method.
    pub method: String,
    /// Path and query as sent, without the sandbox's prefix; secrets are redacted.
    pub target: String,
    /// Names and values; secrets are redacted.
    pub headers: Vec<(String, String)>,
    /// The body, where it is JSON.
    pub json: Option<Value>,
    /// The body, where it is text of another kind or cut.
    pub text: Option<String>,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ExchangeAnswer {
    /// The status.
    pub status: u16,
    /// Names and values; secrets are redacted.
    pub headers: Vec<(String, String)>,
    /// The body, where it is JSON.
    pub json: Option<Value>,
    /// The body, where it is text of another kind or cut.
    pub text: Option<String>,
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.operation.as_deref().or(self.provider.as_deref()).unwrap_or("-");
        let ExchangeRequest { method, target, .. } = &self.request;
        write!(f, "#{} {} {method} {target} -> {} {operation}", self.number, self.at, self.answer.status)?;
        if let Some(fault) = &self.fault {
            write!(f, "\n    fault: {fault}")?;
        }
        self.ignored.iter().try_for_each(|ignored| write!(f, "\n    {ignored}"))?;
        self.hint.iter().try_for_each(|hint| write!(f, "\n    hint: {hint}"))
    }
}

/// A field that the client sent and the vendor ignores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ignored {
    /// Where, in the body or the query.
    pub at: String,
    /// The documented name that was probably meant.
    pub nearest: Option<String>,
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ignored by the vendor: {}", self.at)?;
        self.nearest.iter().try_for_each(|name| write!(f, "; `{name}` was probably meant"))
    }
}

/// What was probably meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hint {
    /// Which side is probably wrong: `client`, `expectation`, `mock` or `unknown`.
    pub likely_wrong: String,
    /// What is wrong, in a sentence.
    pub message: String,
    /// What differs, field by field.
    #[serde(default)]
    pub fields: Vec<HintField>,
}

/// One field that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HintField {
    /// Which.
    pub field: String,
    /// What would be right.
    pub expected: Option<String>,
    /// What was sent.
    pub found: Option<String>,
}

impl fmt::Display for Hint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (likely wrong: {})", self.message, self.likely_wrong)?;
        for HintField { field, expected, found } in &self.fields {
            write!(f, "\n      {field}")?;
            expected.iter().try_for_each(|expected| write!(f, ": expected {expected}"))?;
            found.iter().try_for_each(|found| write!(f, ", found {found}"))?;
        }
        Ok(())
    }
}

/// A page of the journal.
#[derive(Debug, Deserialize)]
pub(crate) struct ExchangePage {
    pub(crate) requests: Vec<Exchange>,
    pub(crate) next: Option<String>,
    pub(crate) gone: u64,
}

impl fmt::Display for ExchangePage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.requests.is_empty() {
            f.write_str("no requests")?;
        }
        super::lines(f, &self.requests)?;
        if self.gone > 0 {
            write!(f, "\n({} older ones made room for others)", self.gone)?;
        }
        self.next.iter().try_for_each(|next| write!(f, "\n(more: --cursor {next})"))
    }
}

/// What is as expected.
#[derive(Debug, Deserialize)]
pub(crate) struct Verified {
    pub(crate) found: Vec<u64>,
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found: Vec<_> = self.found.iter().map(u64::to_string).collect();
        write!(f, "as expected; the calls were made {} time(s)", found.join(", "))
    }
}

/// One call that was not made as expected.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Failure {
    /// The call's place among those expected, from 0.
    pub call: usize,
    /// What is wrong, in a sentence.
    pub message: String,
    /// Which side is probably wrong: `client`, `expectation`, `mock` or `unknown`.
    pub likely_wrong: String,
    /// Why that side.
    pub because: String,
    /// The call that is nearest to what was expected.
    pub nearest: Option<NearestCall>,
}

/// A call that was made, field by field.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct NearestCall {
    /// Its number in the journal.
    pub number: u64,
    /// Method and target.
    pub request: String,
    /// The answer's status.
    pub status: u16,
    /// Every expected field beside what was found.
    pub fields: Vec<FieldCheck>,
    /// What the client sent and the vendor ignores.
    #[serde(default)]
    pub ignored: Vec<Ignored>,
    /// What was probably meant, where the request did not pass.
    pub hint: Option<Hint>,
}

/// One field of a call beside what was expected of it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct FieldCheck {
    /// Which: `method`, `path`, `header.x-a`, `query.limit`, `$.name`.
    pub field: String,
    /// Whether it is as expected.
    pub agrees: bool,
    /// What was expected.
    pub expected: Value,
    /// What was found; absent where there is nothing.
    pub found: Option<Value>,
    /// What else is known of it.
    pub note: Option<String>,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "call {}: {}", self.call, self.message)?;
        write!(f, "\n  likely wrong: {}, {}", self.likely_wrong, self.because)?;
        self.nearest.iter().try_for_each(|nearest| write!(f, "\n  nearest: {nearest}"))
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
