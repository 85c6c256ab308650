//! The only reader of time.
//!
//! What a vendor would date or count follows a sandbox's [`Clock`]; what protects the machine
//! (time-outs, request timing) follows [`Stopwatch`], which no clock setting moves.

use std::str::FromStr;
use std::time::{Duration, Instant};

use jiff::Timestamp;

/// A sandbox's idea of now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The machine's time.
    #[default]
    Real,
    /// Always this instant.
    Frozen(Timestamp),
}

impl Clock {
    /// The instant this clock shows.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's time")]
    pub fn now(self) -> Timestamp {
        match self {
            Self::Real => Timestamp::now(),
            Self::Frozen(instant) => instant,
        }
    }
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

    #[test]
    fn a_frozen_clock_stands_still() {
        let clock: Clock = "2026-04-09T16:42:24.263Z".parse().expect("an instant");
        assert_eq!(clock.now(), clock.now());
        assert_eq!(clock.now().to_string(), "2026-04-09T16:42:24.263Z");
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
