//! Which texts are numbers and booleans.

/// The 32-bit integer of a bare number, as an `int` member takes it.
///
/// A leading zero makes it octal, `0x` hexadecimal; `1.0` and `1e2` are none.
pub(super) fn bare_int(text: &str) -> Option<i32> {
    if let Some((digits, radix)) = non_decimal(text) {
        return u32::from_str_radix(digits, radix).ok().map(u32::cast_signed);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.len() <= 10 && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

/// The 32-bit integer of a quoted number: blanks around and a sign are fine.
pub(super) fn quoted_int(text: &str) -> Option<i32> {
    let blank = |c: char| matches!(c, ' ' | '\t'..='\r');
    let text = text.trim_end_matches('\0').trim_matches(blank);
    text.parse().ok()
}

/// Whether a bare number is one, and if so whether it is something else than zero.
pub(super) fn bare_number(text: &str) -> Option<bool> {
    if let Some((digits, radix)) = non_decimal(text) {
        return u64::from_str_radix(digits, radix).ok().map(|number| number != 0);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let fits = text.len() <= BIGGEST_INTEGER;
        return fits.then(|| digits.bytes().any(|byte| byte != b'0'));
    }
    let number: f64 = text.parse().ok()?;
    number.is_finite().then_some(number != 0.0)
}

/// Whether a string member takes this bare number as its text.
pub(super) fn is_number_text(text: &str) -> bool {
    match non_decimal(text) {
        Some((digits, radix)) => u64::from_str_radix(digits, radix).is_ok(),
        None => text.parse::<f64>().is_ok_and(f64::is_finite),
    }
}

/// The boolean of a quoted text: `true` or `false` in any letter case with blanks around.
pub(super) fn quoted_bool(text: &str) -> Option<bool> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else if text.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// The longest integer in characters that the library makes a big integer of.
const BIGGEST_INTEGER: usize = 380;

/// The digits and the radix of a number that starts with a zero and goes on with neither `.` nor an exponent.
fn non_decimal(text: &str) -> Option<(&str, u32)> {
    let rest = text.strip_prefix('0')?;
    match rest.bytes().next()? {
        b'.' | b'e' | b'E' => None,
        b'x' | b'X' => rest.get(1..).map(|digits| (digits, 16)),
        _ => Some((rest, 8)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_integers() {
        for (text, expected) in [
            ("67", Some(67)),
            ("-3", Some(-3)),
            ("-0", Some(0)),
            ("2147483647", Some(i32::MAX)),
            ("-2147483648", Some(i32::MIN)),
            ("2147483648", None),
            ("1.0", None),
            ("1e2", None),
            ("-", None),
            ("017", Some(15)),
            ("09", None),
            ("0x1F", Some(31)),
            ("0xFFFFFFFF", Some(-1)),
            ("0x", None),
        ] {
            assert_eq!(bare_int(text), expected, "{text}");
        }
    }

    #[test]
    fn quoted_integers() {
        for (text, expected) in
            [(" 67 ", Some(67)), ("+67", Some(67)), ("-3", Some(-3)), ("1.0", None), ("0x10", None), ("  ", None)]
        {
            assert_eq!(quoted_int(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_as_booleans() {
        for (text, expected) in [
            ("0", Some(false)),
            ("0.5", Some(true)),
            ("-1", Some(true)),
            ("1e2", Some(true)),
            ("-0.0", Some(false)),
            ("1e400", None),
            ("99999999999999999999", Some(true)),
            ("00", Some(false)),
            (".", None),
            ("1-2", None),
        ] {
            assert_eq!(bare_number(text), expected, "{text}");
        }
    }

    #[test]
    fn quoted_booleans() {
        for (text, expected) in
            [("true", Some(true)), (" FALSE ", Some(false)), ("1", None), ("yes", None), ("tru e", None)]
        {
            assert_eq!(quoted_bool(text), expected, "{text}");
        }
    }
}
