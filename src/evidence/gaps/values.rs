//! Values that a schema takes, and values that hardly any takes.

use serde_json::{Map, Value, json};

use super::path::{self, Step};
use crate::contract::Document;

/// How far a value goes into objects within objects.
const DEPTH: usize = 6;

/// Values that the schemas of one place take, the likeliest first: those that it names, shows and lists, then one of each
/// kind that it takes.
pub(super) fn of(document: &Document, schemas: &[&Value]) -> Vec<Value> {
    let mut found = Vec::new();
    let mut add = |value: Value| {
        if !found.contains(&value) {
            found.push(value);
        }
    };
    for schema in schemas {
        let shown = schema.get("examples").and_then(Value::as_array).into_iter().flatten();
        let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
        let stated = ["const", "example", "default"].into_iter().filter_map(|key| schema.get(key));
        stated.chain(shown).chain(listed).filter(|value| !value.is_null()).cloned().for_each(&mut add);
    }
    for schema in schemas {
        of_kinds(document, schema, DEPTH).into_iter().for_each(&mut add);
    }
    found
}

/// What the values of an enumeration are, where the schemas of a place have one.
pub(super) fn listed(schemas: &[&Value]) -> Vec<Value> {
    let lists = schemas.iter().filter_map(|schema| schema.get("enum")?.as_array());
    lists.flatten().chain(schemas.iter().filter_map(|schema| schema.get("const"))).cloned().collect()
}

/// An object with what must be there, or an item of a list, for a place that an example lacks.
pub(super) fn made(document: &Document, schema: &Value, steps: &[Step]) -> Value {
    let schemas = path::at(document.json(), schema, steps);
    first(document, &schemas, DEPTH).unwrap_or_else(|| Value::Object(Map::new()))
}

fn first(document: &Document, schemas: &[&Value], depth: usize) -> Option<Value> {
    let stated = ["const", "example", "default"].into_iter();
    let stated = stated.flat_map(|key| schemas.iter().filter_map(move |schema| schema.get(key)));
    let stated = stated.chain(schemas.iter().filter_map(|schema| schema.get("enum")?.get(0)));
    let mut stated = stated.filter(|value| !value.is_null());
    let stated = stated.next().cloned();
    stated.or_else(|| schemas.iter().find_map(|schema| of_kinds(document, schema, depth).into_iter().next()))
}

fn of_kinds(document: &Document, schema: &Value, depth: usize) -> Vec<Value> {
    let kinds = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind.as_str()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ if schema.get("properties").is_some() => vec!["object"],
        _ => Vec::new(),
    };
    if depth == 0 {
        return Vec::new();
    }
    kinds.into_iter().flat_map(|kind| of_kind(document, schema, kind, depth)).collect()
}

fn of_kind(document: &Document, schema: &Value, kind: &str, depth: usize) -> Vec<Value> {
    match kind {
        "string" => texts(schema),
        "integer" | "number" => {
            let least = schema.get("minimum").and_then(Value::as_i64).unwrap_or(1).max(0);
            vec![json!(least.max(1)), json!(least)]
        }
        "boolean" => vec![json!(true), json!(false)],
        "array" => {
            let parts = path::at(document.json(), schema, &[Step::Items]);
            vec![Value::Array(first(document, &parts, depth - 1).into_iter().collect())]
        }
        "object" => vec![object(document, schema, depth)],
        _ => Vec::new(),
    }
}

/// An object with the members that must be there; where none must, with the first.
fn object(document: &Document, schema: &Value, depth: usize) -> Value {
    let named = schema.get("properties").and_then(Value::as_object);
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let mut names: Vec<&str> = required.collect();
    if names.is_empty() {
        names.extend(named.into_iter().flat_map(Map::keys).map(String::as_str).take(1));
    }
    let member = |name: &str| {
        let parts = path::at(document.json(), schema, &[Step::Member(name.to_owned())]);
        Some((name.to_owned(), first(document, &parts, depth - 1)?))
    };
    let members: Map<_, _> = names.into_iter().filter_map(member).collect();
    match members.is_empty() && named.is_none() {
        true => json!({"note": "text"}),
        false => Value::Object(members),
    }
}

fn texts(schema: &Value) -> Vec<Value> {
    let least = schema.get("minLength").and_then(Value::as_u64).unwrap_or(0).min(1_000);
    let shown = match schema.get("format").and_then(Value::as_str) {
        Some("uuid") => "3f2b8c1e-5d47-4a69-8e0b-7c91d2a4f653",
        Some("date-time") => "2026-01-15T12:00:00Z",
        Some("date") => "1990-04-12",
        Some("email") => "someone@example.com",
        Some("uri") => "https://example.com/",
        _ => "text",
    };
    let long = shown.repeat(usize::try_from(least).unwrap_or(0).div_ceil(shown.len()).max(1));
    // What a pattern asks for is hardly ever a word.
    ["1", "+447700900123", "GBP", "GB", "2026-01-15", "2026-01-15T12:00:00Z"]
        .into_iter()
        .filter(|_| schema.get("pattern").is_some())
        .map(str::to_owned)
        .chain([long])
        .map(Value::from)
        .collect()
}

/// Values that hardly any field takes, of every kind: of most fields the first is refused.
pub(super) fn wrong() -> Vec<Value> {
    vec![
        json!({"wrong": true}),
        json!([{"wrong": true}]),
        json!("?"),
        json!(-1),
        json!(1.5),
        json!(true),
        json!(""),
        json!("x".repeat(300)),
        json!(99_999_999_999_i64),
        Value::Null,
        json!(["?"]),
        json!([null]),
        json!({}),
        json!([]),
        json!("x".repeat(5_000)),
    ]
}

/// Texts that hardly any parameter takes.
pub(super) const WRONG_TEXTS: &[&str] = &["?", "-1", "1.5", "99999999999999999999", "", "x,y", "true", " "];
