//! `JSON.stringify`.

use super::text::Text;
use super::value::{Array, Object, Place, Value};

/// A value nested so deep that V8's printer, which calls itself, would exhaust its stack.
///
/// V8 prints 3,000 levels and fails at 5,000; where exactly hangs on how deep its caller stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nested too deep to be printed")]
pub(crate) struct TooDeep;

const DEEPEST: usize = 4_000;

/// Appends a number as `JSON.stringify` prints it.
pub(crate) fn print_number(number: f64, out: &mut String) {
    if number == 0.0 {
        out.push('0');
    } else if number.is_finite() {
        out.push_str(ryu_js::Buffer::new().format_finite(number));
    } else {
        out.push_str("null");
    }
}

impl<'d> Value<'d> {
    /// Appends the value as `JSON.stringify` prints it.
    ///
    /// # Errors
    ///
    /// A value that JavaScript could not print.
    pub(crate) fn print(self, out: &mut String) -> Result<(), TooDeep> {
        let mut stack: Vec<Open<'d>> = Vec::new();
        let mut next = Some(self);
        loop {
            if let Some(value) = next.take() {
                match value {
                    Value::Null => out.push_str("null"),
                    Value::Bool(true) => out.push_str("true"),
                    Value::Bool(false) => out.push_str("false"),
                    Value::Number(number) => print_number(number, out),
                    Value::Text(text) => text.push_json(out),
                    Value::Array(array) => stack.push(Open::array(array, out)),
                    Value::Object(object) => stack.push(Open::object(object, out)),
                }
                if stack.len() > DEEPEST {
                    return Err(TooDeep);
                }
            }
            let Some(open) = stack.last_mut() else { return Ok(()) };
            next = open.step(out);
            if next.is_none() {
                stack.pop();
            }
        }
    }
}

impl Object<'_> {
    /// Appends the object as `JSON.stringify` prints it, without the member `omitted`.
    ///
    /// # Errors
    ///
    /// An object that JavaScript could not print.
    pub(crate) fn print_without(self, omitted: &str, out: &mut String) -> Result<(), TooDeep> {
        if self.get(omitted).is_none() {
            return Value::Object(self).print(out);
        }
        out.push('{');
        for (number, (key, place)) in self.members.iter().filter(|(key, _)| **key != *omitted).enumerate() {
            if number > 0 {
                out.push(',');
            }
            key.push_json(out);
            out.push(':');
            self.document.at(*place).print(out)?;
        }
        out.push('}');
        Ok(())
    }
}

/// An array or object that is being printed.
enum Open<'d> {
    Array { array: Array<'d>, rest: std::slice::Iter<'d, Place> },
    Object { object: Object<'d>, rest: indexmap::map::Iter<'d, Text, Place> },
}

impl<'d> Open<'d> {
    fn array(array: Array<'d>, out: &mut String) -> Self {
        out.push('[');
        Self::Array { array, rest: array.items.iter() }
    }

    fn object(object: Object<'d>, out: &mut String) -> Self {
        out.push('{');
        Self::Object { object, rest: object.members.iter() }
    }

    /// Prints up to the next value and returns it, or prints the end.
    fn step(&mut self, out: &mut String) -> Option<Value<'d>> {
        match self {
            Self::Array { array, rest } => {
                let first = rest.len() == array.items.len();
                let Some(place) = rest.next() else {
                    out.push(']');
                    return None;
                };
                if !first {
                    out.push(',');
                }
                Some(array.document.at(*place))
            }
            Self::Object { object, rest } => {
                let first = rest.len() == object.members.len();
                let Some((key, place)) = rest.next() else {
                    out.push('}');
                    return None;
                };
                if !first {
                    out.push(',');
                }
                key.push_json(out);
                out.push(':');
                Some(object.document.at(*place))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Document;
    use super::super::read::Malformed;
    use super::*;

    fn check(text: &str, expected: &str) {
        let document = Document::read(text).expect(text);
        let mut printed = String::new();
        document.root().print(&mut printed).expect(text);
        assert_eq!(printed, expected, "{text}");
    }

    #[test]
    fn numbers_come_back_as_doubles_print() {
        for (text, expected) in [
            ("1.0", "1"),
            ("-0", "0"),
            ("1e2", "100"),
            ("1E+21", "1e+21"),
            ("1e20", "100000000000000000000"),
            ("1e-7", "1e-7"),
            ("0.000001", "0.000001"),
            ("1e400", "null"),
            ("-1e400", "null"),
            ("9007199254740993", "9007199254740992"),
            ("123456789012345678901234567890", "1.2345678901234568e+29"),
            ("5e-324", "5e-324"),
            ("4.35", "4.35"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn keys_that_are_indices_come_first_and_a_repeated_key_keeps_its_place() {
        check(r#"{"b":1,"10":2,"9":3,"a":4,"01":5,"-1":6}"#, r#"{"9":3,"10":2,"b":1,"a":4,"01":5,"-1":6}"#);
        check(r#"{"z":1,"4294967295":2,"4294967294":3}"#, r#"{"4294967294":3,"z":1,"4294967295":2}"#);
        check(r#"{"a":1,"b":2,"\u0061":3}"#, r#"{"a":3,"b":2}"#);
        check(r#"{"y":{"__proto__":1,"z":2}}"#, r#"{"y":{"__proto__":1,"z":2}}"#);
    }

    #[test]
    fn surrogates_join_or_come_back_as_escapes() {
        check(r#""\ud83d\ude00""#, "\"😀\"");
        check(r#""\uD83D x \ude00\ud83d""#, r#""\ud83d x \ude00\ud83d""#);
        check(r#""\ud83d\ud83d\ude00é""#, "\"\\ud83d😀é\"");
    }

    #[test]
    fn only_what_must_be_escaped_is() {
        check(
            r#""\u0000\u001F\u007f\u2028\/\"\\\b\f\n\r\t""#,
            "\"\\u0000\\u001f\u{7f}\u{2028}/\\\"\\\\\\b\\f\\n\\r\\t\"",
        );
    }

    #[test]
    fn what_is_no_json_is_refused() {
        for text in [
            "",
            " ",
            "01",
            "1.",
            ".5",
            "+1",
            "-",
            "1e",
            "NaN",
            "'a'",
            "[1,]",
            "{\"a\":1,}",
            "{} x",
            "\"\t\"",
            "\"\\x\"",
            "\"\\u12g4\"",
            "\u{a0}1",
            "[",
            "{\"a\"",
            "nul",
        ] {
            assert_eq!(Document::read(text).map(|_| ()), Err(Malformed), "{text:?}");
        }
    }

    #[test]
    fn depth_is_read_without_end_and_printed_within_reason() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        check(&nested(3_000), &nested(3_000));
        let deep = Document::read(&nested(400_000)).expect("reads");
        assert_eq!(deep.root().print(&mut String::new()), Err(TooDeep));
    }

    #[test]
    fn a_member_can_be_left_out() {
        let document = Document::read(r#"{"a":1,"__proto__":{"x":1},"b":2}"#).expect("JSON");
        let Value::Object(object) = document.root() else { panic!("an object") };
        let mut printed = String::new();
        object.print_without("__proto__", &mut printed).expect("prints");
        assert_eq!(printed, r#"{"a":1,"b":2}"#);
    }
}
