//! What a sandbox was before: the steps of its history, and the way back.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::ClockState;

/// The steps of a sandbox that are kept, a page of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub(crate) struct HistoryPage {
    /// The newest first.
    pub(crate) steps: Vec<HistoryStep>,
    /// The `cursor` of the next page; absent on the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<String>,
    /// How many steps there were since the sandbox was made or reset.
    pub(crate) made: u64,
    /// How many of them made room for others and are gone.
    pub(crate) gone: u64,
    /// About how many bytes those take that are kept.
    pub(crate) bytes: u64,
}

impl fmt::Display for HistoryPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            f.write_str("no steps")?;
        }
        super::lines(f, &self.steps)?;
        match self.gone {
            0 => Ok(()),
            gone => write!(f, "\n({gone} older ones made room for others: --history-bytes)"),
        }
    }
}

/// One change of a sandbox's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct HistoryStep {
    /// Its name, in the order in which they were made.
    #[schemars(example = &"w-3")]
    pub step: String,
    /// When it was made, on the sandbox's clock.
    #[schemars(with = "String", example = &"2026-01-15T12:00:00Z")]
    pub at: Timestamp,
    /// What made it: the operation of a request to a provider, or one of the control API such as `restore_snapshot`.
    /// Absent where a request made it that the journal no longer has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"restore_snapshot")]
    pub by: Option<String>,
    /// The id of the exchange that made it, as long as the journal has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// Its number in the journal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// The providers whose data and ids it replaced.
    pub providers: Vec<String>,
    /// Of one that `undo` made: the step whose state it came back to; `start` is what the sandbox began with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"w-1")]
    pub back_to: Option<String>,
}

impl fmt::Display for HistoryStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.step, self.at, self.by.as_deref().unwrap_or("a request"))?;
        if let Some(number) = self.number {
            write!(f, " #{number}")?;
        }
        if let Some(back_to) = &self.back_to {
            write!(f, " -> {back_to}")?;
        }
        write!(f, " ({})", self.providers.join(", "))
    }
}

/// Where to go back or forward to: exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schemars(example = json!({"before": "1"}), example = json!({"after": "w-1"}))]
pub(crate) enum Rewind {
    /// To before a step such as `w-3`, or before the exchange of this id or number. Before one that changed nothing is
    /// behind the last step before it.
    Before(String),
    /// To behind a step, or behind the exchange of this id or number.
    After(String),
}

/// Where a sandbox is once it went back or forward.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Rewound {
    /// The sandbox.
    #[schemars(example = &"default")]
    pub sandbox: String,
    /// The step that this is itself.
    #[schemars(example = &"w-4")]
    pub step: String,
    /// The step whose state it came to; `start` is what the sandbox began with.
    #[schemars(example = &"w-1")]
    pub back_to: String,
    /// What the clock shows.
    pub clock: ClockState,
}

impl fmt::Display for Rewound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sandbox, step, back_to, clock } = self;
        let place = if back_to == "start" { "where it started".to_owned() } else { format!("behind {back_to}") };
        write!(f, "sandbox {sandbox}: as it was {place} ({step}); clock {clock}")
    }
}
