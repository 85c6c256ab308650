//! The only reader of time.
//!
//! What a vendor would date or count follows a sandbox's [`Clock`]; what protects the machine
//! (time-outs, delays, the life of a sandbox) follows [`Stopwatch`], which no clock setting moves.

use std::str::FromStr;
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

/// A sandbox's idea of now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The machine's time.
    #[default]
    Real,
    /// Always this instant.
    Frozen(Timestamp),
    /// The machine's time and this much more or less.
    Offset(SignedDuration),
}

impl Clock {
    /// The instant this clock shows.
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Self::Real => machine_now(),
            Self::Frozen(instant) => instant,
            Self::Offset(offset) => machine_now().saturating_add(offset).unwrap_or(Timestamp::MAX),
        }
    }

    /// This clock, standing still where it shows now.
    #[must_use]
    pub fn freeze(self) -> Self {
        Self::Frozen(self.now())
    }

    /// This clock, running on from where it shows now.
    #[must_use]
    pub fn run(self) -> Self {
        match self {
            Self::Frozen(instant) => Self::Offset(instant.duration_since(machine_now())),
            running => running,
        }
    }

    /// This clock showing another instant: frozen if it stood still, running if it ran.
    #[must_use]
    pub fn set(self, instant: Timestamp) -> Self {
        match self {
            Self::Frozen(_) => Self::Frozen(instant),
            Self::Real | Self::Offset(_) => Self::Offset(instant.duration_since(machine_now())),
        }
    }

    /// This clock, so much later; nothing where that is beyond what a calendar shows.
    #[must_use]
    pub fn advance(self, distance: SignedDuration) -> Option<Self> {
        let reached = self.now().checked_add(distance).ok()?;
        match self {
            Self::Frozen(_) => Some(Self::Frozen(reached)),
            Self::Real => Some(Self::Offset(distance)),
            Self::Offset(offset) => offset.checked_add(distance).map(Self::Offset),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's time")]
fn machine_now() -> Timestamp {
    Timestamp::now()
}

/// Why a clock could not be read from text.
#[derive(Debug, thiserror::Error)]
#[error("expected `real` or an RFC 3339 instant such as 2026-01-15T12:00:00Z, found {found:?}")]
pub struct ClockError {
    found: String,
}

impl FromStr for Clock {
    type Err = ClockError;

    /// Reads `real` or an RFC 3339 instant, at which the clock stands still.
    fn from_str(text: &str) -> Result<Self, ClockError> {
        if text.eq_ignore_ascii_case("real") {
            return Ok(Self::Real);
        }
        text.parse().map(Self::Frozen).map_err(|_| ClockError { found: text.to_owned() })
    }
}

/// Measures real, monotonic time from its start.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads monotonic time")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time since the start.
    #[must_use]
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frozen() -> Clock {
        "2026-04-09T16:42:24.263Z".parse().expect("an instant")
    }

    #[test]
    fn a_frozen_clock_stands_still() {
        assert_eq!(frozen().now(), frozen().now());
        assert_eq!(frozen().now().to_string(), "2026-04-09T16:42:24.263Z");
    }

    #[test]
    fn a_clock_moves_by_command() {
        let later = frozen().advance(SignedDuration::from_hours(24)).expect("a day later");
        assert_eq!(later.now().to_string(), "2026-04-10T16:42:24.263Z");
        assert_eq!(frozen().advance(SignedDuration::MAX), None);
        let instant: Timestamp = "2030-01-01T00:00:00Z".parse().expect("an instant");
        assert_eq!(frozen().set(instant), Clock::Frozen(instant));
        let running = Clock::Real.set(instant);
        assert!(running.now() >= instant && running.now() < instant + SignedDuration::from_mins(1));
        assert!(matches!(running.freeze(), Clock::Frozen(_)));
        assert!(matches!(frozen().run(), Clock::Offset(_)));
    }

    #[test]
    fn a_clock_that_is_no_instant_says_what_would_be_right() {
        let error = "yesterday".parse::<Clock>().expect_err("not an instant");
        assert_eq!(
            error.to_string(),
            "expected `real` or an RFC 3339 instant such as 2026-01-15T12:00:00Z, found \"yesterday\""
        );
    }
}
