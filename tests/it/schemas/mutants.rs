//! Values with something wrong, or something merely odd.

use persona_mock::internals::PATTERNS;
use serde_json::{Map, Value, json};

use super::Chance;

/// What a schema speaks of: the values at whose edges verdicts change.
pub struct Pool {
    pub values: Vec<Value>,
    pub names: Vec<String>,
    pub lengths: Vec<u64>,
}

impl Pool {
    pub fn of(root: &Value, schema: &Value) -> Self {
        let mut pool = Self { values: edges(), names: Vec::new(), lengths: vec![1, 2, 36, 37] };
        pool.names.extend(["", "nmae", "Name", "$ref", "a/b~c", "id"].map(str::to_owned));
        pool.gather(root, schema, 0);
        pool
    }

    fn gather(&mut self, root: &Value, schema: &Value, depth: usize) {
        let Some(members) = schema.as_object().filter(|_| depth < 12) else { return };
        for (keyword, stated) in members {
            match (&**keyword, stated) {
                ("$ref", Value::String(target)) => {
                    let target = root.pointer(target.trim_start_matches('#')).unwrap_or(&Value::Null);
                    self.gather(root, target, depth + 1);
                }
                ("minLength" | "maxLength" | "minItems" | "maxItems", Value::Number(length)) => {
                    let length = length.as_u64().unwrap_or_default();
                    self.lengths.extend([length.saturating_sub(1), length, length + 1]);
                }
                ("minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum", Value::Number(bound)) => {
                    let bound = bound.as_f64().unwrap_or_default();
                    self.values.extend([bound - 1.0, bound - 0.5, bound, bound + 0.5, bound + 1.0].map(Value::from));
                    self.values.extend([bound - 1.0, bound, bound + 1.0].map(|bound| json!(bound as i64)));
                    self.values.push(stated.clone());
                }
                ("const", value) => self.values.push(value.clone()),
                ("enum" | "examples", Value::Array(values)) => self.values.extend(values.iter().cloned()),
                ("properties", Value::Object(schemas)) => {
                    self.names.extend(schemas.keys().cloned());
                    schemas.values().for_each(|schema| self.gather(root, schema, depth + 1));
                }
                ("allOf" | "anyOf" | "oneOf", Value::Array(schemas)) => {
                    schemas.iter().for_each(|schema| self.gather(root, schema, depth + 1));
                }
                ("items" | "additionalProperties" | "unevaluatedProperties", schema) => {
                    self.gather(root, schema, depth + 1);
                }
                _ => {}
            }
        }
    }
}

fn edges() -> Vec<Value> {
    let numbers = [
        "0",
        "-0.0",
        "1",
        "1.0",
        "1.5",
        "-1",
        "100",
        "255",
        "256",
        "2147483647",
        "2147483648",
        "-2147483649",
        "9007199254740993",
        "9223372036854775807",
        "9223372036854775808",
        "18446744073709551615",
        "18446744073709551616",
        "-9223372036854775808",
        "-9223372036854775809",
        "1e3",
        "1e19",
        "1e300",
        "-1e300",
        "5e-324",
    ];
    let texts = [
        "",
        " ",
        "\u{a0}",
        "a",
        "ß",
        "😀",
        "null",
        "true",
        " TRUE ",
        "1",
        " +12 ",
        "now",
        "now-3d",
        "now+1y",
        "just now",
        "1 day ago",
        "3 days ago",
        "2026-01-15",
        "2026-02-29",
        "2024-02-29",
        "2026-01-15T12:00:00Z",
        "2026-01-15T12:00:00.123",
        "2026-01-15t12:00:00.5+01:00",
        "2026-01-15T25:00:00Z",
        "2016-12-31T23:59:60Z",
        "2026-01-15T12:00:00.000Z",
        "8e214819-5c83-429f-a976-eb127a0a8a88",
        "8E214819-5C83-429F-A976-EB127A0A8A88",
        "8e2148195c83429fa976eb127a0a8a88",
        "8e214819-5c83-429f-a976-eb127a0a8a8",
        "ada@example.com",
        "ada@",
        "a b@c.d",
        "https://example.com/a?b#c",
        "example.com",
        "https://exa mple.com",
        "urn:x",
        "1:x",
    ];
    let numbers = numbers.iter().map(|text| serde_json::from_str(text).expect(text));
    let others = [json!(null), json!(true), json!(false), json!([]), json!({}), json!([[]]), json!({"$json": "{}"})];
    numbers.chain(texts.iter().map(|text| json!(text))).chain(others).collect()
}

/// Changes one thing somewhere in a value.
pub fn mutate(value: &mut Value, pool: &Pool, chance: &mut Chance) {
    let size = count(value);
    let mut place = chance.below(size);
    if let Some(node) = nth(value, &mut place) {
        change(node, pool, chance);
    }
}

fn count(value: &Value) -> u64 {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

fn nth<'v>(value: &'v mut Value, place: &mut u64) -> Option<&'v mut Value> {
    if *place == 0 {
        return Some(value);
    }
    *place -= 1;
    match value {
        Value::Array(items) => items.iter_mut().find_map(|item| nth(item, place)),
        Value::Object(members) => members.values_mut().find_map(|member| nth(member, place)),
        _ => None,
    }
}

fn change(node: &mut Value, pool: &Pool, chance: &mut Chance) {
    if chance.one_in(4) {
        *node = chance.pick(&pool.values).cloned().unwrap_or_default();
        return;
    }
    match node {
        Value::Object(members) => change_members(members, pool, chance),
        Value::Array(items) => change_items(items, pool, chance),
        Value::String(text) => {
            let length = chance.pick(&pool.lengths).copied().unwrap_or_default() as usize;
            match chance.below(6) {
                0 => *text = chance.pick(&["x", "ß", "😀", " "]).map_or("", |char| char).repeat(length),
                1 => text.push(['\n', ' ', 'Z', '\u{2028}', '٣', '3'][chance.below(6) as usize]),
                2 => drop(text.pop()),
                3 => *text = text.to_uppercase(),
                4 => *text = text.replacen(['-', ':', '@'], "", 1),
                _ => *text = chance.pick(PATTERNS).map_or("", |pattern| pattern.written).to_owned(),
            }
        }
        Value::Number(number) => {
            let float = number.as_f64().unwrap_or_default();
            *node = [
                json!(float + 1.0),
                json!(float - 1.0),
                json!(-float),
                json!(float + 0.5),
                json!((float as i64).saturating_add(1)),
            ][chance.below(5) as usize]
                .clone();
        }
        Value::Null | Value::Bool(_) => *node = chance.pick(&pool.values).cloned().unwrap_or_default(),
    }
}

fn change_members(members: &mut Map<String, Value>, pool: &Pool, chance: &mut Chance) {
    let own: Vec<_> = members.keys().cloned().collect();
    let new = chance.pick(&pool.names).cloned().unwrap_or_default();
    let value = chance.pick(&pool.values).cloned().unwrap_or_default();
    match (chance.below(4), chance.pick(&own)) {
        (0, Some(name)) => drop(members.shift_remove(name)),
        (1, Some(name)) => {
            let moved = members.shift_remove(name).unwrap_or_default();
            members.insert(new, moved);
        }
        (2, Some(name)) => drop(members.insert(name.clone(), value)),
        _ => drop(members.insert(new, value)),
    }
}

fn change_items(items: &mut Vec<Value>, pool: &Pool, chance: &mut Chance) {
    match chance.below(4) {
        0 => items.clear(),
        1 => drop(items.pop()),
        2 => {
            let first = items.first().cloned();
            items.extend(first);
        }
        _ => items.push(chance.pick(&pool.values).cloned().unwrap_or_default()),
    }
}
