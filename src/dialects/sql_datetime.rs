//! What a SQL Server `datetime` column keeps of an instant.

use jiff::Timestamp;

/// An instant rounded to three-hundredths of a second, then printed in milliseconds: they end in 0, 3 or 7.
#[must_use]
pub fn round(instant: Timestamp) -> Timestamp {
    let nanosecond = instant.as_nanosecond();
    let second = nanosecond.div_euclid(NANOSECONDS);
    let ticks = (nanosecond.rem_euclid(NANOSECONDS) * 3 + 5_000_000) / 10_000_000;
    let millisecond = (ticks * 20 + 3) / 6;
    // The last instant that there is has no later one to carry into.
    Timestamp::from_nanosecond(second * NANOSECONDS + millisecond * 1_000_000).unwrap_or(instant)
}

const NANOSECONDS: i128 = 1_000_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_end_in_0_3_or_7() {
        for (instant, expected) in [
            ("2026-01-01T10:00:00.000Z", "2026-01-01T10:00:00.000Z"),
            ("2026-01-01T10:00:00.001Z", "2026-01-01T10:00:00.000Z"),
            ("2026-01-01T10:00:00.002Z", "2026-01-01T10:00:00.003Z"),
            ("2026-01-01T10:00:00.003Z", "2026-01-01T10:00:00.003Z"),
            ("2026-01-01T10:00:00.004Z", "2026-01-01T10:00:00.003Z"),
            ("2026-01-01T10:00:00.005Z", "2026-01-01T10:00:00.007Z"),
            ("2026-01-01T10:00:00.008Z", "2026-01-01T10:00:00.007Z"),
            ("2026-01-01T10:00:00.009Z", "2026-01-01T10:00:00.010Z"),
            ("2026-01-01T10:00:00.999Z", "2026-01-01T10:00:01.000Z"),
            ("2026-12-31T23:59:59.999Z", "2027-01-01T00:00:00.000Z"),
            ("1960-12-31T23:59:59.999Z", "1961-01-01T00:00:00.000Z"),
            ("2026-04-09T16:42:24.263Z", "2026-04-09T16:42:24.263Z"),
        ] {
            let expected: Timestamp = expected.parse().unwrap();
            assert_eq!(round(instant.parse().unwrap()), expected, "{instant}");
            assert_eq!(round(expected), expected, "rounding twice changes nothing");
        }
    }
}
