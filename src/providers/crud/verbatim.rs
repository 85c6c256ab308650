//! JavaScript's texts and objects in a fixture file.
//!
//! A fixture is JSON as `serde_json` reads it: no lone surrogates, and no more than 128 levels. What a
//! client stored beyond that is exported as `{"$json": "<its JSON text>"}` and read back from it, so
//! that every state survives an export.

use std::borrow::Cow;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::printed;
use crate::dialects::ecma_json::{self, Document, Text, TooDeep};
use crate::dialects::zod::{Record, received};
use crate::world::objects;
use crate::world::weight::{self, MEASURED};

const ESCAPE: &str = "$json";

/// A free JSON object, as JavaScript prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block(Box<str>);

impl Block {
    /// What was printed of a record that Zod took.
    pub(super) fn of(record: Record<'_>) -> Result<Self, TooDeep> {
        record.print().map(Self)
    }

    /// Appends the object.
    pub(super) fn push_json(&self, out: &mut String) {
        out.push_str(&self.0);
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.as_str() {
            Some(text) => serializer.serialize_str(text),
            None => {
                let mut json = String::new();
                self.push_json(&mut json);
                escaped(json).serialize(serializer)
            }
        }
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

/// Takes a text, or the object that stands for one.
struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(text.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Text, A::Error> {
        let json =
            plain_or_escaped(Value::Object(Map::<String, Value>::deserialize(MapAccessDeserializer::new(members))?));
        let document = Document::read(&json).map_err(A::Error::custom)?;
        match document.root() {
            ecma_json::Value::Text(text) => Ok(text.clone()),
            other => Err(not("string", received(Some(other)))),
        }
    }
}

impl Serialize for Block {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(MEASURED, &Printed(&self.0))
    }
}

/// What was printed of a block.
struct Printed<'b>(&'b str);

impl Serialize for Printed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = self.0;
        // Who asks only how long it is.
        if !serializer.is_human_readable() {
            let length = if is_plain(json) { json.len() } else { weight::length(&Read(json)) };
            return serializer.serialize_u64(u64::try_from(length).unwrap_or(u64::MAX));
        }
        Read(json).serialize(serializer)
    }
}

/// What was printed, read and written as `serde_json` does.
struct Read<'b>(&'b str);

impl Serialize for Read<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let json = self.0;
        // As deep as it will stand in the file.
        let fits = serde_json::from_str::<Value>(&format!("[[[{json}]]]")).is_ok();
        match serde_json::from_str::<Map<String, Value>>(json) {
            Ok(object) if fits && !is_escape(&object) => object.serialize(serializer),
            _ => escaped(json.to_owned()).serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Block {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        if printed::is_printed(raw.get()) {
            return Ok(Self(raw.into()));
        }
        let json = plain_or_escaped(objects::any_of(&raw)?);
        let document = Document::read(&json).map_err(D::Error::custom)?;
        let record = Record::of(Some(document.root())).map_err(|received| not("object", received))?;
        Self::of(record).map_err(D::Error::custom)
    }
}

/// Levels and digits that `serde_json` surely reads and writes as JavaScript prints them.
const PLAIN_LEVELS: usize = 64;
const PLAIN_DIGITS: usize = 15;

/// Whether what was printed is surely read and written again byte for byte: but for half surrogate pairs, large and small
/// numbers and deep levels all is.
fn is_plain(json: &str) -> bool {
    let bytes = json.as_bytes();
    if has_no_doubt(bytes) && bytes.chunks(CHUNK).map(opened).sum::<usize>() <= PLAIN_LEVELS {
        return json.starts_with('{') && !json.starts_with("{\"$");
    }
    let (mut at, mut level) = (0, 0_usize);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => match end_of_text(bytes, at + 1) {
                Some(end) => at = end,
                None => return false,
            },
            b'0'..=b'9' => {
                let rest = &bytes[at..];
                let number = &rest[..rest.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'.')).count()];
                let behind = rest.get(number.len());
                let is_small = number.starts_with(b"0.000");
                if is_small || number.len() > PLAIN_DIGITS || !matches!(behind, Some(b',' | b'}' | b']')) {
                    return false;
                }
                at += number.len();
                continue;
            }
            b'{' | b'[' => level += 1,
            b'}' | b']' => level = level.saturating_sub(1),
            _ => {}
        }
        if level > PLAIN_LEVELS {
            return false;
        }
        at += 1;
    }
    json.starts_with('{') && !json.starts_with("{\"$")
}

/// Whether what was printed surely holds no escape and no number. Without a branch a letter, many are looked at together.
fn has_no_doubt(json: &[u8]) -> bool {
    let pairs = json.iter().zip(json.get(1..).unwrap_or_default());
    !pairs.fold(false, |doubt, (byte, next)| {
        let is_before_value = (*byte == b':') | (*byte == b',') | (*byte == b'[');
        doubt | (*byte == b'\\') | (is_before_value & (next.is_ascii_digit() | (*next == b'-')))
    })
}

/// How many bytes are counted together.
const CHUNK: usize = 128;

/// How many objects and arrays a part of what was printed opens at most.
fn opened(part: &[u8]) -> usize {
    part.iter().fold(0_u8, |opened, byte| opened + u8::from((*byte == b'{') | (*byte == b'['))).into()
}

/// Where a text ends; nothing where it holds what its letters may not be.
fn end_of_text(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        at += memchr::memchr2(b'"', b'\\', bytes.get(at..)?)?;
        match bytes.get(at..at + 2) {
            Some(b"\\u") if bytes.get(at + 2..at + 4) != Some(b"00") => return None,
            Some([b'\\', _]) => at += 2,
            _ => return Some(at),
        }
    }
}

fn not<E: serde::de::Error>(wanted: &str, received: &str) -> E {
    E::custom(format_args!("Expected {wanted}, received {received}"))
}

fn escaped(json: String) -> Map<String, Value> {
    Map::from_iter([(ESCAPE.to_owned(), Value::String(json))])
}

fn is_escape(object: &Map<String, Value>) -> bool {
    object.len() == 1 && object.get(ESCAPE).is_some_and(Value::is_string)
}

/// The JSON text that a value of a fixture stands for.
fn plain_or_escaped(value: Value) -> String {
    match value {
        Value::Object(mut object) if is_escape(&object) => match object.shift_remove(ESCAPE) {
            Some(Value::String(json)) => json,
            _ => String::new(),
        },
        value => value.to_string(),
    }
}

impl JsonSchema for Text {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "VerbatimText".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A text, or {\"$json\": a JSON text} where it holds half a surrogate pair.",
            "anyOf": [
                { "type": "string" },
                {
                    "type": "object",
                    "properties": { "$json": { "type": "string" } },
                    "required": ["$json"],
                    "additionalProperties": false,
                },
            ],
        })
    }
}

impl JsonSchema for Block {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "VerbatimBlock".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "description": "Any JSON object; {\"$json\": a JSON text} stands for the object of that text.",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: &str) -> String {
        let written = serde_json::to_string(&Block(json.into())).expect("serializes");
        let read: Block = serde_json::from_str(&written).expect(&written);
        assert_eq!(&*read.0, json, "{written}");
        written
    }

    #[test]
    fn a_block_survives_the_file() {
        assert_eq!(check(r#"{"1":2,"b":[null,1.5,"é"]}"#), r#"{"1":2,"b":[null,1.5,"é"]}"#);
        assert!(check(r#"{"a":1e+21,"b":123456789012345680000}"#).contains("1e+21"));
        assert_eq!(check(r#"{"a":"\ud800"}"#), r#"{"$json":"{\"a\":\"\\ud800\"}"}"#);
        assert_eq!(check(r#"{"$json":"x"}"#), r#"{"$json":"{\"$json\":\"x\"}"}"#);
        check(&format!("{{\"a\":{}1{}}}", "[".repeat(125), "]".repeat(125)));
        check(&format!("{{\"a\":{}1{}}}", "[".repeat(900), "]".repeat(900)));
    }

    #[test]
    fn a_block_that_is_plain_is_written_as_it_was_printed() {
        let numbers =
            ["0.001", "-0.00012", "0.1", "123456789012345", "1234567.5", "-7", "1e-7", "1e300", "123456789012345678"];
        let levels = [20, 70, 126, 140].map(|levels| format!("{}1{}", "[".repeat(levels), "]".repeat(levels)));
        let texts = ["\"\\u001f\\n\\\"\\\\\"", "\"\\ud83d\"", "\"é\u{2028}{[\"", "null", "[]", "{}", "[true,0,\"\"]"];
        let values = numbers.into_iter().chain(texts).chain(levels.iter().map(String::as_str));
        let mut plain = 0;
        for json in values.flat_map(|value| [format!("{{\"a\":{value}}}"), format!("{{\"$json\":{value},\"b\":1}}")]) {
            let written = serde_json::to_string(&Value::from(json.as_str())).unwrap();
            let block: Block = serde_json::from_str(&format!("{{\"$json\":{written}}}")).unwrap();
            let length = serde_json::to_string(&block).unwrap().len();
            assert_eq!(weight::length(&block), length, "{json}");
            plain += usize::from(is_plain(&block.0));
        }
        assert!(plain >= 12, "{plain} blocks are plain");
    }

    #[test]
    fn a_text_survives_the_file() {
        for json in [r#""é""#, r#""a\ud800""#] {
            let document = Document::read(json).expect(json);
            let ecma_json::Value::Text(text) = document.root() else { panic!("{json}") };
            let written = serde_json::to_string(text).expect(json);
            let read: Text = serde_json::from_str(&written).expect(&written);
            assert_eq!(read, *text, "{written}");
        }
    }
}
