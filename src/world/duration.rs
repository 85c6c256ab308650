//! Durations as people write them: `500ms`, `30s`, `2m`, `24h`, `14d`, `2w`, `1h30m`.

use std::time::Duration;

/// The longest duration: a hundred years, more than any clock here moves.
const LONGEST_MS: u64 = 100 * 366 * 86_400_000;

/// Why a text is no duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected whole numbers with w, d, h, m, s or ms, the larger unit first, such as 500ms, 90s, 1h30m or 14d; \
     found {found:?}{}",
    self.meant()
)]
pub(crate) struct DurationError {
    found: String,
}

impl DurationError {
    /// What was probably meant by a number without its unit, and what is too long.
    fn meant(&self) -> String {
        let found = &*self.found;
        let is_number = !found.is_empty() && found.len() < 10 && found.bytes().all(|byte| byte.is_ascii_digit());
        match is_number {
            true => format!(", which has no unit: send {found}s or {found}ms"),
            false
                if found.starts_with(|first: char| first.is_ascii_digit())
                    && found.ends_with(|last: char| last.is_ascii_alphabetic()) =>
            {
                "; it may be at most a hundred years".to_owned()
            }
            false => String::new(),
        }
    }
}

/// The units, the largest first, and their milliseconds.
const UNITS: [(&str, u64); 6] =
    [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

/// Reads a duration.
///
/// # Errors
///
/// Anything but whole numbers with units, each unit at most once and the larger first, or more than a hundred years.
pub(crate) fn parse(text: &str) -> Result<Duration, DurationError> {
    let error = || DurationError { found: text.chars().take(40).collect() };
    let (mut rest, mut ms, mut units) = (text, 0_u64, &UNITS[..]);
    while !rest.is_empty() || ms == 0 && units.len() == UNITS.len() {
        let digits = rest.len() - rest.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
        let (number, behind) = rest.split_at(digits);
        let letters = behind.len() - behind.trim_start_matches(|letter: char| letter.is_ascii_alphabetic()).len();
        let (unit, behind) = behind.split_at(letters);
        let place = units.iter().position(|(name, _)| *name == unit).ok_or_else(error)?;
        let part = number.parse::<u64>().ok().and_then(|number| number.checked_mul(units[place].1));
        ms = part.and_then(|part| ms.checked_add(part)).filter(|ms| *ms <= LONGEST_MS).ok_or_else(error)?;
        (rest, units) = (behind, &units[place + 1..]);
    }
    Ok(Duration::from_millis(ms))
}

/// Writes a duration with the largest unit that divides it, as `90s`; one that is long for that unit with more of them,
/// as `10m1s`.
#[must_use]
pub(crate) fn show(duration: Duration) -> String {
    let ms = duration.as_millis();
    let divides = |(_, size): &(&str, u64)| ms > 0 && ms.is_multiple_of(u128::from(*size));
    let place = UNITS.iter().position(divides).unwrap_or(UNITS.len() - 1);
    let larger = place.checked_sub(1).filter(|place| *place > 0).map(|place| UNITS[place].1);
    if larger.is_none_or(|larger| ms < 2 * u128::from(larger)) {
        let (unit, size) = UNITS[place];
        return format!("{}{unit}", ms / u128::from(size));
    }
    let mut left = ms;
    let parts = UNITS.iter().skip(1).map(|(unit, size)| {
        let count = left / u128::from(*size);
        left %= u128::from(*size);
        if count == 0 { String::new() } else { format!("{count}{unit}") }
    });
    parts.collect()
}

/// How far a clock moves, or how long something lasts: `"14d"`, `"-1h"`, or a [`Duration`] in whole milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Distance(String);

impl Distance {
    /// As it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Distance {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for Distance {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<Duration> for Distance {
    fn from(duration: Duration) -> Self {
        Self(show(duration))
    }
}

/// A duration as text, for `#[serde(with = "duration::text")]`.
pub(crate) mod text {
    use std::fmt;
    use std::time::Duration;

    use serde::{Deserializer, Serializer, de};

    /// Writes it as [`show`](super::show) does.
    ///
    /// # Errors
    ///
    /// What the serializer says.
    pub(crate) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::show(*duration))
    }

    /// Reads it as [`parse`](super::parse) does.
    ///
    /// # Errors
    ///
    /// Anything but a duration.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        deserializer.deserialize_str(Text)
    }

    struct Text;

    impl de::Visitor<'_> for Text {
        type Value = Duration;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a duration such as \"500ms\", \"90s\" or \"1h30m\"")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<Duration, E> {
            super::parse(text).map_err(E::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_unit_and_reads_back() {
        for text in ["500ms", "5s", "2m", "1h", "13d", "3w", "0ms", "90s", "1500ms", "10m1s", "2h30m", "30d", "25d1ms"]
        {
            assert_eq!(parse(text).map(show), Ok(text.to_owned()));
        }
        for (text, seconds) in [("90s", 90), ("1h30m", 5_400), ("1w2d3h4m5s", 788_645), ("0h0s", 0)] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        assert_eq!(parse("1s500ms"), Ok(Duration::from_millis(1_500)));
        for text in [
            "",
            "5",
            "s",
            "5y",
            "-1s",
            "1.5s",
            "99999999999999999999s",
            "5000w0",
            "9999999w",
            "30m1h",
            "1s1s",
            "1h 30m",
            "1h-30m",
            "1H",
            "5217w5217d",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
