//! `/_mock/clock`: a sandbox's time.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask::{Ask, Outcome, json};
use crate::http::problem::Problem;
use crate::world::clock::Clock;
use crate::world::duration;

/// What a clock shows.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ClockState {
    /// `real`, `frozen` or `offset` (running, but not at the machine's time).
    #[schema(value_type = String, example = "frozen")]
    mode: &'static str,
    /// What it shows now.
    #[schema(value_type = String, example = "2026-01-15T12:00:00Z")]
    now: Timestamp,
}

impl ClockState {
    pub(super) fn of(clock: Clock) -> Self {
        let mode = match clock {
            Clock::Real => "real",
            Clock::Frozen(_) => "frozen",
            Clock::Offset(_) => "offset",
        };
        Self { mode, now: clock.now() }
    }
}

/// One change of a clock: exactly one of these.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[schema(examples(json!({"advance": "14d"})))]
pub(super) enum ClockChange {
    /// Stand still: `"now"`, or at an RFC 3339 instant.
    Freeze(String),
    /// Show another instant; a clock that stood still stands still there, one that ran runs on.
    #[schema(value_type = String, example = json!({"set": "2026-01-15T12:00:00Z"}))]
    Set(Timestamp),
    /// Go on by a duration such as `14d` or `90s`; `-1h` goes back.
    Advance(String),
    /// Run on from where it stands (`true`).
    Run(bool),
    /// Show the machine's time again (`true`).
    Real(bool),
}

/// What the sandbox's clock shows.
#[utoipa::path(get, path = "/_mock/clock", tag = "world", responses((status = 200, body = ClockState)))]
pub(super) fn show_clock(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    Ok(json(200, &ClockState::of(ask.sandbox.clock())))
}

/// Freezes, sets, advances or runs the sandbox's clock.
#[utoipa::path(
    put,
    path = "/_mock/clock",
    tag = "world",
    request_body = ClockChange,
    responses((status = 200, body = ClockState), (status = 400, body = Problem, content_type = "application/problem+json"))
)]
pub(super) fn change_clock(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let change: ClockChange = ask.read()?;
    let clock = match change {
        ClockChange::Freeze(when) if when == "now" => ask.sandbox.set_clock(|clock| Some(clock.freeze())),
        ClockChange::Freeze(when) => {
            let instant: Timestamp = when.parse().map_err(|_| {
                let detail =
                    format!("expected \"now\" or an RFC 3339 instant such as 2026-01-15T12:00:00Z, found {when:?}");
                Problem::new(400, detail).at("$.freeze")
            })?;
            ask.sandbox.set_clock(|_| Some(Clock::Frozen(instant)))
        }
        ClockChange::Set(instant) => ask.sandbox.set_clock(|clock| Some(clock.set(instant))),
        ClockChange::Advance(text) => {
            let distance = distance(&text).map_err(|detail| Problem::new(400, detail).at("$.advance"))?;
            ask.sandbox.set_clock(|clock| clock.advance(distance))
        }
        ClockChange::Run(true) => ask.sandbox.set_clock(|clock| Some(clock.run())),
        ClockChange::Real(true) => ask.sandbox.set_clock(|_| Some(Clock::Real)),
        ClockChange::Run(false) | ClockChange::Real(false) => {
            return Err(Problem::new(400, "expected true; `{\"freeze\": \"now\"}` stops a clock").at("$"));
        }
    };
    match clock {
        Some(clock) => Ok(json(200, &ClockState::of(clock))),
        None => Err(Problem::new(400, "the clock would leave the years that a calendar shows").at("$.advance")),
    }
}

fn distance(text: &str) -> Result<SignedDuration, String> {
    let (text, back) = match text.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (text, false),
    };
    let forth = duration::parse(text).map_err(|error| error.to_string())?;
    let forth = SignedDuration::try_from(forth).map_err(|error| error.to_string())?;
    Ok(if back { -forth } else { forth })
}
