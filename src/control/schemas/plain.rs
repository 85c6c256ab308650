//! Schemas in the form that generators of clients read best.

use schemars::Schema;
use serde_json::{Map, Value, json};

/// Brings one schema into plain form: `enum` for texts, `null` beside a type, formats that OpenAPI knows.
pub(super) fn plain(schema: &mut Schema) {
    let Some(object) = schema.as_object_mut() else { return };
    texts(object);
    numbers(object);
    // Generators of clients take a member that has a default for one that must be said. Its description says what holds
    // where it is absent.
    object.shift_remove("default");
}

/// Says of members that may be absent that they are never `null`: an answer leaves out what it has not.
pub(super) fn never_null(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            let required = members.get("required").cloned().unwrap_or_default();
            let required: Vec<_> = required.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            let named = members.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten();
            named.filter(|(name, _)| !required.contains(&name.as_str())).for_each(|(_, member)| without_null(member));
            members.values_mut().for_each(never_null);
        }
        Value::Array(items) => items.iter_mut().for_each(never_null),
        _ => {}
    }
}

fn without_null(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    if let Some(Value::Array(kinds)) = members.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [only] = &kinds[..] {
            let only = only.clone();
            members.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(branches)) = members.get_mut("anyOf") {
        branches.retain(|branch| branch.get("type").is_none_or(|kind| kind != "null"));
        if let [Value::Object(only)] = &branches[..] {
            let only = only.clone();
            members.shift_remove("anyOf");
            let stated = std::mem::take(members);
            members.extend(only);
            members.extend(stated);
        }
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
