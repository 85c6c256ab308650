//! How `repr` prints a float: the shortest digits that read back, an exponent from 1e16 on and
//! below 1e-4.

use std::io::Write;

/// Adds the text of a finite float.
pub(super) fn write(number: f64, out: &mut Vec<u8>) {
    let magnitude = number.abs();
    let plain = magnitude == 0.0 || (1e-4..1e16).contains(&magnitude);
    // Writing to a Vec cannot fail.
    if plain {
        let start = out.len();
        let _ = write!(out, "{number}");
        if !out.iter().skip(start).any(|byte| *byte == b'.') {
            out.extend_from_slice(b".0");
        }
        return;
    }
    let text = format!("{number:e}");
    let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
    let _ = write!(out, "{digits}e{sign}{exponent:0>2}");
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
        check(9_007_199_254_740_993.0, "9007199254740992.0");
    }
}
