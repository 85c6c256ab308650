//! The default ISO form of a date without a kind.

use std::fmt;

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Serialize, Serializer};

/// An instant printed in UTC without a zone; its fraction without trailing zeros, and not at all if zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unzoned(pub Timestamp);

impl fmt::Display for Unzoned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

impl Unzoned {
    /// Written digit by digit: an answer has many of them, and formatting takes most of its time.
    fn text(self) -> String {
        let at = Offset::UTC.to_datetime(self.0);
        let (date, time) = (at.date(), at.time());
        let mut text = String::with_capacity(32);
        // A sign counts as one of the four places.
        let year = date.year().unsigned_abs();
        text.push_str(if date.year() < 0 { "-" } else { "" });
        push(&mut text, if date.year() < 0 && year < 1000 { 3 } else { 4 }, year.into());
        for (sign, number) in
            [('-', date.month()), ('-', date.day()), ('T', time.hour()), (':', time.minute()), (':', time.second())]
        {
            text.push(sign);
            push(&mut text, 2, number.unsigned_abs().into());
        }
        let fraction = time.subsec_nanosecond().unsigned_abs() / 100;
        if fraction > 0 {
            text.push('.');
            push(&mut text, 7, fraction);
            text.truncate(text.trim_end_matches('0').len());
        }
        text
    }
}

/// Adds a number with zeros before it.
fn push(text: &mut String, digits: u32, number: u32) {
    for place in (0..digits).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
}

impl Serialize for Unzoned {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text())
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
