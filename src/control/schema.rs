//! Schemas in the form that generators of clients read best.

use schemars::Schema;
use serde_json::{Map, Value, json};

/// Brings one schema into plain form: `enum` for texts, `null` beside a type, formats that OpenAPI knows.
pub(super) fn plain(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    texts(object);
    numbers(object);
    // What is absent is not there; that it could be null besides says nothing more.
    if object.get("default").is_some_and(is_nothing) {
        object.shift_remove("default");
    }
}

fn is_nothing(default: &Value) -> bool {
    match default {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    }
}

/// Alternatives that are one text each, as an enumeration; generators of clients know what describes its values.
fn texts(object: &mut Map<String, Value>) {
    let Some(variants) = object.get("oneOf").and_then(Value::as_array) else { return };
    let text = |variant: &Value| variant.get("const").filter(|text| text.is_string()).cloned();
    let Some(values) = variants.iter().map(text).collect::<Option<Vec<_>>>() else { return };
    let about = |variant: &Value| variant.get("description").cloned().unwrap_or_else(|| "".into());
    let descriptions: Vec<_> = variants.iter().map(about).collect();
    object.shift_remove("oneOf");
    object.insert("type".to_owned(), "string".into());
    object.insert("enum".to_owned(), values.into());
    object.insert("x-enum-descriptions".to_owned(), descriptions.into());
}

/// Formats of numbers that OpenAPI does not know, as those that it knows.
fn numbers(object: &mut Map<String, Value>) {
    let known = match object.get("format").and_then(Value::as_str) {
        Some("uint64") => json!("int64"),
        Some("uint16" | "uint32") => {
            // The bound of a type of the machine says nothing; another says what is right.
            if [u64::from(u16::MAX), u64::from(u32::MAX)]
                .map(Some)
                .contains(&object.get("maximum").and_then(Value::as_u64))
            {
                object.shift_remove("maximum");
            }
            json!("int32")
        }
        Some("uint") => {
            object.shift_remove("format");
            return;
        }
        _ => return,
    };
    object.insert("format".to_owned(), known);
}
