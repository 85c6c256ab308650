//! A sandbox's time, and where its ids come from.

use std::fmt;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::world::clock::Clock;

/// What a clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct ClockState {
    /// How it goes.
    pub mode: ClockMode,
    /// What it shows now.
    #[schemars(with = "String", example = &"2026-01-15T12:00:00Z")]
    pub now: Timestamp,
}

/// How a clock goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ClockMode {
    /// At the machine's time.
    Real,
    /// It stands still.
    Frozen,
    /// It runs, but not at the machine's time.
    Offset,
}

impl fmt::Display for ClockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Real => "real",
            Self::Frozen => "frozen",
            Self::Offset => "offset",
        })
    }
}

impl From<Clock> for ClockState {
    fn from(clock: Clock) -> Self {
        let mode = match clock {
            Clock::Real => ClockMode::Real,
            Clock::Frozen(_) => ClockMode::Frozen,
            Clock::Offset(_) => ClockMode::Offset,
        };
        Self { mode, now: clock.now() }
    }
}

impl fmt::Display for ClockState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.now, self.mode)
    }
}

/// One change of a clock: exactly one of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schemars(
    example = json!({"advance": "14d"}),
    example = json!({"freeze": "now"}),
    example = json!({"set": "2026-01-15T12:00:00Z"}),
    example = json!({"run": true}),
    example = json!({"real": true}),
)]
#[non_exhaustive]
pub enum ClockChange {
    /// Stand still: `"now"`, or at an RFC 3339 instant.
    Freeze(String),
    /// Show another instant, such as `2026-01-15T12:00:00Z`; a clock that stood still stands still there, one that ran
    /// runs on.
    Set(String),
    /// Go on by a duration such as `14d` or `90s`; `-1h` goes back.
    Advance(String),
    /// Run on from where it stands (`true`).
    Run(bool),
    /// Show the machine's time again (`true`).
    Real(bool),
}

/// Where ids come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = json!({"seed": 7}))]
pub struct Seed {
    /// Same seed and same requests, same ids.
    #[schemars(example = 7, transform = any_seed)]
    pub seed: u64,
}

/// A seed may be larger than what `int64` holds.
pub(super) fn any_seed(schema: &mut schemars::Schema) {
    schema.remove("format");
    schema.insert("maximum".to_owned(), u64::MAX.into());
}

impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.seed.fmt(f)
    }
}
