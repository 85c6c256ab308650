//! What shall go wrong, as a test says it.

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};

use super::sandbox::Distance;

/// A rule: what happens to which requests, and to which of those. It stays armed for 10 minutes of
/// real time unless it says otherwise, so that a crashed test leaves nothing behind.
///
/// ```
/// use persona_mock::mock::Fault;
///
/// let flaky = Fault::refuse(503).retry_after(2).operation("vijil.list_personas").first(2);
/// let slow = Fault::delay_between("100ms", "2s").provider("axero").probability(0.5);
/// ```
#[derive(Debug, Clone, Serialize)]
pub struct Fault {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<String>,
    #[serde(rename = "match", skip_serializing_if = "IndexMap::is_empty")]
    matches: IndexMap<&'static str, Value>,
    action: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    when: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<String>,
    #[serde(flatten)]
    misplaced: IndexMap<&'static str, Value>,
}

/// Where the connection is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Cut {
    /// Before the first byte of the answer.
    BeforeAnswer,
    /// Between head and body.
    AfterHeaders,
    /// After half of the body.
    HalfBody,
}

/// How a body is not what it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Garble {
    /// It ends in the middle.
    InvalidJson,
    /// It is empty.
    EmptyBody,
    /// It is called `text/html`.
    WrongContentType,
}

impl Fault {
    fn new(action: Value) -> Self {
        Self { id: None, matches: IndexMap::new(), action, when: None, ttl: None, misplaced: IndexMap::new() }
    }

    /// Answered with a status of the operation, in the vendor's body; the vendor does nothing.
    #[must_use]
    pub fn refuse(status: u16) -> Self {
        Self::new(json!({"refuse": {"status": status}}))
    }

    /// Answered late, always by so much.
    #[must_use]
    pub fn delay(wait: impl Into<Distance>) -> Self {
        Self::new(json!({"delay": {"fixed": wait.into().text()}}))
    }

    /// Answered late, as likely by one wait as by another between two.
    #[must_use]
    pub fn delay_between(min: impl Into<Distance>, max: impl Into<Distance>) -> Self {
        Self::new(json!({"delay": {"uniform": {"min": min.into().text(), "max": max.into().text()}}}))
    }

    /// Answered late, mostly near the median, now and then by far more, as networks are.
    #[must_use]
    pub fn delay_lognormal(median: impl Into<Distance>, sigma: f64) -> Self {
        Self::new(json!({"delay": {"lognormal": {"median": median.into().text(), "sigma": sigma}}}))
    }

    /// Answered with a body that trickles.
    #[must_use]
    pub fn slow_body(over: impl Into<Distance>) -> Self {
        Self::new(json!({"slow_body": {"over": over.into().text()}}))
    }

    /// The connection is reset; the vendor has done its work before.
    #[must_use]
    pub fn cut(cut: Cut) -> Self {
        Self::new(json!({"cut": cut}))
    }

    /// Answered with a body that is not what it should be.
    #[must_use]
    pub fn garble(garble: Garble) -> Self {
        Self::new(json!({"garble": garble}))
    }

    /// A read that sees the state before the provider's last write.
    #[must_use]
    pub fn stale() -> Self {
        Self::new(json!("stale"))
    }

    /// `Retry-After` of a refusal by 429 or 503, in seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.refusal("retry_after_s", seconds.into())
    }

    /// Sends the status of a refusal even if the operation does not have it, marked as inferred.
    #[must_use]
    pub fn force(self) -> Self {
        self.refusal("force", true.into())
    }

    fn refusal(mut self, key: &'static str, value: Value) -> Self {
        match self.action.get_mut("refuse").and_then(Value::as_object_mut) {
            Some(refusal) => {
                refusal.insert(key.to_owned(), value);
            }
            // Beside another action it is a field that the server refuses by name: nothing is lost in silence.
            None => {
                self.misplaced.insert(key, value);
            }
        }
        self
    }

    fn matching(mut self, field: &'static str, value: impl Into<Value>) -> Self {
        self.matches.insert(field, value.into());
        self
    }

    /// Of this provider.
    #[must_use]
    pub fn provider(self, id: impl Into<String>) -> Self {
        self.matching("provider", id.into())
    }

    /// Of this operation, as `vijil.list_personas`.
    #[must_use]
    pub fn operation(self, name: impl Into<String>) -> Self {
        self.matching("operation", name.into())
    }

    /// Of this method.
    #[must_use]
    pub fn method(self, method: impl Into<String>) -> Self {
        self.matching("method", method.into())
    }

    /// Of paths that fit: `*` or `{name}` stands for one segment, `**` for any number.
    #[must_use]
    pub fn path(self, pattern: impl Into<String>) -> Self {
        self.matching("path", pattern.into())
    }

    /// With a header field whose value fits: `*` stands for anything.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, pattern: impl Into<String>) -> Self {
        let fields = self.matches.entry("header").or_insert_with(|| json!({}));
        if let Some(fields) = fields.as_object_mut() {
            fields.insert(name.into(), pattern.into().into());
        }
        self
    }

    /// Strikes the first so many.
    #[must_use]
    pub fn first(mut self, times: u64) -> Self {
        self.when = Some(json!({"first": times}));
        self
    }

    /// Strikes every so manyth.
    #[must_use]
    pub fn every(mut self, nth: u64) -> Self {
        self.when = Some(json!({"every": nth}));
        self
    }

    /// Strikes each with this probability, drawn from the sandbox's seed.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.when = Some(json!({"probability": probability}));
        self
    }

    /// Its name; `fault-1` and so on where it has none.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// How long it stays armed, in real time.
    #[must_use]
    pub fn ttl(mut self, ttl: impl Into<Distance>) -> Self {
        self.ttl = Some(ttl.into().text());
        self
    }
}
