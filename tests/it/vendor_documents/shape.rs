//! What no document has, under any settings.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{Served, every};

/// The members that hold data, in which nothing is a schema.
const DATA: [&str; 6] = ["const", "default", "enum", "example", "examples", "value"];

/// Calls `look` on every object that may be a schema, with its place. A member of `properties` is never a keyword.
fn each<'d>(node: &'d Value, place: &str, look: &mut dyn FnMut(&str, &'d Map<String, Value>)) {
    match node {
        Value::Object(members) => {
            let are_names = place.ends_with("/properties") || place.ends_with("/schemas");
            if !are_names {
                look(place, members);
            }
            for (name, member) in members {
                if are_names || !DATA.contains(&&**name) {
                    each(member, &format!("{place}/{name}"), look);
                }
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(number, item)| each(item, &format!("{place}/{number}"), look));
        }
        _ => {}
    }
}

/// Holds every document to have nothing that `look` finds.
fn none(mut look: impl FnMut(&Served, &mut Vec<String>)) {
    let mut wrong = Vec::new();
    let all = every();
    assert!(all.len() > 50, "{} documents", all.len());
    for served in &all {
        let mut found = Vec::new();
        look(served, &mut found);
        wrong.extend(found.into_iter().map(|found| format!("{}: {found}", served.name)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_choice_has_one_branch_or_none() {
    none(|served, found| {
        each(&served.json, "", &mut |place, schema| {
            for keyword in ["allOf", "anyOf", "oneOf"] {
                let branches = schema.get(keyword).and_then(Value::as_array);
                if branches.is_some_and(|branches| branches.len() < 2) {
                    found.push(format!("{place}/{keyword}"));
                }
            }
        });
    });
}

#[test]
fn no_schema_is_null_alone_or_has_a_value_without_a_type() {
    none(|served, found| {
        each(&served.json, "", &mut |place, schema| {
            // A branch that is null says that the other branches need not be there.
            let is_branch = ["anyOf", "oneOf"].iter().any(|keyword| place.contains(&format!("/{keyword}/")));
            if !is_branch && schema.get("type").is_some_and(|kind| kind == "null") {
                found.push(format!("{place} is null alone"));
            }
            let is_typed = schema.contains_key("type");
            if !is_typed && (schema.contains_key("const") || schema.get("enum").is_some_and(Value::is_array)) {
                found.push(format!("{place} has no type"));
            }
        });
    });
}

#[test]
fn every_reference_leads_somewhere_and_every_component_is_used() {
    none(|served, found| {
        let text = served.json.to_string();
        let references: BTreeSet<_> =
            text.split(r#""$ref":"#).skip(1).filter_map(|rest| rest.split('"').nth(1)).collect();
        found.extend(
            references
                .iter()
                .filter(|target| served.json.pointer(&target[1..]).is_none())
                .map(|it| format!("{it} is not there")),
        );
        for (group, components) in served.json["components"].as_object().expect("components") {
            for name in components.as_object().expect("a group").keys() {
                let is_used = match &**group {
                    "securitySchemes" => text.contains(&format!(r#"{{"{name}":[]}}"#)),
                    _ => references.contains(&*format!("#/components/{group}/{name}")),
                };
                if !is_used {
                    found.push(format!("nothing uses {group}/{name}"));
                }
            }
        }
    });
}

#[test]
fn every_operation_has_an_id_of_its_own_and_a_tag_that_is_described() {
    none(|served, found| {
        let tags = served.json["tags"].as_array().expect("tags");
        let mut ids = BTreeSet::new();
        let mut used = BTreeSet::new();
        for (path, method, operation) in served.operations() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            let is_new = ids.insert(id);
            let its = operation["tags"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let known = its.filter(|tag| tags.iter().any(|known| known["name"] == **tag)).collect::<Vec<_>>();
            if id.is_empty() || !is_new || known.is_empty() || operation["description"].as_str().is_none() {
                found.push(format!("{method} {path}: {id:?}, {known:?}, or no description"));
            }
            used.extend(known);
        }
        for tag in tags {
            if !tag["name"].as_str().is_some_and(|name| used.contains(name)) || !tag["description"].is_string() {
                found.push(format!("the tag {tag}"));
            }
        }
    });
}

#[test]
fn nothing_that_filtering_reads_is_served() {
    none(|served, found| {
        let text = served.json.to_string();
        found.extend(
            ["x-when", "x-name"]
                .iter()
                .filter(|name| text.contains(&format!("\"{name}\":")))
                .map(|it| (*it).to_owned()),
        );
    });
}
