//! Durations as people write them: `500ms`, `30s`, `2m`, `24h`, `14d`, `2w`.

use std::time::Duration;

/// The longest duration: a hundred years, more than any clock here moves.
const LONGEST_MS: u64 = 100 * 366 * 86_400_000;

/// Why a text is no duration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a whole number with ms, s, m, h, d or w, such as 500ms, 30s or 14d; found {found:?}")]
pub struct DurationError {
    found: String,
}

/// Reads a duration.
///
/// # Errors
///
/// Anything but a whole number with a unit, or more than a hundred years.
pub fn parse(text: &str) -> Result<Duration, DurationError> {
    let error = || DurationError { found: text.chars().take(40).collect() };
    let digits = text.len() - text.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "w" => 604_800_000,
        _ => return Err(error()),
    };
    let ms = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit_ms));
    ms.filter(|ms| *ms <= LONGEST_MS).map(Duration::from_millis).ok_or_else(error)
}

/// Writes a duration with the largest unit that divides it.
#[must_use]
pub fn show(duration: Duration) -> String {
    let ms = duration.as_millis();
    let units = [("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000)];
    match units.into_iter().find(|(_, size)| ms > 0 && ms.is_multiple_of(*size)) {
        Some((unit, size)) => format!("{}{unit}", ms / size),
        None => format!("{ms}ms"),
    }
}

/// A duration as text, for `#[serde(with = "duration::text")]`.
pub mod text {
    use std::time::Duration;

    use serde::{Deserialize, Deserializer, Serializer, de};

    /// Writes it as [`show`](super::show) does.
    ///
    /// # Errors
    ///
    /// What the serializer says.
    pub fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&super::show(*duration))
    }

    /// Reads it as [`parse`](super::parse) does.
    ///
    /// # Errors
    ///
    /// Anything but a duration.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        let text = String::deserialize(deserializer)?;
        super::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_unit_and_reads_back() {
        for text in ["500ms", "5s", "2m", "1h", "13d", "3w", "0ms"] {
            assert_eq!(parse(text).map(show), Ok(text.to_owned()));
        }
        assert_eq!(parse("90s"), Ok(Duration::from_secs(90)));
        for text in ["", "5", "s", "5y", "-1s", "1.5s", "99999999999999999999s", "5000w0", "9999999w"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
