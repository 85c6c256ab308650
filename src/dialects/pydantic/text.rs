//! Strings and lists of them. Nothing is coerced to a string; lengths count code points.

use super::findings::{Context, Finding, Findings, Input, Loc};
use crate::dialects::python::{Text, Value};

/// The lengths that a string may have, in code points.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// The fewest.
    pub min: usize,
    /// The most.
    pub max: usize,
}

impl Bounds {
    /// At least `min`, however long.
    #[must_use]
    pub(crate) const fn at_least(min: usize) -> Self {
        Self { min, max: usize::MAX }
    }
}

impl<'v> Findings<'v> {
    /// A string of any length, lone surrogates included.
    pub(crate) fn string(&mut self, loc: Loc<'v>, value: &'v Value<'v>) -> Option<&'v Text<'v>> {
        if let Value::Text(text) = value {
            return Some(text);
        }
        self.push(Finding::new("string_type", loc, "Input should be a valid string", Input::Value(value)));
        None
    }

    /// A string within bounds, which therefore has to be Unicode.
    pub(crate) fn bounded_string(&mut self, loc: Loc<'v>, value: &'v Value<'v>, bounds: Bounds) -> Option<&'v str> {
        let text = self.string(loc, value)?;
        let text = self.unicode(loc, value, text)?;
        let Bounds { min, max } = bounds;
        // A text has at most as many code points as bytes, and at least a quarter.
        let length = if text.len() <= max && text.len() >= min * 4 { min } else { text.chars().count() };
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        if length < min {
            let message = format!("String should have at least {min} character{}", plural(min));
            self.push(at_length("string_too_short", loc, message, value, "min_length", min));
        } else if length > max {
            let message = format!("String should have at most {max} character{}", plural(max));
            self.push(at_length("string_too_long", loc, message, value, "max_length", max));
        } else {
            return Some(text);
        }
        None
    }

    /// A list of strings; one finding for each item that is none.
    pub(crate) fn strings(&mut self, loc: Loc<'v>, value: &'v Value<'v>) -> Option<Vec<&'v Text<'v>>> {
        let Value::List(items) = value else {
            self.push(Finding::new("list_type", loc, "Input should be a valid list", Input::Value(value)));
            return None;
        };
        let mut texts = Vec::with_capacity(items.len());
        for (number, item) in items.iter().enumerate() {
            texts.extend(self.string(loc.index(number), item));
        }
        (texts.len() == items.len()).then_some(texts)
    }

    /// The text itself, unless a lone surrogate keeps it from being one.
    pub(super) fn unicode(&mut self, loc: Loc<'v>, value: &'v Value<'v>, text: &'v Text<'v>) -> Option<&'v str> {
        let unicode = text.as_str();
        if unicode.is_none() {
            let message = "Input should be a valid string, unable to parse raw data as a unicode string";
            self.push(Finding::new("string_unicode", loc, message, Input::Value(value)));
        }
        unicode
    }
}

fn at_length<'v>(
    kind: &'static str,
    loc: Loc<'v>,
    message: String,
    value: &'v Value<'v>,
    bound: &'static str,
    length: usize,
) -> Finding<'v> {
    let length = i64::try_from(length).unwrap_or(i64::MAX);
    Finding::new(kind, loc, message, Input::Value(value)).with(Context::Number(bound, length))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialects::pydantic::Version;

    #[test]
    fn lengths_count_code_points() {
        let fits = |text: String| {
            let value = Value::Text(text.as_str().into());
            Findings::by(Version::V2_12).bounded_string(Loc::of("body"), &value, Bounds { min: 1, max: 255 }).is_some()
        };
        assert!(fits("🙂".repeat(255)));
        assert!(!fits("🙂".repeat(256)));
        assert!(!fits("e\u{301}".repeat(128)));
        assert!(!fits(String::new()));
        assert!(fits(" ".to_owned()));
    }

    #[test]
    fn a_least_length_alone_takes_any_longer_text() {
        let fits = |text: String| {
            let value = Value::Text(text.as_str().into());
            Findings::by(Version::V2_12).bounded_string(Loc::of("body"), &value, Bounds::at_least(8)).is_some()
        };
        assert!(!fits("é".repeat(7)));
        assert!(fits("é".repeat(8)));
        assert!(fits("a".repeat(100_000)));
    }
}
