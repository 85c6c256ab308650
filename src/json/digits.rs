//! Numbers and instants, digit by digit: a record has many, and formatting them took most of a change.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::{Serialize, Serializer};

/// Writes a whole number.
pub(crate) fn push_number(out: &mut Vec<u8>, number: impl itoa::Integer) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// How an instant ends behind its seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As fine as it is, without trailing zeros, and with a `Z`: `2026-04-09T16:42:24.45Z`.
    Exact,
    /// To the second: `2026-04-09T16:42:24Z`.
    Seconds,
    /// To the second, with three zeros: `2026-04-09T16:42:24.000Z`.
    Zeros,
    /// To a tenth of a microsecond, without trailing zeros and without a zone: `2026-04-09T16:42:24.45`.
    Unzoned,
}

/// An instant in UTC as a text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instant {
    bytes: [u8; 32],
    length: usize,
}

impl Instant {
    /// Nothing where the year has not four digits: those are spelled in more than one way.
    pub(crate) fn of(instant: Timestamp, shape: Shape) -> Option<Self> {
        let at = Offset::UTC.to_datetime(instant);
        let (date, time) = (at.date(), at.time());
        let year = u32::try_from(date.year()).ok()?;
        let mut text = Self { bytes: [b'0'; 32], length: 0 };
        text.push_pair(year / 100);
        text.push_pair(year % 100);
        for (sign, number) in [
            (b'-', date.month()),
            (b'-', date.day()),
            (b'T', time.hour()),
            (b':', time.minute()),
            (b':', time.second()),
        ] {
            text.push(sign);
            text.push_pair(number.unsigned_abs().into());
        }
        match (shape, time.subsec_nanosecond().unsigned_abs()) {
            (Shape::Exact, fraction) => text.push_fraction(9, fraction),
            (Shape::Unzoned, fraction) => text.push_fraction(7, fraction / 100),
            (Shape::Zeros, _) => b".000".iter().for_each(|sign| text.push(*sign)),
            (Shape::Seconds, _) => {}
        }
        if shape != Shape::Unzoned {
            text.push(b'Z');
        }
        Some(text)
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        self.bytes.get(..self.length).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    fn push(&mut self, sign: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = sign;
            self.length += 1;
        }
    }

    fn push_digit(&mut self, digit: u32) {
        self.push(b'0' + u8::try_from(digit % 10).unwrap_or_default());
    }

    fn push_pair(&mut self, number: u32) {
        self.push_digit(number / 10);
        self.push_digit(number);
    }

    /// A fraction of so many digits without trailing zeros; none where it is zero.
    fn push_fraction(&mut self, mut digits: u32, mut fraction: u32) {
        if fraction == 0 {
            return;
        }
        while fraction.is_multiple_of(10) {
            (digits, fraction) = (digits - 1, fraction / 10);
        }
        self.push(b'.');
        for place in (0..digits).rev() {
            self.push_digit(fraction / 10_u32.pow(place));
        }
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// Serializes an instant as exactly as it is.
pub(crate) fn exact<S: Serializer>(instant: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    match Instant::of(*instant, Shape::Exact) {
        Some(text) => text.serialize(serializer),
        None => instant.serialize(serializer),
    }
}

/// The same where there need not be one.
pub(crate) fn exact_or_null<S: Serializer>(instant: &Option<Timestamp>, serializer: S) -> Result<S::Ok, S::Error> {
    match instant {
        Some(instant) => exact(instant, serializer),
        None => serializer.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_instant_is_spelled_as_a_calendar_does(second in -62_200_000_000_i64..253_402_207_200, nano in 0..1_000_000_000_i32, coarse in 0..10_u32) {
            let step = 10_i32.pow(coarse);
            let instant = Timestamp::new(second, nano / step * step).expect("an instant");
            let whole = Timestamp::from_second(instant.as_second()).expect("an instant");
            let Some(text) = Instant::of(instant, Shape::Exact) else {
                prop_assert!(!instant.to_string().starts_with(|sign: char| sign.is_ascii_digit()));
                return Ok(());
            };
            prop_assert_eq!(text.as_str(), instant.to_string());
            let seconds = Instant::of(whole, Shape::Seconds).expect("four digits");
            prop_assert_eq!(seconds.as_str(), whole.to_string());
            let zeros = Instant::of(whole, Shape::Zeros).expect("four digits");
            prop_assert_eq!(zeros.as_str(), format!("{whole:.3}"));
        }
    }
}
