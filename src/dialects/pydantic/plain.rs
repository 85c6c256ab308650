//! What a finding says, in plain words: the library's own are for the vendor's answer alone.

use std::borrow::Cow;
use std::fmt::Write;

use super::findings::{Context, Finding, Findings, Input};

/// A finding for a hint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plain {
    /// Where: `$.name`, `query.limit`, `path.id`, and `$` for the body.
    pub(crate) at: String,
    /// What is wanted there.
    pub(crate) expected: Cow<'static, str>,
    /// Whether nothing is there.
    pub(crate) is_missing: bool,
    /// What came, where no value says it.
    pub(crate) found: Option<String>,
    /// The segment of the path that it is about.
    pub(crate) segment: Option<String>,
}

impl Findings<'_> {
    /// Every finding in plain words.
    pub(crate) fn plain(&self) -> Vec<Plain> {
        self.iter().map(Finding::plain).collect()
    }
}

impl Finding<'_> {
    fn plain(&self) -> Plain {
        let found = match self.kind() {
            "int_parsing_size" => Some("a number of too many digits".to_owned()),
            _ => None,
        };
        let expected: Cow<'static, str> = match (self.kind(), self.context()) {
            ("missing", _) => "a value".into(),
            ("string_type", _) => "a string".into(),
            ("string_unicode", _) => "a string without half of a surrogate pair".into(),
            ("string_too_short", Context::Number(_, least)) => characters("at least", *least),
            ("string_too_long", Context::Number(_, most)) => characters("at most", *most),
            ("bool_type" | "bool_parsing", _) => "true or false".into(),
            ("int_parsing" | "int_parsing_size", _) => "a whole number".into(),
            ("less_than_equal", Context::Number(_, most)) => format!("at most {most}").into(),
            ("greater_than_equal", Context::Number(_, least)) => format!("at least {least}").into(),
            ("uuid_type" | "uuid_parsing", _) => "a UUID such as 8e214819-5c83-429f-a976-eb127a0a8a88".into(),
            ("enum", Context::Text(_, words)) => {
                format!("one of {}", words.replace('\'', "\"").replace(" or ", ", ")).into()
            }
            ("list_type", _) => "a list".into(),
            ("model_attributes_type" | "dict_type", _) => "an object".into(),
            ("json_invalid", _) => "a body of JSON".into(),
            _ => "another value".into(),
        };
        let segment = match self.input() {
            Input::Text(text) if self.part() == "path" => Some((*text).to_owned()),
            _ => None,
        };
        Plain { at: self.place(), expected, is_missing: self.kind() == "missing", found, segment }
    }

    /// Where it is, as a hint names it.
    fn place(&self) -> String {
        let mut names = self.names();
        let mut at = match names.next() {
            Some("body") | None => "$".to_owned(),
            Some(part) => part.to_owned(),
        };
        if self.kind() == "json_invalid" {
            return at;
        }
        // What pydantic names of a union is no member.
        for name in names.filter(|name| !is_of_a_union(name)) {
            let _ = write!(at, ".{name}");
        }
        if let Some(index) = self.index() {
            let _ = write!(at, "[{index}]");
        }
        at
    }
}

/// Whether a name is that of a form in a union, such as `AccessPermissions` and `dict[str,any]`.
fn is_of_a_union(name: &str) -> bool {
    name.starts_with("dict[") || name.starts_with(|first: char| first.is_ascii_uppercase())
}

fn characters(bound: &str, number: i64) -> Cow<'static, str> {
    format!("a string of {bound} {number} character{}", if number == 1 { "" } else { "s" }).into()
}
