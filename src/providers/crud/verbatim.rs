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
use crate::world::weight::MEASURED;

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
        // Who asks what it weighs is told how long the text is that is kept.
        if !serializer.is_human_readable() {
            return serializer.serialize_u64(u64::try_from(json.len()).unwrap_or(u64::MAX));
        }
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
    use crate::world::weight;

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
    fn a_block_weighs_what_is_kept_of_it() {
        for json in [r#"{"a":"b"}"#, r#"{"a":"\ud800"}"#, r#"{"$json":"x"}"#] {
            assert_eq!(weight::length(&Block(json.into())), json.len());
        }
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
