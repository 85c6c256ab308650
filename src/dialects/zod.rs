//! Zod as a route handler uses it: what a schema takes, and its text for what it does not.
//!
//! Schemas are methods of the [`Version`] that the handler was built with. A finding is the text of a field's first
//! issue; [`Findings`] keeps one a field, in the order of the schema.

use std::borrow::Cow;

use uuid::Uuid;

use super::ecma_json::{Object, Text, TooDeep, Value, to_number};

/// A version of Zod. What one does otherwise than another stands in
/// `is_safe_alone`, `takes_uuid` and `text`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Version {
    /// Measured with 4.4.3.
    #[default]
    V4,
    /// Measured with 3.25.76.
    V3,
}

/// The farthest integer from 0 that a double tells from its neighbours: `Number.MAX_SAFE_INTEGER`.
const LARGEST_SAFE: f64 = 9_007_199_254_740_991.0;

/// What Zod says about a value. Two are equal that say the same.
#[derive(Debug, Clone, Eq)]
pub(crate) struct Finding {
    text: Cow<'static, str>,
    /// What it is about; nothing where a route handler says it.
    issue: Option<Issue>,
}

impl PartialEq for Finding {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl From<&'static str> for Finding {
    fn from(text: &'static str) -> Self {
        Self { text: text.into(), issue: None }
    }
}

impl From<String> for Finding {
    fn from(text: String) -> Self {
        Self { text: text.into(), issue: None }
    }
}

/// What Zod says about the fields of an object, in the order of its schema.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Findings(Vec<(Cow<'static, str>, Finding)>);

impl Findings {
    /// The one finding of one field.
    #[must_use]
    pub(crate) fn of(field: impl Into<Cow<'static, str>>, text: impl Into<Finding>) -> Self {
        Self(vec![(field.into(), text.into())])
    }

    /// Notes a field's finding, if there is one, and passes on what was accepted.
    pub(crate) fn note<T>(&mut self, field: impl Into<Cow<'static, str>>, checked: Result<T, Finding>) -> Option<T> {
        checked.map_err(|text| self.0.push((field.into(), text))).ok()
    }

    /// Whether nothing was found.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields that a schema refuses, with what is wanted in plain words, and whether nothing is there.
    pub(crate) fn plain(&self) -> impl Iterator<Item = (&str, Cow<'static, str>, bool)> {
        let plain = |issue: Issue| (issue.expected(), matches!(issue, Issue::Type(_, "undefined")));
        self.0.iter().filter_map(move |(field, finding)| {
            let (expected, is_missing) = finding.issue.map(plain)?;
            Some((field.as_ref(), expected, is_missing))
        })
    }

    /// The fields with their texts.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(field, finding)| (field.as_ref(), finding.text.as_ref()))
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
    /// The names of those that a setting can choose, the default first.
    pub(crate) const NAMES: [&str; 2] = ["4", "3"];

    /// The version of a name, the default where it has none.
    pub(crate) fn named(name: &str) -> Self {
        if name == "3" { Self::V3 } else { Self::default() }
    }

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
        } else if self.is_safe_alone() && number.abs() > LARGEST_SAFE {
            if number > 0.0 { Issue::AboveSafe } else { Issue::BelowSafe }
        } else if number < f64::from(at_least) {
            Issue::TooSmall(at_least)
        } else {
            return Ok(number);
        };
        Err(self.text(issue))
    }

    /// Whether an integer must be one that a double tells from its neighbours.
    fn is_safe_alone(self) -> bool {
        self == Self::V4
    }

    /// Whether a UUID with hyphens is one here.
    fn takes_uuid(self, text: &str) -> bool {
        match self {
            // Those of RFC 9562: versions 1 to 8 of its variant, nil, and max in lower case.
            Self::V4 => match text {
                "00000000-0000-0000-0000-000000000000" | "ffffffff-ffff-ffff-ffff-ffffffffffff" => true,
                _ => matches!(
                    (text.as_bytes().get(14), text.as_bytes().get(19)),
                    (Some(b'1'..=b'8'), Some(b'8' | b'9' | b'a' | b'b' | b'A' | b'B'))
                ),
            },
            // Any version and variant, in either letter case.
            Self::V3 => true,
        }
    }

    /// How an issue is told.
    fn text(self, issue: Issue) -> Finding {
        let text: Cow<'static, str> = match self {
            Self::V4 => match issue {
                Issue::Type(wanted, found) => format!("Invalid input: expected {wanted}, received {found}").into(),
                Issue::Uuid => "Invalid UUID".into(),
                Issue::Empty => "Too small: expected string to have >=1 characters".into(),
                Issue::NoNumber => "Invalid input: expected number, received NaN".into(),
                Issue::Infinite => "Invalid input: expected number, received number".into(),
                Issue::Fraction => "Invalid input: expected int, received number".into(),
                Issue::AboveSafe => format!("Too big: expected int to be <={LARGEST_SAFE}").into(),
                Issue::BelowSafe => format!("Too small: expected int to be >=-{LARGEST_SAFE}").into(),
                Issue::TooSmall(least) => format!("Too small: expected number to be >={least}").into(),
            },
            Self::V3 => match issue {
                Issue::Type(_, "undefined") => "Required".into(),
                Issue::Type("record", found) => format!("Expected object, received {found}").into(),
                Issue::Type(wanted, found) => format!("Expected {wanted}, received {found}").into(),
                Issue::Uuid => "Invalid uuid".into(),
                Issue::Empty => "String must contain at least 1 character(s)".into(),
                Issue::NoNumber => "Expected number, received nan".into(),
                Issue::Infinite | Issue::Fraction | Issue::AboveSafe | Issue::BelowSafe => {
                    "Expected integer, received float".into()
                }
                Issue::TooSmall(least) => format!("Number must be greater than or equal to {least}").into(),
            },
        };
        Finding { text, issue: Some(issue) }
    }
}

/// What a schema finds wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Issue {
    /// Another type than the one wanted came.
    Type(&'static str, &'static str),
    Uuid,
    /// A text of which nothing is left once it is trimmed.
    Empty,
    NoNumber,
    Infinite,
    Fraction,
    AboveSafe,
    BelowSafe,
    TooSmall(u32),
}

impl Issue {
    /// What is wanted, in plain words.
    fn expected(self) -> Cow<'static, str> {
        match self {
            Self::Type("record", _) => "an object".into(),
            Self::Type(kind, _) => format!("a {kind}").into(),
            Self::Uuid => "a UUID such as 3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10".into(),
            Self::Empty => "a string that is not blank".into(),
            Self::NoNumber | Self::Infinite | Self::Fraction => "a whole number".into(),
            Self::AboveSafe => format!("at most {LARGEST_SAFE}").into(),
            Self::BelowSafe => format!("at least -{LARGEST_SAFE}").into(),
            Self::TooSmall(least) => format!("at least {least}").into(),
        }
    }
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

/// The members that a `z.object` names, taken one by one. It strips the others without a word.
#[derive(Debug)]
pub(crate) struct Shape<'d> {
    object: Object<'d>,
    taken: usize,
}

impl<'d> Shape<'d> {
    /// The object, of which nothing is taken yet.
    #[must_use]
    pub(crate) fn of(object: Object<'d>) -> Self {
        Self { object, taken: 0 }
    }

    /// The value of a member. Each is asked for once.
    pub(crate) fn take(&mut self, name: &str) -> Option<Value<'d>> {
        let value = self.object.get(name);
        self.taken += usize::from(value.is_some());
        value
    }

    /// The members that are stripped: those that are none of `named`. They are looked for where not all were taken.
    pub(crate) fn stripped(&self, named: &[&[&str]]) -> impl Iterator<Item = Cow<'d, str>> {
        let rest = (self.taken < self.object.len()).then(|| self.object.names());
        rest.into_iter().flatten().filter(move |name| !named.iter().any(|names| names.contains(&&**name)))
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
mod tests;
