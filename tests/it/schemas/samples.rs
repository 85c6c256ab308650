//! Values that a schema describes, or nearly so.

use serde_json::{Map, Value, json};

use super::Chance;
use super::mutants::Pool;

/// How deep samples are.
const DEPTH: usize = 7;

/// A value that fits a schema, for the most part.
pub fn sample(root: &Value, schema: &Value, pool: &Pool, chance: &mut Chance) -> Value {
    Sampler { root, pool }.value(schema, chance, DEPTH)
}

struct Sampler<'s> {
    root: &'s Value,
    pool: &'s Pool,
}

impl Sampler<'_> {
    fn value(&self, schema: &Value, chance: &mut Chance, depth: usize) -> Value {
        if depth == 0 {
            return Value::Null;
        }
        if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.root.pointer(target.trim_start_matches('#')).unwrap_or(&Value::Null);
            return self.value(target, chance, depth);
        }
        for branches in ["anyOf", "oneOf"] {
            if let Some(branch) = schema.get(branches).and_then(Value::as_array).and_then(|all| chance.pick(all)) {
                return self.value(branch, chance, depth);
            }
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let own = self.plain(schema, chance, depth);
            return parts.iter().fold(own, |all, part| merged(all, self.value(part, chance, depth)));
        }
        self.plain(schema, chance, depth)
    }

    fn plain(&self, schema: &Value, chance: &mut Chance, depth: usize) -> Value {
        if let Some(value) = schema.get("const").or_else(|| chance.pick(schema.get("enum")?.as_array()?)) {
            return value.clone();
        }
        if let Some(example) = schema.get("example").or_else(|| chance.pick(schema.get("examples")?.as_array()?)) {
            return example.clone();
        }
        let kind = match schema.get("type") {
            Some(Value::Array(kinds)) => chance.pick(kinds).and_then(Value::as_str),
            Some(kind) => kind.as_str(),
            None if schema.get("properties").is_some() => Some("object"),
            None if schema.get("items").is_some() => Some("array"),
            None => None,
        };
        let bound = |name| schema.get(name).and_then(Value::as_u64);
        match kind {
            Some("object") => self.object(schema, chance, depth),
            Some("array") => {
                let many = bound("minItems").unwrap_or_default() + chance.below(3);
                let items = schema.get("items").unwrap_or(&Value::Bool(true));
                (0..many).map(|_| self.value(items, chance, depth - 1)).collect()
            }
            Some("string") => text(schema, chance, bound("minLength"), bound("maxLength")),
            Some("integer") => {
                json!(schema.get("minimum").and_then(Value::as_i64).unwrap_or(1) + chance.below(3) as i64)
            }
            Some("number") => json!(schema.get("minimum").and_then(Value::as_f64).unwrap_or(0.5)),
            Some("boolean") => json!(chance.one_in(2)),
            Some("null") => Value::Null,
            _ => chance.pick(&self.pool.values).cloned().unwrap_or_default(),
        }
    }

    fn object(&self, schema: &Value, chance: &mut Chance, depth: usize) -> Value {
        let required = schema.get("required").and_then(Value::as_array);
        let mut members = Map::new();
        for (name, member) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
            let is_required = required.is_some_and(|names| names.iter().any(|required| required == name));
            if is_required || chance.one_in(2) {
                members.insert(name.clone(), self.value(member, chance, depth - 1));
            }
        }
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            members.entry(name).or_insert(Value::Null);
        }
        for others in ["additionalProperties", "unevaluatedProperties"] {
            if let Some(other) = schema.get(others).filter(|other| other.is_object() && chance.one_in(2)) {
                let name = chance.pick(&self.pool.names).cloned().unwrap_or_default();
                members.entry(name).or_insert_with(|| self.value(other, chance, depth - 1));
            }
        }
        Value::Object(members)
    }
}

fn merged(one: Value, other: Value) -> Value {
    match (one, other) {
        (Value::Object(mut one), Value::Object(other)) => {
            one.extend(other);
            Value::Object(one)
        }
        (Value::Null, other) => other,
        (one, _) => one,
    }
}

fn text(schema: &Value, chance: &mut Chance, least: Option<u64>, most: Option<u64>) -> Value {
    let by_format = match schema.get("format").and_then(Value::as_str) {
        Some("uuid") => "8e214819-5c83-429f-a976-eb127a0a8a88",
        Some("date-time") => "2026-01-15T12:00:00Z",
        Some("date") => "2026-01-15",
        Some("email") => "ada@example.com",
        Some("uri") => "https://example.com/a",
        Some("fixture-time") => "now-3d",
        _ => "",
    };
    if !by_format.is_empty() {
        return json!(by_format);
    }
    let by_pattern = match schema.get("pattern").and_then(Value::as_str) {
        Some(pattern) if pattern.ends_with("Z$") && pattern.contains("000Z") => "2026-01-15T12:00:00.000Z",
        Some(pattern) if pattern.ends_with("Z$") => "2026-01-15T12:00:00Z",
        Some(pattern) if pattern.contains("ago") => "3 days ago",
        Some(pattern) if pattern.contains('T') && pattern.contains(r"\d{4}") => "2026-01-15T12:00:00.123",
        Some(pattern) if pattern.contains("1,9") => " +12 ",
        Some(pattern) if pattern.contains("[Tt]") => "True",
        Some(pattern) if pattern.contains("a-fA-F") => "8e214819-5c83-429f-a976-eb127a0a8a88",
        _ => "",
    };
    if !by_pattern.is_empty() {
        return json!(by_pattern);
    }
    let lengths = [least.unwrap_or_default(), most.unwrap_or(5), least.unwrap_or_default() + 1];
    let length = chance.pick(&lengths).copied().unwrap_or_default() as usize;
    json!(chance.pick(&["x", "ß", "😀"]).map_or("", |char| char).repeat(length))
}
