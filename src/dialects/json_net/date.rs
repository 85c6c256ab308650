//! The default ISO form of a date without a kind.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Serialize, Serializer};

use crate::json::{Instant, Shape};

/// An instant printed in UTC without a zone; its fraction without trailing zeros, and not at all if zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unzoned(pub Timestamp);

impl fmt::Display for Unzoned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match Instant::of(self.0, Shape::Unzoned) {
            Some(text) => f.write_str(text.as_str()),
            None => self.fmt_far(f),
        }
    }
}

impl Unzoned {
    /// In a year that has not four digits. A sign counts as one of the four places.
    fn fmt_far(self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = Offset::UTC.to_datetime(self.0);
        let (date, time) = (at.date(), at.time());
        write!(f, "{:04}-{:02}-{:02}T", date.year(), date.month(), date.day())?;
        write!(f, "{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second())?;
        match time.subsec_nanosecond() / 100 {
            0 => Ok(()),
            fraction => f.write_str(format!(".{fraction:07}").trim_end_matches('0')),
        }
    }
}

impl Serialize for Unzoned {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match Instant::of(self.0, Shape::Unzoned) {
            Some(text) => text.serialize(serializer),
            None => serializer.collect_str(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fraction_has_no_trailing_zeros() {
        for (instant, expected) in [
            ("2026-04-09T16:42:24.450Z", "2026-04-09T16:42:24.45"),
            ("2026-04-03T13:09:20.917Z", "2026-04-03T13:09:20.917"),
            ("2026-01-01T12:00:00Z", "2026-01-01T12:00:00"),
            ("2026-01-01T10:00:00.1Z", "2026-01-01T10:00:00.1"),
            ("2026-01-01T10:00:00.007Z", "2026-01-01T10:00:00.007"),
            ("0900-01-01T10:00:00.0000001Z", "0900-01-01T10:00:00.0000001"),
            ("-000900-01-01T10:00:00Z", "-900-01-01T10:00:00"),
            ("-009000-12-31T10:00:00Z", "-9000-12-31T10:00:00"),
        ] {
            assert_eq!(Unzoned(instant.parse().unwrap()).to_string(), expected);
        }
    }
}
