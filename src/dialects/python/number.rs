//! Numbers as Python's scanner splits them: `1.` is `1` with data behind it, `01` is `0` likewise.

use super::cursor::{Cursor, EXPECTING_VALUE, Fault};
use super::value::{Integer, Value};

/// The digits that `int()` takes by default.
const MOST_DIGITS: usize = 4_300;

pub(super) fn read<'a>(cursor: &mut Cursor<'a>) -> Result<Value<'a>, Fault> {
    let rest = cursor.rest();
    let sign = usize::from(rest.first() == Some(&b'-'));
    let digits = |from: usize| rest.iter().skip(from).take_while(|byte| byte.is_ascii_digit()).count();
    let whole = match rest.get(sign) {
        Some(b'0') => 1,
        Some(b'1'..=b'9') => digits(sign),
        _ => return Err(cursor.fault(cursor.at, EXPECTING_VALUE)),
    };
    let mut end = sign + whole;
    let fraction = if rest.get(end) == Some(&b'.') { digits(end + 1) } else { 0 };
    if fraction > 0 {
        end += 1 + fraction;
    }
    let exponent = exponent(rest, end);
    let is_float = fraction > 0 || exponent > 0;
    end += exponent;
    let text = rest.get(..end).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default();
    cursor.at += end;
    if is_float {
        return Ok(Value::Float(text.parse().unwrap_or(f64::NAN)));
    }
    if whole > MOST_DIGITS {
        return Err(Fault::Refused);
    }
    Ok(Value::Integer(text.parse().map_or(Integer::Large(text), Integer::Small)))
}

/// How long the exponent at `at` is; 0 where there is none.
fn exponent(rest: &[u8], at: usize) -> usize {
    if !matches!(rest.get(at), Some(b'e' | b'E')) {
        return 0;
    }
    let sign = usize::from(matches!(rest.get(at + 1), Some(b'+' | b'-')));
    let digits = rest.iter().skip(at + 1 + sign).take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 { 0 } else { 1 + sign + digits }
}

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;

    fn check(text: &str, expected: &Value<'_>) {
        assert_eq!(read(text.as_bytes()).as_ref(), Ok(expected), "{text}");
    }

    #[test]
    fn keeps_integers_whole_and_floats_exact() {
        check("-0", &0.into());
        check("9223372036854775807", &i64::MAX.into());
        check("9223372036854775808", &Value::Integer(Integer::Large("9223372036854775808")));
        check("1e2", &Value::Float(100.0));
        check("-1.5E+3", &Value::Float(-1500.0));
        check("1e400", &Value::Float(f64::INFINITY));
    }

    #[test]
    fn an_integer_of_more_than_4300_digits_is_refused() {
        assert!(read("1".repeat(4300).as_bytes()).is_ok());
        assert_eq!(read("1".repeat(4301).as_bytes()), Err(Fault::Refused));
        assert!(read(format!("{}.0", "1".repeat(5000)).as_bytes()).is_ok());
    }

    #[test]
    fn half_a_fraction_or_exponent_is_data_behind_the_number() {
        for (text, position) in [("1.", 1), ("1e", 1), ("1e+", 1), ("1.5e-", 3)] {
            assert_eq!(read(text.as_bytes()), Err(Fault::Syntax { position, message: "Extra data" }), "{text}");
        }
    }
}
