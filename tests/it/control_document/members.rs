//! What the page of the control API says of types: a member's type in a few words, and the table of a shape's members.

use std::fmt::Write;

use serde_json::Value;

/// What a heading is linked by.
pub(super) fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|char| char.is_alphanumeric() || matches!(char, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

/// The shape that an answer has, as a link.
pub(super) fn shape_of(answer: &Value) -> Option<String> {
    let (_, media) = answer["content"].as_object()?.iter().next()?;
    media["schema"]["$ref"].as_str().map(linked)
}

fn linked(reference: &str) -> String {
    let name = reference.rsplit('/').next().unwrap_or_default();
    format!("[{name}](#{})", anchor(name))
}

/// A type in a few words.
pub(super) fn type_of(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return linked(reference);
    }
    if let Some(value) = schema.get("const") {
        return format!("`{value}`");
    }
    if let Some(values) = schema["enum"].as_array().filter(|values| values.len() <= 6) {
        let shown: Vec<_> = values.iter().map(|value| format!("`{value}`")).collect();
        return shown.join(", ");
    }
    for key in ["anyOf", "oneOf", "allOf"] {
        if let Some(branches) = schema[key].as_array() {
            let mut shown: Vec<_> = branches.iter().map(type_of).collect();
            shown.dedup();
            return shown.join(" or ");
        }
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        Value::String(kind) => vec![kind.as_str()],
        _ => return "any JSON".to_owned(),
    };
    let shown: Vec<_> = kinds.into_iter().map(|kind| of_kind(schema, kind)).collect();
    shown.join(" or ")
}

fn of_kind(schema: &Value, kind: &str) -> String {
    match kind {
        "array" => format!("array of {}", type_of(&schema["items"])),
        "object" if schema["additionalProperties"].is_object() => {
            format!("object of {}", type_of(&schema["additionalProperties"]))
        }
        "integer" => match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
            (Some(least), Some(most)) => format!("integer, {least} to {most}"),
            _ => kind.to_owned(),
        },
        _ => kind.to_owned(),
    }
}

/// Whether a shape is the body of one operation and nothing else refers to it: the operation shows its members.
pub(super) fn is_whole_body(document: &Value, name: &str) -> bool {
    let reference = format!("#/components/schemas/{name}");
    let bodies = document["paths"].as_object().into_iter().flatten().flat_map(|(_, item)| item.as_object()).flatten();
    let is_body = |node: &Value| {
        node["requestBody"]["content"]["application/json"]["schema"]["$ref"].as_str() == Some(reference.as_str())
    };
    bodies.filter(|(_, node)| is_body(node)).count() == 1
        && document.to_string().matches(&format!("{reference}\"")).count() == 1
}

/// The table of a shape's members, or of its values.
pub(super) fn members(schema: &Value) -> Option<String> {
    let mut text = String::new();
    if let Some(values) = schema["enum"].as_array() {
        text.push_str("| value | |\n|---|---|\n");
        for (number, value) in values.iter().enumerate() {
            let about = schema["x-enum-descriptions"][number].as_str().unwrap_or_default();
            let _ = writeln!(text, "| `{value}` | {} |", in_a_cell(about));
        }
        return Some(text);
    }
    if let Some(variants) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        text.push_str("| one of these | type | |\n|---|---|---|\n");
        for variant in variants {
            let members: Vec<_> = variant["properties"].as_object().into_iter().flatten().collect();
            let names: Vec<_> = members.iter().map(|(name, _)| format!("`{name}`")).collect();
            let kinds: Vec<_> = members.iter().map(|(_, member)| type_of(member)).collect();
            let kinds = if kinds.is_empty() { type_of(variant) } else { kinds.join("; ") };
            let about = match &members[..] {
                [(_, only)] => only["description"].as_str(),
                _ => None,
            };
            let about = in_a_cell(about.or(variant["description"].as_str()).unwrap_or_default());
            let _ = writeln!(text, "| {} | {kinds} | {about} |", names.join(", "));
        }
        return Some(text);
    }
    text.push_str("| member | type | required | |\n|---|---|---|---|\n");
    let parts = schema["allOf"].as_array().map_or_else(|| vec![schema], |parts| parts.iter().collect());
    let mut any = false;
    for part in parts {
        any |= rows(part, &mut text);
    }
    any.then_some(text)
}

/// A row for each member; whether there are any.
fn rows(schema: &Value, text: &mut String) -> bool {
    let Some(properties) = schema["properties"].as_object() else { return false };
    let required: Vec<_> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, member) in properties {
        let about = in_a_cell(member["description"].as_str().unwrap_or_default());
        let needed = if required.contains(&name.as_str()) { "yes" } else { "no" };
        let _ = writeln!(text, "| `{name}` | {} | {needed} | {about} |", type_of(member));
        // What is described in its place is shown in its place.
        for (inner, schema) in inlined(member) {
            let about = in_a_cell(schema["description"].as_str().unwrap_or_default());
            let _ = writeln!(text, "| `{name}.{inner}` | {} | no | {about} |", type_of(schema));
        }
    }
    !properties.is_empty()
}

fn inlined(member: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let inner = member["properties"].as_object().or(member["items"]["properties"].as_object());
    inner.into_iter().flatten().map(|(name, schema)| (name.as_str(), schema))
}

fn in_a_cell(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|")
}
