//! Schemas made by chance of every keyword that is supported.

use serde_json::{Map, Value, json};

use super::{Chance, Tally, compare, rounds, tell};

const NAMES: [&str; 4] = ["a", "b", "c", "d/e~f"];

/// A root with schemas that refer to each other, and to themselves from a part of the value.
fn root(chance: &mut Chance) -> Value {
    let schemas = NAMES.map(|name| (name.to_owned(), schema(chance, 3)));
    json!({"components": {"schemas": schemas.into_iter().collect::<Map<_, _>>()}})
}

fn schema(chance: &mut Chance, depth: u64) -> Value {
    let mut members = Map::new();
    if depth == 0 || chance.one_in(12) {
        return json!(!chance.one_in(4));
    }
    for _ in 0..=chance.below(3) {
        keyword(&mut members, chance, depth);
    }
    Value::Object(members)
}

/// A schema of a part: only these may refer to what surrounds them.
fn part(chance: &mut Chance, depth: u64) -> Value {
    match chance.below(4) {
        0 => {
            let name = chance.pick(&NAMES).map_or("", |name| name).replace('~', "~0").replace('/', "~1");
            json!({"$ref": format!("#/components/schemas/{name}"), "description": "a reference"})
        }
        _ => schema(chance, depth - 1),
    }
}

fn keyword(members: &mut Map<String, Value>, chance: &mut Chance, depth: u64) {
    let small = json!(chance.below(4));
    let values =
        [json!(null), json!(1), json!(1.0), json!("a"), json!([1]), json!({"a": 1.0}), json!(true), json!("😀")];
    let value = chance.pick(&values).cloned().unwrap_or_default();
    let kinds = ["null", "boolean", "integer", "number", "string", "array", "object"].map(|kind| json!(kind));
    let (name, stated) = match chance.below(20) {
        0 => ("type", chance.pick(&kinds).cloned().unwrap_or_default()),
        1 => ("type", json!([chance.pick(&kinds[..3]), chance.pick(&kinds[3..])])),
        2 => ("enum", json!([value, "b", 2])),
        3 => ("const", value),
        4 => (["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"][chance.below(4) as usize], small),
        5 => (["minLength", "maxLength"][chance.below(2) as usize], small),
        6 => (["minItems", "maxItems"][chance.below(2) as usize], small),
        7 => (["minProperties", "maxProperties"][chance.below(2) as usize], small),
        8 => ("uniqueItems", json!(true)),
        9 => ("items", part(chance, depth)),
        10 | 11 => {
            let named = NAMES.iter().take(chance.below(4) as usize + 1);
            ("properties", named.map(|name| ((*name).to_owned(), part(chance, depth))).collect::<Map<_, _>>().into())
        }
        12 => ("required", json!([chance.pick(&NAMES), "a"])),
        13 => ("additionalProperties", if chance.one_in(2) { json!(false) } else { part(chance, depth) }),
        14 => ("unevaluatedProperties", if chance.one_in(2) { json!(false) } else { part(chance, depth) }),
        15 => ("allOf", json!([schema(chance, depth - 1), schema(chance, depth - 1)])),
        16 | 17 => ("anyOf", json!([schema(chance, depth - 1), schema(chance, depth - 1)])),
        18 => ("oneOf", json!([schema(chance, depth - 1), schema(chance, depth - 1), schema(chance, depth - 1)])),
        _ => (
            "format",
            json!(["uuid", "date", "date-time", "email", "uri", "int32", "uint64"][chance.below(7) as usize]),
        ),
    };
    members.insert(name.to_owned(), stated);
    if let Some(Value::Array(names)) = members.get_mut("required") {
        names.dedup();
    }
}

#[test]
fn verdicts_on_schemas_made_by_chance_are_those_of_the_jsonschema_crate() {
    let mut tally = Tally::default();
    for number in 0..rounds(150) {
        let mut chance = Chance::of(&format!("schema {number}"));
        let root = root(&mut chance);
        for name in NAMES {
            compare(
                &format!("schema {number} {name}"),
                &root,
                &root["components"]["schemas"][name],
                &[],
                8,
                &mut tally,
            );
        }
    }
    assert!(tally.fitting > tally.values / 10, "{} of {} fit", tally.fitting, tally.values);
    tell(&format!("{} values, {} of them fit", tally.values, tally.fitting));
}
