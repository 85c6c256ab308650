//! What filtering leaves behind goes: generated clients stumble over a choice of one and over what nothing uses.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::settle::METHODS;

/// The keywords that join schemas.
const JOINED: [&str; 3] = ["allOf", "anyOf", "oneOf"];
/// The members that hold data, in which nothing is a schema.
const DATA: [&str; 6] = ["const", "default", "enum", "example", "examples", "value"];
/// The members whose own members have names that somebody chose, so that none of those is a keyword.
const NAMED: [&str; 8] =
    ["content", "headers", "parameters", "paths", "properties", "requestBodies", "responses", "schemas"];

/// Unwraps choices of one branch and drops components and tags that nothing uses.
pub(super) fn simplify(document: &mut Value) {
    unwrap_choices(document);
    drop_unused_components(document);
    drop_unused_tags(document);
}

/// Puts the only branch of a choice where the choice stands, wherever that means the same.
fn unwrap_choices(node: &mut Value) {
    match node {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match member {
                    Value::Object(chosen) if NAMED.contains(&name.as_str()) => {
                        chosen.values_mut().for_each(unwrap_choices);
                    }
                    _ if DATA.contains(&name.as_str()) => {}
                    member => unwrap_choices(member),
                }
            }
            JOINED.iter().for_each(|keyword| unwrap_choice(members, keyword));
        }
        Value::Array(items) => items.iter_mut().for_each(unwrap_choices),
        _ => {}
    }
}

fn unwrap_choice(schema: &mut Map<String, Value>, keyword: &str) {
    let only = match schema.get(keyword).and_then(Value::as_array).map(Vec::as_slice) {
        Some([Value::Object(only)])
            if only.iter().all(|(name, value)| name == keyword || joins(schema, name, value)) =>
        {
            only.clone()
        }
        _ => return,
    };
    schema.shift_remove(keyword);
    for (name, value) in only {
        match (schema.get_mut(&name), value) {
            (Some(Value::Array(required)), Value::Array(more)) if name == "required" => {
                let new = more.into_iter().filter(|name| !required.contains(name)).collect::<Vec<_>>();
                required.extend(new);
            }
            (Some(_), _) => {}
            (None, value) => {
                schema.insert(name, value);
            }
        }
    }
}

/// Whether a member of a branch means the same beside the members of the schema around it. Of two notes the outer one
/// stays.
fn joins(schema: &Map<String, Value>, name: &str, value: &Value) -> bool {
    let is_note = name == "title" || name == "description" || name.starts_with("x-");
    let counts_properties = match name {
        "properties" => schema.contains_key("additionalProperties"),
        "additionalProperties" => schema.contains_key("properties"),
        _ => false,
    };
    is_note || name == "required" || (!counts_properties && schema.get(name).is_none_or(|outer| outer == value))
}

/// Drops the components to which no path leads, whether directly or by another component.
fn drop_unused_components(document: &mut Value) {
    let mut used = BTreeSet::new();
    let outside = document.as_object().into_iter().flatten().filter(|(name, _)| *name != "components");
    let mut waiting: Vec<&Value> = outside.map(|(_, member)| member).collect();
    schemes(document.get("security"), &mut used);
    while let Some(node) = waiting.pop() {
        let mut found = BTreeSet::new();
        references(node, &mut found);
        for component in found {
            if let (Some(target), true) = (document.pointer(&component), used.insert(component)) {
                waiting.push(target);
            }
        }
    }
    let Some(groups) = document.get_mut("components").and_then(Value::as_object_mut) else { return };
    groups.retain(|group, components| {
        let Some(components) = components.as_object_mut().filter(|_| !group.starts_with("x-")) else { return true };
        components.retain(|name, _| used.contains(&pointer(group, name)));
        !components.is_empty()
    });
}

/// The components that a node names, by a reference, in a discriminator's mapping or as a credential.
fn references(node: &Value, found: &mut BTreeSet<String>) {
    match node {
        Value::Object(members) => {
            schemes(members.get("security"), found);
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::String(text) => {
            let mut parts = text.strip_prefix("#/components/").into_iter().flat_map(|rest| rest.split('/'));
            if let (Some(group), Some(name)) = (parts.next(), parts.next()) {
                found.insert(format!("/components/{group}/{name}"));
            }
        }
        _ => {}
    }
}

fn schemes(security: Option<&Value>, found: &mut BTreeSet<String>) {
    let choices = security.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    found.extend(choices.flat_map(Map::keys).map(|scheme| pointer("securitySchemes", scheme)));
}

fn pointer(group: &str, name: &str) -> String {
    format!("/components/{group}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// Drops the tags under which no operation stands.
fn drop_unused_tags(document: &mut Value) {
    let items = document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let operations = items.flat_map(|item| METHODS.iter().filter_map(|method| item.get(method)));
    let tags = operations.filter_map(|operation| operation.get("tags")?.as_array()).flatten();
    let used: BTreeSet<String> = tags.filter_map(Value::as_str).map(str::to_owned).collect();
    if let Some(tags) = document.get_mut("tags").and_then(Value::as_array_mut) {
        tags.retain(|tag| tag.get("name").and_then(Value::as_str).is_none_or(|name| used.contains(name)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(schema: Value, expected: Value) {
        let mut document = json!({"paths": {"/a": {"get": {"schema": schema}}}});
        simplify(&mut document);
        assert_eq!(document["paths"]["/a"]["get"]["schema"], expected);
    }

    #[test]
    fn a_choice_of_one_is_unwrapped() {
        check(json!({"oneOf": [{"$ref": "#/a"}]}), json!({"$ref": "#/a"}));
        check(json!({"type": "integer", "anyOf": [{"minimum": 1}]}), json!({"type": "integer", "minimum": 1}));
        check(json!({"oneOf": [{"anyOf": [{"type": "string"}]}]}), json!({"type": "string"}));
        check(json!({"anyOf": [{"anyOf": [{"type": "string"}, {}]}]}), json!({"anyOf": [{"type": "string"}, {}]}));
        check(
            json!({"description": "outer", "anyOf": [{"description": "inner", "type": "null"}]}),
            json!({"description": "outer", "type": "null"}),
        );
        check(
            json!({"required": ["a", "b"], "oneOf": [{"required": ["b", "c"]}]}),
            json!({"required": ["a", "b", "c"]}),
        );
        check(
            json!({"properties": {"oneOf": {"oneOf": [{"type": "string"}]}}}),
            json!({"properties": {"oneOf": {"type": "string"}}}),
        );
    }

    #[test]
    fn a_choice_stays_where_it_has_several_branches_or_would_mean_something_else() {
        let check = |schema: Value| check(schema.clone(), schema);
        check(json!({"oneOf": [{"type": "string"}, {"type": "null"}]}));
        check(json!({"pattern": "a", "allOf": [{"pattern": "b"}]}));
        check(json!({"$ref": "#/a", "allOf": [{"$ref": "#/b"}]}));
        check(json!({"additionalProperties": false, "allOf": [{"properties": {"a": {}}}]}));
        check(json!({"properties": {"a": {}}, "allOf": [{"additionalProperties": false}]}));
        check(json!({"default": {"oneOf": [{"type": "string"}]}, "example": {"anyOf": [{}]}}));
    }

    #[test]
    fn a_component_stays_while_a_path_leads_to_it() {
        let mut document = json!({
            "security": [{"key": []}],
            "paths": {"/a": {"get": {"security": [{"bearer": []}], "schema": {"$ref": "#/components/schemas/A"}}}},
            "components": {
                "schemas": {"A": {"items": {"$ref": "#/components/schemas/B"}}, "B": {"not": {"$ref": "#/components/schemas/A"}},
                    "C": {"$ref": "#/components/schemas/D"}, "D": {}, "a/b": {}},
                "responses": {"Gone": {}},
                "securitySchemes": {"key": {}, "bearer": {}, "cookie": {}},
            },
        });
        simplify(&mut document);
        let kept = json!({
            "schemas": {"A": {"items": {"$ref": "#/components/schemas/B"}}, "B": {"not": {"$ref": "#/components/schemas/A"}}},
            "securitySchemes": {"key": {}, "bearer": {}},
        });
        assert_eq!(document["components"], kept);
    }

    #[test]
    fn a_tag_stays_while_an_operation_stands_under_it() {
        let mut document = json!({"tags": [{"name": "a"}, {"name": "b"}], "paths": {"/a": {"get": {"tags": ["b"]}}}});
        simplify(&mut document);
        assert_eq!(document["tags"], json!([{"name": "b"}]));
    }
}
