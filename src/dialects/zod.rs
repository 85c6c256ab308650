//! Zod 3 as a route handler uses it: what a schema takes, and its text for what it does not.
//!
//! Measured with zod 3.25.76. A finding is the text of a field's first issue; [`Findings`] keeps one a
//! field, in the order of the schema.

use std::borrow::Cow;

use uuid::Uuid;

use super::ecma_json::{Object, Text, TooDeep, Value, to_number};

/// What Zod says about a value.
pub(crate) type Finding = Cow<'static, str>;

/// What Zod says about the fields of an object, in the order of its schema.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Findings(Vec<(&'static str, Finding)>);

impl Findings {
    /// The one finding of one field.
    #[must_use]
    pub(crate) fn of(field: &'static str, text: impl Into<Finding>) -> Self {
        Self(vec![(field, text.into())])
    }

    /// Notes a field's finding, if there is one, and passes on what was accepted.
    pub(crate) fn note<T>(&mut self, field: &'static str, checked: Result<T, Finding>) -> Option<T> {
        checked.map_err(|text| self.0.push((field, text))).ok()
    }

    /// Whether nothing was found.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields with their texts.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.0.iter().map(|(field, text)| (*field, text.as_ref()))
    }
}

/// A field that may be absent or null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Nullish<T> {
    /// `undefined`: the object has no such key.
    #[default]
    Absent,
    /// `null`.
    Null,
    /// A value that the schema takes.
    Given(T),
}

/// `schema.nullish()`.
///
/// # Errors
///
/// What the schema finds.
pub(crate) fn nullish<'d, T>(
    value: Option<Value<'d>>,
    schema: impl FnOnce(Option<Value<'d>>) -> Result<T, Finding>,
) -> Result<Nullish<T>, Finding> {
    match value {
        None => Ok(Nullish::Absent),
        Some(Value::Null) => Ok(Nullish::Null),
        given => schema(given).map(Nullish::Given),
    }
}

/// `schema.optional()`.
///
/// # Errors
///
/// What the schema finds.
pub(crate) fn optional<'d, T>(
    value: Option<Value<'d>>,
    schema: impl FnOnce(Option<Value<'d>>) -> Result<T, Finding>,
) -> Result<Option<T>, Finding> {
    value.map(|value| schema(Some(value))).transpose()
}

/// `z.string()`.
///
/// # Errors
///
/// `Required`, or the type that came instead.
pub(crate) fn string(value: Option<Value<'_>>) -> Result<&Text, Finding> {
    match value {
        Some(Value::Text(text)) => Ok(text),
        other => Err(expected("string", other)),
    }
}

/// `z.string().trim().min(1)`: the trimmed text.
///
/// # Errors
///
/// What [`string`] finds, or that nothing is left.
pub(crate) fn filled_string(value: Option<Value<'_>>) -> Result<Text, Finding> {
    let text = string(value)?.trimmed();
    if text.is_empty() { Err("String must contain at least 1 character(s)".into()) } else { Ok(text) }
}

/// `z.string().uuid()` on a JSON value.
///
/// # Errors
///
/// What [`string`] finds, or `Invalid uuid`.
pub(crate) fn uuid(value: Option<Value<'_>>) -> Result<Uuid, Finding> {
    string(value)?.as_str().map_or_else(|| Err("Invalid uuid".into()), uuid_text)
}

/// `z.string().uuid()` on a text.
///
/// Any version and variant passes, in either letter case; braces, `urn:`, missing hyphens and blanks
/// around, which a UUID library takes, do not.
///
/// # Errors
///
/// `Invalid uuid`.
pub(crate) fn uuid_text(text: &str) -> Result<Uuid, Finding> {
    let hyphenated = text.len() == 36 && !text.starts_with(['{', 'u']);
    let parsed = if hyphenated { Uuid::try_parse(text).ok() } else { None };
    parsed.ok_or_else(|| "Invalid uuid".into())
}

/// `z.record(z.unknown())`: the object, printed. A member `__proto__` of its own is dropped, as Zod
/// never sets that name.
///
/// # Errors
///
/// `Required`, or the type that came instead.
pub(crate) fn record(value: Option<Value<'_>>) -> Result<Record<'_>, Finding> {
    match value {
        Some(Value::Object(object)) => Ok(Record(object)),
        other => Err(expected("object", other)),
    }
}

/// What [`record`] took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'d>(Object<'d>);

impl Record<'_> {
    /// The object as `JSON.stringify` prints it.
    ///
    /// # Errors
    ///
    /// An object that JavaScript could not print.
    pub(crate) fn print(self) -> Result<Box<str>, TooDeep> {
        let mut out = String::new();
        self.0.print_without("__proto__", &mut out)?;
        Ok(out.into())
    }
}

/// `z.coerce.number().int().min(at_least)` on a text.
///
/// # Errors
///
/// A text that is no number, no integer (infinity is none), or too small a one.
pub(crate) fn coerced_integer(text: &str, at_least: u32) -> Result<f64, Finding> {
    let number = to_number(text);
    if number.is_nan() {
        Err("Expected number, received nan".into())
    } else if number.is_infinite() || number.fract() != 0.0 {
        Err("Expected integer, received float".into())
    } else if number < f64::from(at_least) {
        Err(format!("Number must be greater than or equal to {at_least}").into())
    } else {
        Ok(number)
    }
}

fn expected(wanted: &str, value: Option<Value<'_>>) -> Finding {
    let received = match value {
        None => return "Required".into(),
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::Text(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    };
    format!("Expected {wanted}, received {received}").into()
}

#[cfg(test)]
mod tests {
    use super::super::ecma_json::Document;
    use super::*;

    #[test]
    fn takes_the_uuids_that_the_regexp_takes() {
        for good in [
            "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01",
            "5C0E7D1A-2F38-4B96-A4D3-91E6B8F07C01",
            "00000000-0000-0000-0000-000000000000",
            "ffffffff-ffff-ffff-ffff-ffffffffffff",
            "12345678-1234-9234-f234-123456789abc",
        ] {
            assert_eq!(uuid_text(good).map(|id| id.to_string()), Ok(good.to_lowercase()));
        }
        for bad in [
            "",
            "abc",
            "5c0e7d1a2f384b96a4d391e6b8f07c01",
            "{5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01}",
            "urn:uuid:5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01",
            " 5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01",
            "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01\n",
            "g2345678-1234-4234-8234-123456789abc",
            "1234567-12345-4234-8234-123456789abc",
            "{c0e7d1a2f384b96a4d391e6b8f07c0123}}",
        ] {
            assert_eq!(uuid_text(bad), Err("Invalid uuid".into()), "{bad:?}");
        }
    }

    #[test]
    fn names_the_type_that_came() {
        let check = |json: &str, expected: &str| {
            let document = Document::read(json).expect(json);
            assert_eq!(string(Some(document.root())), Err(expected.to_owned().into()));
        };
        check("null", "Expected string, received null");
        check("true", "Expected string, received boolean");
        check("1e400", "Expected string, received number");
        check("[]", "Expected string, received array");
        check("{}", "Expected string, received object");
        assert_eq!(string(None), Err("Required".into()));
    }

    #[test]
    fn trims_what_javascript_calls_blank() {
        let check = |json: &str, expected: Result<&str, &str>| {
            let document = Document::read(json).expect(json);
            let trimmed = filled_string(Some(document.root()));
            assert_eq!(trimmed, expected.map(Text::from).map_err(|text| text.to_owned().into()), "{json}");
        };
        let empty = Err("String must contain at least 1 character(s)");
        check(r#""""#, empty);
        check(r#"" \u00a0\u3000\ufeff\u2028\u000b""#, empty);
        check(r#""\u200b""#, Ok("\u{200b}"));
        check(r#""\u0085""#, Ok("\u{85}"));
        check(r#"" a b\u3000""#, Ok("a b"));
    }

    #[test]
    fn coerces_query_numbers() {
        assert_eq!(coerced_integer("1e1", 1), Ok(10.0));
        assert_eq!(coerced_integer(" 0x2", 1), Ok(2.0));
        assert_eq!(coerced_integer("abc", 1), Err("Expected number, received nan".into()));
        assert_eq!(coerced_integer("-1.5", 1), Err("Expected integer, received float".into()));
        assert_eq!(coerced_integer("Infinity", 1), Err("Expected integer, received float".into()));
        assert_eq!(coerced_integer("0", 1), Err("Number must be greater than or equal to 1".into()));
        assert_eq!(coerced_integer("-1", 0), Err("Number must be greater than or equal to 0".into()));
    }
}
