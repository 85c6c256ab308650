//! Numbers as JSON Schema compares them: by what they mean, exactly, however they are written.

use std::cmp::Ordering;

use serde_json::Number;

/// Where every whole number of 64 bits ends, as a float: 2^64.
const BEYOND: f64 = 18_446_744_073_709_551_616.0;

/// Whether a number is whole: `1`, `1.0` and `1e3` are.
pub(super) fn is_whole(number: &Number) -> bool {
    !number.is_f64() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
}

/// The number as a whole one, where it is whole and not far beyond 64 bits.
pub(super) fn whole(number: &Number) -> Option<i128> {
    if let Some(whole) = number.as_u64() {
        return Some(whole.into());
    }
    if let Some(whole) = number.as_i64() {
        return Some(whole.into());
    }
    let float = number.as_f64()?;
    (float.fract() == 0.0 && float.abs() <= BEYOND).then(|| floor(float))
}

/// Which of two numbers is larger. No digit is lost: 9007199254740993 is more than 9007199254740992.0.
pub(super) fn compare(left: &Number, right: &Number) -> Ordering {
    let float = |number: &Number| number.as_f64().filter(|_| number.is_f64());
    match (float(left), float(right)) {
        (Some(left), Some(right)) => left.partial_cmp(&right).unwrap_or(Ordering::Equal),
        (Some(left), None) => float_with_whole(left, right),
        (None, Some(right)) => float_with_whole(right, left).reverse(),
        (None, None) => whole(left).cmp(&whole(right)),
    }
}

fn float_with_whole(float: f64, number: &Number) -> Ordering {
    if float.abs() > BEYOND {
        return if float > 0.0 { Ordering::Greater } else { Ordering::Less };
    }
    let below = floor(float);
    let fraction = if float > float.floor() { Ordering::Greater } else { Ordering::Equal };
    below.cmp(&whole(number).unwrap_or_default()).then(fraction)
}

#[expect(clippy::cast_possible_truncation, reason = "asked of floats up to 2^64, which 128 bits hold")]
fn floor(float: f64) -> i128 {
    float.floor() as i128
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_what_they_mean() {
        let number = |text: &str| serde_json::from_str::<Number>(text).expect(text);
        let ascending = [
            "-1e300",
            "-18446744073709551616.0",
            "-9223372036854775808",
            "-1.5",
            "-1",
            "-0.5",
            "0",
            "5e-324",
            "0.5",
            "1",
            "1.5",
            "9007199254740992.0",
            "9007199254740993",
            "9223372036854775807",
            "9223372036854775808.0",
            "18446744073709551615",
            "18446744073709551616.0",
            "1e300",
        ];
        for (i, left) in ascending.iter().enumerate() {
            for (j, right) in ascending.iter().enumerate() {
                assert_eq!(compare(&number(left), &number(right)), i.cmp(&j), "{left} and {right}");
            }
        }
        for (left, right) in
            [("1", "1.0"), ("0", "-0.0"), ("-1e0", "-1"), ("9223372036854775808", "9223372036854775808.0")]
        {
            assert_eq!(compare(&number(left), &number(right)), Ordering::Equal, "{left} and {right}");
        }
    }
}
