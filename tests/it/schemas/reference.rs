//! What the `jsonschema` crate says.

use jsonschema::Validator;
use persona_mock::internals::Formats;
use persona_mock::internals::TextFormat;
use persona_mock::provider::FixtureTime;
use serde_json::{Value, json};

/// The format of fixtures, as both sides know it here.
pub const OWN: &[TextFormat] =
    &[TextFormat { name: "fixture-time", expected: "a time", example: "now", holds: is_fixture_time }];

fn is_fixture_time(text: &str) -> bool {
    text.parse::<FixtureTime>().is_ok()
}

pub struct Reference(Validator);

impl Reference {
    /// A schema of a document as that crate compiles it.
    pub fn of(root: &Value, schema: &Value, formats: Formats) -> Self {
        let is_checked = matches!(formats, Formats::Checked(_));
        let mut whole = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema]});
        for folder in ["components", "$defs"] {
            if let Some(schemas) = root.get(folder) {
                whole[folder] = schemas.clone();
            }
        }
        if is_checked {
            bound_numbers(&mut whole);
        }
        let options = jsonschema::options().should_validate_formats(is_checked);
        let compiled = options.with_format("fixture-time", is_fixture_time).build(&whole);
        Self(compiled.unwrap_or_else(|error| panic!("{error}: {schema}")))
    }

    pub fn accepts(&self, value: &Value) -> bool {
        self.0.is_valid(value)
    }
}

/// That crate takes the formats of numbers for notes. Here they are written out as OpenAPI's registry means them.
fn bound_numbers(node: &mut Value) {
    match node {
        Value::Array(items) => items.iter_mut().for_each(bound_numbers),
        Value::Object(members) => {
            let bounds = match members.get("format").and_then(Value::as_str) {
                Some("int8") => Some((json!(i8::MIN), json!(i8::MAX))),
                Some("int16") => Some((json!(i16::MIN), json!(i16::MAX))),
                Some("int32") => Some((json!(i32::MIN), json!(i32::MAX))),
                Some("int64") => Some((json!(i64::MIN), json!(i64::MAX))),
                Some("uint8") => Some((json!(0), json!(u8::MAX))),
                Some("uint16") => Some((json!(0), json!(u16::MAX))),
                Some("uint32") => Some((json!(0), json!(u32::MAX))),
                Some("uint64") => Some((json!(0), json!(u64::MAX))),
                _ => None,
            };
            if let Some((least, most)) = bounds {
                members.insert("if".into(), json!({"type": "number"}));
                members.insert("then".into(), json!({"type": "integer", "minimum": least, "maximum": most}));
            }
            let schemas = members.iter_mut().filter(|(name, _)| !["const", "enum", "default"].contains(&name.as_str()));
            schemas.for_each(|(_, member)| bound_numbers(member));
        }
        _ => {}
    }
}
