//! Booleans: `true`, what a form would call true, and the numbers 1 and 1.0; likewise for false.

use super::findings::{Finding, Findings, Input, Loc};
use crate::dialects::python::{Integer, Text, Value};

const TRUE: [&str; 6] = ["1", "t", "y", "on", "yes", "true"];
const FALSE: [&str; 6] = ["0", "f", "n", "no", "off", "false"];

impl<'v> Findings<'v> {
    /// A boolean of a body.
    pub(crate) fn boolean(&mut self, loc: Loc<'v>, value: &'v Value<'v>) -> Option<bool> {
        let read = match value {
            Value::Bool(known) => return Some(*known),
            Value::Text(text) => of_text(text),
            Value::Integer(Integer::Small(number)) => of_number(*number),
            Value::Float(number) => whole(*number).map(of_number).unwrap_or(Err(Unread::Type)),
            _ => Err(Unread::Type),
        };
        match read {
            Ok(known) => Some(known),
            Err(unread) => {
                self.push(unread.finding(loc, Input::Value(value)));
                None
            }
        }
    }

    /// A boolean of a query.
    pub(crate) fn boolean_text(&mut self, loc: Loc<'v>, text: &'v str) -> Option<bool> {
        let known = of_str(text);
        if known.is_none() {
            self.push(Unread::Parsing.finding(loc, Input::Text(text)));
        }
        known
    }
}

#[derive(Clone, Copy)]
enum Unread {
    Type,
    Parsing,
}

impl Unread {
    fn finding<'v>(self, loc: Loc<'v>, input: Input<'v>) -> Finding<'v> {
        match self {
            Self::Type => Finding::new("bool_type", loc, "Input should be a valid boolean", input),
            Self::Parsing => {
                let message = "Input should be a valid boolean, unable to interpret input";
                Finding::new("bool_parsing", loc, message, input)
            }
        }
    }
}

fn of_text(text: &Text<'_>) -> Result<bool, Unread> {
    text.as_str().and_then(of_str).ok_or(Unread::Parsing)
}

fn of_str(text: &str) -> Option<bool> {
    let among = |words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(text));
    if among(&TRUE) {
        Some(true)
    } else if among(&FALSE) {
        Some(false)
    } else {
        None
    }
}

fn of_number(number: i64) -> Result<bool, Unread> {
    match number {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(Unread::Parsing),
    }
}

/// A float as the integer it is, if it is one strictly between -2^63 and 2^63.
fn whole(number: f64) -> Option<i64> {
    const REACH: f64 = 9_223_372_036_854_775_808.0;
    if number.fract() != 0.0 || number.abs() >= REACH || !number.is_finite() {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and within the reach of an i64")]
    Some(number as i64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialects::pydantic::Version;
    use crate::dialects::python::read;

    #[test]
    fn is_lax_as_pydantic_is() {
        let check = |text: &str, expected: Result<bool, &str>| {
            let value = read(text.as_bytes()).expect("JSON");
            let mut findings = Findings::by(Version::V2_12);
            let read = findings.boolean(Loc::of("body"), &value);
            let json = findings.to_json().map(|json| String::from_utf8(json).expect("UTF-8"));
            match expected {
                Ok(known) => assert_eq!(read, Some(known), "{text}"),
                Err(kind) => assert!(json.expect("JSON").contains(&format!("{kind:?}")), "{text}"),
            }
        };
        check("\"YES\"", Ok(true));
        check("\"oFf\"", Ok(false));
        check("1.0", Ok(true));
        check("-0.0", Ok(false));
        check("2", Err("bool_parsing"));
        check("2.0", Err("bool_parsing"));
        check("\" true\"", Err("bool_parsing"));
        check("0.5", Err("bool_type"));
        check("1e300", Err("bool_type"));
        check("9223372036854775808", Err("bool_type"));
        check("null", Err("bool_type"));
    }
}
