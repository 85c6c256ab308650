//! What is wrong with JSON, in words that anybody who writes JSON knows.
//!
//! The reader's own library words its errors for those who program with it, by the types of its language. What it says
//! is text, so it is read as text; a sentence of another form is passed on as it is.

use std::borrow::Cow;

/// What is wrong, in plain words. Where it is a value and not the JSON itself, the place is told elsewhere.
pub(super) fn plain(error: &serde_json::Error) -> String {
    if error.is_data() {
        return value(&without_place(error));
    }
    format!("the text is no JSON: {} at line {}, column {}", syntax(error), error.line(), error.column())
}

/// What is wrong, as the library says it, without the line and the column.
pub(super) fn without_place(error: &serde_json::Error) -> String {
    let (said, at) = (error.to_string(), format!(" at line {} column {}", error.line(), error.column()));
    said.strip_suffix(&at).map(str::to_owned).unwrap_or(said)
}

/// What keeps a text from being JSON, without its place.
pub(super) fn syntax(error: &serde_json::Error) -> String {
    let said = without_place(error);
    let plain = match &*said {
        said if said.starts_with("EOF while parsing") => "it breaks off",
        "expected value" => "expected a value such as \"text\", 1, true, null, [] or {}",
        "expected ident" => "expected true, false or null",
        "key must be a string" => "a name must stand in double quotes",
        "trailing characters" => "more follows behind its end",
        "trailing comma" => "a comma stands before the end of a list or an object",
        "recursion limit exceeded" => "lists and objects are nested too deep",
        said if said.starts_with("control character") => {
            "a text holds a control character; write it as an escape such as \\n"
        }
        said if said.contains("surrogate") || said.contains("hex escape") || said.contains("unicode") => {
            "a text holds an escape \\u that stands for no character"
        }
        other => other,
    };
    plain.to_owned()
}

fn value(said: &str) -> String {
    // A part that is read on its own.
    if said == "recursion limit exceeded" {
        return "lists and objects are nested too deep".to_owned();
    }
    for kind in ["invalid type: ", "invalid value: "] {
        let parts = said.strip_prefix(kind).and_then(|rest| rest.rsplit_once(", expected "));
        if let Some((found, expected)) = parts {
            return format!("expected {}, found {}", self::expected(expected), self::found(found));
        }
    }
    if let Some((length, rest)) = said.strip_prefix("invalid length ").and_then(|rest| rest.split_once(", expected ")) {
        let items = if length == "1" { "item" } else { "items" };
        return format!("expected {}, found {length} {items}", expected(rest));
    }
    for (theirs, ours) in [("unknown field ", "unknown name "), ("unknown variant ", "unknown name ")] {
        if let Some(rest) = said.strip_prefix(theirs) {
            return format!("{ours}{rest}").replace(", there are no fields", ", expected an object without members");
        }
    }
    if let Some(name) = said.strip_prefix("missing field ") {
        return format!("{name} is missing");
    }
    if let Some(name) = said.strip_prefix("duplicate field ") {
        return format!("{name} stands there twice");
    }
    said.to_owned()
}

/// What was found.
fn found(found: &str) -> Cow<'_, str> {
    let inner = |kind: &str| found.strip_prefix(kind).map(|rest| rest.trim_matches('`'));
    match found {
        "null" | "unit value" | "Option value" => "null".into(),
        "sequence" => "a list".into(),
        "map" => "an object".into(),
        "unit variant" => "a text".into(),
        _ => match ["string ", "integer ", "floating point ", "boolean "].iter().find_map(|kind| inner(kind)) {
            Some(value) => value.into(),
            None => found.into(),
        },
    }
}

/// What was expected: a type of the language, as the value that it stands for.
fn expected(expected: &str) -> Cow<'_, str> {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" | "u128" => {
            let most = match expected {
                "u8" => u64::from(u8::MAX),
                "u16" => u64::from(u16::MAX),
                "u32" => u64::from(u32::MAX),
                _ => return "a whole number from 0, such as 1".into(),
            };
            format!("a whole number from 0 to {most}, such as 1").into()
        }
        "i8" | "i16" | "i32" | "i64" | "isize" | "i128" => "a whole number such as 1".into(),
        "f32" | "f64" => "a number such as 0.5".into(),
        "a string" | "a borrowed string" => "a text in double quotes".into(),
        "a boolean" => "true or false".into(),
        "a sequence" => "a list such as []".into(),
        "a map" => "an object such as {}".into(),
        "unit" | "unit variant" => "null".into(),
        "newtype variant" | "struct variant" | "tuple variant" => "an object whose one member it is".into(),
        "any valid JSON value" => "a value".into(),
        _ if ["struct ", "map"].iter().any(|kind| expected.starts_with(kind)) => "an object".into(),
        _ if ["tuple", "an array", "a tuple"].iter().any(|kind| expected.starts_with(kind)) => "a list".into(),
        _ if ["variant ", "enum ", "field "].iter().any(|kind| expected.starts_with(kind)) => "a name".into(),
        other => other.into(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "read by the derived code alone")]
    struct One {
        count: u16,
        text: String,
        ready: bool,
        list: Vec<i64>,
    }

    fn check<T: DeserializeOwned + std::fmt::Debug>(json: &str, expected: &str) {
        let error = serde_json::from_str::<T>(json).expect_err("an error");
        assert_eq!(plain(&error), expected, "{json}");
    }

    #[test]
    fn an_error_is_worded_for_those_who_write_json() {
        check::<u16>("\"x\"", "expected a whole number from 0 to 65535, such as 1, found \"x\"");
        check::<u16>("-1", "expected a whole number from 0 to 65535, such as 1, found -1");
        check::<u64>("1.5", "expected a whole number from 0, such as 1, found 1.5");
        check::<f64>("[]", "expected a number such as 0.5, found a list");
        check::<bool>("{}", "expected true or false, found an object");
        check::<String>("null", "expected a text in double quotes, found null");
        check::<Vec<u8>>("true", "expected a list such as [], found true");
        check::<One>("{\"count\": 1}", "`text` is missing");
        check::<One>("{\"cuont\": 1}", "unknown name `cuont`, expected one of `count`, `text`, `ready`, `list`");
        check::<One>("{\"count\": 1, \"count\": 2}", "`count` stands there twice");
        check::<One>("5", "expected an object, found 5");
        check::<One>("{", "the text is no JSON: it breaks off at line 1, column 1");
        check::<One>("{count: 1}", "the text is no JSON: a name must stand in double quotes at line 1, column 2");
        check::<u8>("1 2", "the text is no JSON: more follows behind its end at line 1, column 3");
        check::<u8>("", "the text is no JSON: it breaks off at line 1, column 0");
        let value = "expected a value such as \"text\", 1, true, null, [] or {}";
        check::<Vec<u8>>("[\n x]", &format!("the text is no JSON: {value} at line 2, column 2"));
    }
}
