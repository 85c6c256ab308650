//! Zod as a route handler uses it: what a schema takes, and its text for what it does not.
//!
//! Schemas are methods of the [`Version`] that the handler was built with. A finding is the text of a field's first
//! issue; [`Findings`] keeps one a field, in the order of the schema.

use std::borrow::Cow;

use uuid::Uuid;

use super::ecma_json::{Object, Text, TooDeep, Value, to_number};

/// A version of Zod. What one does otherwise than another stands in `takes_uuid` and `text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    /// Measured with 3.25.76.
    V3,
}

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

impl Version {
    /// `z.string()`.
    ///
    /// # Errors
    ///
    /// Nothing came, or another type.
    pub(crate) fn string(self, value: Option<Value<'_>>) -> Result<&Text, Finding> {
        match value {
            Some(Value::Text(text)) => Ok(text),
            other => Err(self.text(Issue::Type("string", received(other)))),
        }
    }

    /// `z.string().trim().min(1)`: the trimmed text.
    ///
    /// # Errors
    ///
    /// What [`Version::string`] finds, or that nothing is left.
    pub(crate) fn filled_string(self, value: Option<Value<'_>>) -> Result<Text, Finding> {
        let text = self.string(value)?.trimmed();
        if text.is_empty() { Err(self.text(Issue::Empty)) } else { Ok(text) }
    }

    /// `z.string().uuid()` on a JSON value.
    ///
    /// # Errors
    ///
    /// What [`Version::string`] finds, or that it is no UUID.
    pub(crate) fn uuid(self, value: Option<Value<'_>>) -> Result<Uuid, Finding> {
        self.string(value)?.as_str().map_or_else(|| Err(self.text(Issue::Uuid)), |text| self.uuid_text(text))
    }

    /// `z.string().uuid()` on a text. Braces, `urn:`, missing hyphens and blanks around, which a UUID library takes, are
    /// refused.
    ///
    /// # Errors
    ///
    /// It is no UUID.
    pub(crate) fn uuid_text(self, text: &str) -> Result<Uuid, Finding> {
        let hyphenated = text.len() == 36 && !text.starts_with(['{', 'u']);
        let parsed = if hyphenated { Uuid::try_parse(text).ok() } else { None };
        parsed.filter(|_| self.takes_uuid(text)).ok_or_else(|| self.text(Issue::Uuid))
    }

    /// `z.record(z.string(), z.unknown())`: the object, printed. A member `__proto__` of its own is dropped, as Zod
    /// never sets that name.
    ///
    /// # Errors
    ///
    /// Nothing came, or another type.
    pub(crate) fn record(self, value: Option<Value<'_>>) -> Result<Record<'_>, Finding> {
        Record::of(value).map_err(|received| self.text(Issue::Type("record", received)))
    }

    /// `z.coerce.number().int().min(at_least)` on a text.
    ///
    /// # Errors
    ///
    /// A text that is no number, no integer (infinity is none), or one out of range.
    pub(crate) fn coerced_integer(self, text: &str, at_least: u32) -> Result<f64, Finding> {
        let number = to_number(text);
        let issue = if number.is_nan() {
            Issue::NoNumber
        } else if number.is_infinite() {
            Issue::Infinite
        } else if number.fract() != 0.0 {
            Issue::Fraction
        } else if number < f64::from(at_least) {
            Issue::TooSmall(at_least)
        } else {
            return Ok(number);
        };
        Err(self.text(issue))
    }

    /// Whether a UUID with hyphens is one here.
    fn takes_uuid(self, _text: &str) -> bool {
        match self {
            // Any version and variant, in either letter case.
            Self::V3 => true,
        }
    }

    /// How an issue is told.
    fn text(self, issue: Issue) -> Finding {
        match self {
            Self::V3 => match issue {
                Issue::Type(_, "undefined") => "Required".into(),
                Issue::Type("record", found) => format!("Expected object, received {found}").into(),
                Issue::Type(wanted, found) => format!("Expected {wanted}, received {found}").into(),
                Issue::Uuid => "Invalid uuid".into(),
                Issue::Empty => "String must contain at least 1 character(s)".into(),
                Issue::NoNumber => "Expected number, received nan".into(),
                Issue::Infinite | Issue::Fraction => "Expected integer, received float".into(),
                Issue::TooSmall(least) => format!("Number must be greater than or equal to {least}").into(),
            },
        }
    }
}

/// What a schema finds wrong.
#[derive(Debug, Clone, Copy)]
enum Issue {
    /// Another type than the one wanted came.
    Type(&'static str, &'static str),
    Uuid,
    /// A text of which nothing is left once it is trimmed.
    Empty,
    NoNumber,
    Infinite,
    Fraction,
    TooSmall(u32),
}

/// What JavaScript calls the type of a value.
pub(crate) fn received(value: Option<Value<'_>>) -> &'static str {
    match value {
        None => "undefined",
        Some(Value::Null) => "null",
        Some(Value::Bool(_)) => "boolean",
        Some(Value::Number(_)) => "number",
        Some(Value::Text(_)) => "string",
        Some(Value::Array(_)) => "array",
        Some(Value::Object(_)) => "object",
    }
}

/// What [`Version::record`] took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Record<'d>(Object<'d>);

impl<'d> Record<'d> {
    /// The object that a value is.
    ///
    /// # Errors
    ///
    /// What it is instead.
    pub(crate) fn of(value: Option<Value<'d>>) -> Result<Self, &'static str> {
        match value {
            Some(Value::Object(object)) => Ok(Self(object)),
            other => Err(received(other)),
        }
    }

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

#[cfg(test)]
mod tests {
    use super::super::ecma_json::Document;
    use super::Version::V3;
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
            assert_eq!(V3.uuid_text(good).map(|id| id.to_string()), Ok(good.to_lowercase()));
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
            assert_eq!(V3.uuid_text(bad), Err("Invalid uuid".into()), "{bad:?}");
        }
    }

    #[test]
    fn names_the_type_that_came() {
        let check = |json: &str, expected: &str| {
            let document = Document::read(json).expect(json);
            assert_eq!(V3.string(Some(document.root())), Err(expected.to_owned().into()));
        };
        check("null", "Expected string, received null");
        check("true", "Expected string, received boolean");
        check("1e400", "Expected string, received number");
        check("[]", "Expected string, received array");
        check("{}", "Expected string, received object");
        assert_eq!(V3.string(None), Err("Required".into()));
    }

    #[test]
    fn trims_what_javascript_calls_blank() {
        let check = |json: &str, expected: Result<&str, &str>| {
            let document = Document::read(json).expect(json);
            let trimmed = V3.filled_string(Some(document.root()));
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
        assert_eq!(V3.coerced_integer("1e1", 1), Ok(10.0));
        assert_eq!(V3.coerced_integer(" 0x2", 1), Ok(2.0));
        assert_eq!(V3.coerced_integer("abc", 1), Err("Expected number, received nan".into()));
        assert_eq!(V3.coerced_integer("-1.5", 1), Err("Expected integer, received float".into()));
        assert_eq!(V3.coerced_integer("Infinity", 1), Err("Expected integer, received float".into()));
        assert_eq!(V3.coerced_integer("0", 1), Err("Number must be greater than or equal to 1".into()));
        assert_eq!(V3.coerced_integer("-1", 0), Err("Number must be greater than or equal to 0".into()));
    }
}
