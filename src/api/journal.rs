//! The exchanges of the journal: `/_mock/requests` and `/_mock/events`.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Body, EVERYWHERE, Hint, Provenance};
pub use crate::world::call::Outcome;
pub use crate::world::journal::DeliveryState;
use crate::world::journal::Progress;
pub use crate::world::journal::Why;
use crate::world::refusal::counted;

/// One exchange.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Exchange {
    /// Its id, of a stream of its own.
    #[schemars(example = &"5f0c954c-8a3b-4d7e-9a51-3f3f0f6c1d2e")]
    pub id: String,
    /// Its number in the sandbox since the journal was last emptied, from 1.
    pub number: u64,
    /// The sandbox that it was sent to.
    #[schemars(example = &"default")]
    pub sandbox: String,
    /// When it was answered, on the sandbox's clock.
    #[schemars(with = "String", example = &"2026-01-15T12:00:00Z")]
    pub at: Timestamp,
    /// How long it took until the answer had left, in milliseconds of real time, with what a fault held it back; of
    /// one that is still under way, until now.
    pub took_ms: f64,
    /// The provider whose mount took it.
    pub provider: Option<Cow<'static, str>>,
    /// The operation that answered.
    pub operation: Option<Cow<'static, str>>,
    /// How the operation is known.
    pub provenance: Option<Provenance>,
    /// What was asked.
    pub request: ExchangeRequest,
    /// What was answered.
    pub answer: ExchangeAnswer,
    /// How much of the answer left, where that is not all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// Whether the state was written.
    pub changed: bool,
    /// The step of the sandbox's history that it made, where it did and one is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"w-3")]
    pub step: Option<String>,
    /// What became of it: a vendor may refuse with a status of 200.
    pub outcome: Outcome,
    /// The fault that struck.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// What the client sent and the vendor ignores.
    pub ignored: Vec<Ignored>,
    /// What was probably meant, where the request hit no operation or did not pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Hint>,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ExchangeRequest {
    /// The method.
    pub method: String,
    /// Path and query as sent, without the sandbox's prefix; secrets are redacted.
    pub target: String,
    /// Names and values, sorted by name; secrets are redacted.
    #[schemars(with = "Vec<[String; 2]>")]
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(flatten)]
    pub body: Body,
}

/// What was answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ExchangeAnswer {
    /// The status.
    pub status: u16,
    /// Names and values, sorted by name; secrets are redacted.
    #[schemars(with = "Vec<[String; 2]>")]
    pub headers: Vec<(String, String)>,
    /// The body.
    #[serde(flatten)]
    pub body: Body,
}

/// How much of an answer left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Delivery {
    /// Why it is not all of it.
    pub state: DeliveryState,
    /// Whether its status and its header fields left.
    pub head: bool,
    /// How many bytes of its body left.
    pub body_bytes: usize,
}

impl Delivery {
    /// What is to be told of an answer, where not all of it has left.
    pub(crate) fn of(Progress { state, head, body, .. }: Progress) -> Option<Self> {
        (state != DeliveryState::Left).then_some(Self { state, head: head.is_some(), body_bytes: body })
    }
}

/// A page of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ExchangePage {
    /// The exchanges, in the order asked for.
    pub requests: Vec<Exchange>,
    /// The `cursor` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many exchanges were kept since the journal was last emptied.
    pub written: u64,
    /// How many of them made room for others and are gone.
    pub gone: u64,
    /// Where requests went instead, the last first and at most five, where none came to this sandbox.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<Traffic>,
}

/// A sandbox that requests went to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Traffic {
    /// Its name.
    #[schemars(example = &"default")]
    pub sandbox: String,
    /// How many requests were kept since its journal was last emptied.
    pub requests: u64,
    /// Method, target and status of the last one that is still kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"GET /v1/personas -> 200")]
    pub last: Option<String>,
}

/// A field that the client sent and the vendor ignores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Ignored {
    /// Where, in the body or the query.
    #[schemars(example = &"$.marketingEmails")]
    pub at: String,
    /// The documented name that was probably meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"marketingEmailsPreference")]
    pub nearest: Option<String>,
    /// Other operations that take a field of this name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken_by: Vec<String>,
}

/// Something that happened in a sandbox, as `/_mock/events` tells it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[non_exhaustive]
pub enum Event {
    /// A request was answered.
    Exchange(Box<Exchange>),
    /// So many exchanges made room for others before they could be told.
    Lost {
        /// How many.
        lost: u64,
    },
    /// What was told before counts no more, and all that is kept follows.
    Reset {
        /// Of this sandbox; `*` is all of them.
        sandbox: String,
        /// Why.
        why: Why,
    },
    /// There will be no more.
    End {
        /// Why, as a sentence.
        reason: String,
        /// Why, as a word.
        why: Why,
    },
}

impl Event {
    /// The name under which it is sent.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Exchange(_) => "exchange",
            Self::Lost { .. } => "lost",
            Self::Reset { .. } => "reset",
            Self::End { .. } => "end",
        }
    }

    /// The end of a stream that follows a sandbox.
    pub(crate) fn end(why: Why, sandbox: &str) -> Self {
        Self::End { reason: sentence(why, sandbox), why }
    }

    /// Reads an event by its name; nothing where no event is known by it.
    ///
    /// # Errors
    ///
    /// The data are not what an event of this name has.
    pub fn read(name: &str, data: &str) -> Result<Option<Self>, serde_json::Error> {
        #[derive(Deserialize)]
        struct Lost {
            lost: u64,
        }
        #[derive(Deserialize)]
        struct Reset {
            sandbox: String,
            why: Why,
        }
        #[derive(Deserialize)]
        struct End {
            reason: String,
            why: Why,
        }
        Ok(Some(match name {
            "exchange" => Self::Exchange(serde_json::from_str(data)?),
            "lost" => Self::Lost { lost: serde_json::from_str::<Lost>(data)?.lost },
            "reset" => {
                let Reset { sandbox, why } = serde_json::from_str(data)?;
                Self::Reset { sandbox, why }
            }
            "end" => {
                let End { reason, why } = serde_json::from_str(data)?;
                Self::End { reason, why }
            }
            _ => return Ok(None),
        }))
    }
}

/// Why the events of a sandbox start anew or end, as a person reads it.
fn sentence(why: Why, sandbox: &str) -> String {
    match why {
        Why::Emptied => format!("the journal of the sandbox `{sandbox}` was emptied"),
        Why::Deleted => format!("the sandbox `{sandbox}` was deleted"),
        Why::Replaced => format!("the sandbox `{sandbox}` was replaced by a new one of that name"),
        Why::Expired => format!("the sandbox `{sandbox}` expired: nobody used it"),
        Why::Evicted => format!("the sandbox `{sandbox}` was evicted: it made room for others"),
        Why::NoRoom => format!("there is no room for the sandbox `{sandbox}`"),
        Why::Restarted => "the server was started again: what was before is not kept".to_owned(),
        Why::Stopped => "the server stops".to_owned(),
        Why::Unknown if sandbox == EVERYWHERE => "the event that was seen last is none of this server".to_owned(),
        Why::Unknown => format!("the event that was seen last is none of the sandbox `{sandbox}`"),
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exchange(exchange) => exchange.fmt(f),
            Self::Lost { lost } => {
                write!(f, "({} made room for others and could not be shown)", counted(*lost, "exchange"))
            }
            Self::Reset { sandbox, why } => write!(f, "({})", sentence(*why, sandbox)),
            Self::End { reason, .. } => write!(f, "({reason})"),
        }
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let operation = self.operation.as_deref().or(self.provider.as_deref()).unwrap_or("-");
        let ExchangeRequest { method, target, .. } = &self.request;
        write!(f, "#{} {} {method} {target} -> {} {operation}", self.number, self.at, self.answer.status)?;
        // How an answer was cut says more than that it failed.
        if self.outcome == Outcome::Refused || (self.outcome == Outcome::Failed && self.delivery.is_none()) {
            write!(f, " ({})", self.outcome)?;
        }
        match &self.delivery {
            Some(Delivery { state: DeliveryState::UnderWay, .. }) => f.write_str(" (under way)")?,
            Some(delivery) => write!(f, " ({delivery})")?,
            None => {}
        }
        if let Some(fault) = &self.fault {
            write!(f, "\n    fault: {fault}")?;
        }
        self.ignored.iter().try_for_each(|ignored| write!(f, "\n    {ignored}"))?;
        self.hint.iter().try_for_each(|hint| write!(f, "\n    hint: {hint}"))
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.state {
            DeliveryState::UnderWay => "under way",
            DeliveryState::Left => "left",
            DeliveryState::Cut => "cut",
            DeliveryState::ClientGone => "its client was gone",
        })?;
        match (self.head, self.body_bytes) {
            (false, _) => f.write_str(" before its first byte"),
            (true, bytes) => write!(f, " after its head and {bytes} bytes of its body"),
        }
    }
}

impl fmt::Display for ExchangeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} {}", self.method, self.target)?;
        said(f, &self.headers, &self.body)
    }
}

impl fmt::Display for ExchangeAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.status)?;
        said(f, &self.headers, &self.body)
    }
}

fn said(f: &mut fmt::Formatter<'_>, headers: &[(String, String)], body: &Body) -> fmt::Result {
    headers.iter().try_for_each(|(name, value)| writeln!(f, "{name}: {value}"))?;
    match body.to_string() {
        body if body.is_empty() => Ok(()),
        body => write!(f, "\n{body}\n"),
    }
}

impl fmt::Display for ExchangePage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.requests.is_empty() {
            f.write_str("no requests")?;
        }
        if !self.elsewhere.is_empty() {
            f.write_str("; those of other sandboxes, the last first:")?;
            self.elsewhere.iter().try_for_each(|traffic| write!(f, "\n  {traffic}"))?;
        }
        super::lines(f, &self.requests)?;
        if self.gone > 0 {
            write!(f, "\n({} older ones made room for others)", self.gone)?;
        }
        self.next.iter().try_for_each(|next| write!(f, "\n(more: --cursor {next})"))
    }
}

impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}", self.sandbox, self.requests)?;
        self.last.iter().try_for_each(|last| write!(f, ", the last {last}"))?;
        f.write_str(")")
    }
}

impl fmt::Display for Ignored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ignored by the vendor: {}", self.at)?;
        self.nearest.iter().try_for_each(|name| write!(f, "; `{name}` was probably meant"))
    }
}
