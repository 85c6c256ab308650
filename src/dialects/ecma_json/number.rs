//! `Number(text)`.

use super::text::trim;

/// What `Number(text)` makes of a text: blanks around it fall away, none at all is 0, and `0x`, `0o`
/// and `0b` are read. NaN is what it does not take.
#[must_use]
pub(crate) fn to_number(text: &str) -> f64 {
    let text = trim(text);
    if text.is_empty() {
        return 0.0;
    }
    match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => in_radix(&text[2..], 4),
        [b'0', b'o' | b'O', ..] => in_radix(&text[2..], 3),
        [b'0', b'b' | b'B', ..] => in_radix(&text[2..], 1),
        _ => decimal(text),
    }
}

fn decimal(text: &str) -> f64 {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let numeric = unsigned == "Infinity"
        || unsigned.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    // What is left by the alphabet above, Rust reads as ECMAScript does: `1.`, `.5`, `1e5`, not `.` or `1e`.
    if numeric { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

/// An unsigned number of `bits` bits a digit, rounded to the nearest double, ties to even.
fn in_radix(digits: &str, bits: u32) -> f64 {
    if digits.is_empty() {
        return f64::NAN;
    }
    let mut leading: u64 = 0;
    let mut dropped = 0_i32;
    let mut sticky = false;
    for letter in digits.chars() {
        let Some(digit) = letter.to_digit(1 << bits) else { return f64::NAN };
        if leading >> (60 - bits) == 0 {
            leading = (leading << bits) | u64::from(digit);
        } else {
            dropped = dropped.saturating_add(bits.cast_signed());
            sticky |= digit != 0;
        }
    }
    // At least 56 bits are kept, so one more below them decides every tie as the dropped digits would.
    #[expect(clippy::cast_precision_loss, reason = "the rounding is the point")]
    let head = ((leading << 1) | u64::from(sticky)) as f64;
    head * 2_f64.powi(dropped - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_javascript_does() {
        let check = |text: &str, expected: f64| {
            let number = to_number(text);
            assert!(
                number == expected || number.is_nan() && expected.is_nan(),
                "{text:?} gave {number}, not {expected}"
            );
        };
        for (text, expected) in [
            ("", 0.0),
            ("  ", 0.0),
            ("1e1", 10.0),
            ("0x2", 2.0),
            (" 2\n", 2.0),
            ("\u{a0}2\u{feff}", 2.0),
            ("2.0", 2.0),
            ("2.", 2.0),
            (".5", 0.5),
            ("0b11", 3.0),
            ("0O17", 15.0),
            ("+7", 7.0),
            ("-0", 0.0),
            ("08", 8.0),
            ("Infinity", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
            ("1e400", f64::INFINITY),
            ("0x1fffffffffffff1", 144_115_188_075_855_856.0),
            ("0xffffffffffffffffffffffff", 79_228_162_514_264_337_593_543_950_336.0),
        ] {
            check(text, expected);
        }
        for text in [
            ".",
            "1e",
            "0x",
            "-0x2",
            "0xg",
            "infinity",
            "inf",
            "nan",
            "NaN",
            "1_000",
            "10n",
            "\u{200b}2",
            "1 2",
            "--1",
            "e5",
            "٣",
        ] {
            check(text, f64::NAN);
        }
    }
}
