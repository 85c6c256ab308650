//! How `repr` prints a float: the shortest digits that read back, an exponent from 1e16 on and
//! below 1e-4.

use std::io::Write;

/// Adds the text of a finite float.
///
/// The digits are those of JavaScript's printer, which breaks a tie between two shortest texts to the even
/// digit as Python does, and Rust's own does not.
pub(super) fn write(number: f64, out: &mut Vec<u8>) {
    if number.is_sign_negative() {
        out.push(b'-');
    }
    let magnitude = number.abs();
    let mut buffer = ryu_js::Buffer::new();
    let text = buffer.format_finite(magnitude);
    if magnitude == 0.0 || (1e-4..1e16).contains(&magnitude) {
        out.extend_from_slice(text.as_bytes());
        if !text.contains('.') {
            out.extend_from_slice(b".0");
        }
        return;
    }
    let (mantissa, exponent) = text.split_once('e').unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    // Where the point stands, counted from the first digit that is not zero.
    let point = i64::try_from(whole.len() + significant.len()).unwrap_or(0) - i64::try_from(digits.len()).unwrap_or(0);
    let exponent = point + exponent.parse::<i64>().unwrap_or(0) - 1;
    let (first, rest) = significant.split_at(1);
    let rest = rest.trim_end_matches('0');
    let dot = if rest.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    // Writing to a Vec cannot fail.
    let _ = write!(out, "{first}{dot}{rest}e{sign}{:0>2}", exponent.abs());
}

#[cfg(test)]
mod tests {
    #[test]
    fn prints_as_repr_does() {
        let check = |number: f64, expected: &str| {
            let mut out = Vec::new();
            super::write(number, &mut out);
            assert_eq!(String::from_utf8_lossy(&out), expected);
        };
        check(100.0, "100.0");
        check(-0.0, "-0.0");
        check(0.1, "0.1");
        check(1e15, "1000000000000000.0");
        check(1e16, "1e+16");
        check(1.5e300, "1.5e+300");
        check(0.0001, "0.0001");
        check(0.00001, "1e-05");
        check(-1.25e-7, "-1.25e-07");
        check(5e-324, "5e-324");
        check(123_456_789_012_345_680.0, "1.2345678901234568e+17");
        check(-1_829_278_948_950_969.2, "-1829278948950969.2");
        check(1_829_278_948_950_969.8, "1829278948950969.8");
        check(1e21, "1e+21");
        check(1.5e-5, "1.5e-05");
        check(9.999e22, "9.999e+22");
        check(1.797_693_134_862_315_7e308, "1.7976931348623157e+308");
        check(9_007_199_254_740_993.0, "9007199254740992.0");
    }
}
