//! What a hint shows as right is right: for every member of every body of every provider, whatever was sent in its place.

use std::collections::BTreeSet;

use persona_mock::PersonaMock;
use persona_mock::mock::Mock as _;
use serde_json::{Value, json};

use super::super::support::{Asked, called, server};

/// How far members within members are followed.
const DEPTH: usize = 4;

/// A request with a body for each operation that takes one; the body is what the document shows of it.
const OPERATIONS: [(&str, &str, &str); 17] = [
    ("axero", "post /api/personas", "POST /api/personas"),
    ("axero", "put /api/personas/{PersonaID}", "PUT /api/personas/188"),
    ("crud", "post /crud/personas", "POST /crud/personas"),
    ("crud", "put /crud/personas", "PUT /crud/personas"),
    ("crud", "patch /crud/personas", "PATCH /crud/personas"),
    ("crud", "delete /crud/personas", "DELETE /crud/personas"),
    ("equals_money", "patch /v2/personas/{personaId}", PERSONA),
    ("equals_money", "patch /v2/personas/{personaId}/role", ROLE),
    ("equals_money", "post /v2/people", "POST /v2/people"),
    ("equals_money", "patch /v2/people/{personId}", "PATCH /v2/people/c6b4c221-b0b0-4bbb-9d1c-5983217cdb9d"),
    ("equals_money", "post /v2/people/{personId}/invite", INVITE),
    ("vijil", "post /v1/auth/jwt/login", "POST /v1/auth/jwt/login"),
    ("vijil", "post /v1/auth/change-password", "POST /v1/auth/change-password"),
    ("vijil", "post /v1/auth/token", "POST /v1/auth/token"),
    ("vijil", "put /v1/personas/{id}", "PUT /v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb"),
    ("vijil", "post /v1/personas/", "POST /v1/personas/"),
    ("vijil", "post /v1/personas/from-preset/{preset_id}", PRESET),
];
const PERSONA: &str = "PATCH /v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091";
const ROLE: &str = "PATCH /v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08/role?accountId=F50091";
const INVITE: &str = "POST /v2/people/9fcc2108-d3c4-4161-92c1-45b27a11db92/invite?accountId=F50091";
const PRESET: &str = "POST /v1/personas/from-preset/201eab82-4d20-4c59-b595-01f139171119";

fn credential(provider: &str) -> &'static str {
    match provider {
        "axero" => "Bearer axero-owner-alice",
        "crud" => "Bearer vm_RobinOwnsDevflow000000000001",
        "equals_money" => "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a",
        _ => "Bearer vijil-owner-token",
    }
}

/// What stands in the place of a right value.
fn wrong() -> Vec<Value> {
    let long = "n".repeat(300);
    vec![
        json!(null),
        json!(true),
        json!(-5),
        json!(1.5),
        json!(1e300),
        json!(""),
        json!("x"),
        json!(long),
        json!([]),
        json!([7]),
        json!({}),
        json!({"x": 7}),
    ]
}

/// One step into a body.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Member(String),
    Item,
}

/// Every place of a body that a schema speaks of.
fn places(document: &Value, schema: &Value, path: &[Step], found: &mut BTreeSet<Vec<Step>>) {
    found.insert(path.to_vec());
    if path.len() == DEPTH {
        return;
    }
    if let Some(target) = schema["$ref"].as_str() {
        places(document, document.pointer(&target[1..]).expect("a schema"), path, found);
    }
    for part in ["anyOf", "oneOf", "allOf"] {
        let parts = schema[part].as_array().into_iter().flatten();
        parts.for_each(|part| places(document, part, path, found));
    }
    let then = |step| path.iter().cloned().chain([step]).collect::<Vec<_>>();
    if let Some(items) = schema.get("items") {
        places(document, items, &then(Step::Item), found);
    }
    for (name, member) in schema["properties"].as_object().into_iter().flatten() {
        places(document, member, &then(Step::Member(name.clone())), found);
    }
}

/// The body with a value at a place, whose holders are made where they are not there.
fn with(mut body: Value, path: &[Step], value: &Value) -> Value {
    let Some((step, rest)) = path.split_first() else { return value.clone() };
    match step {
        Step::Member(name) => {
            let mut members = body.as_object_mut().map(std::mem::take).unwrap_or_default();
            let member = members.get(name).cloned().unwrap_or_default();
            members.insert(name.clone(), with(member, rest, value));
            Value::Object(members)
        }
        Step::Item => {
            let first = body.get(0).cloned().unwrap_or_default();
            json!([with(first, rest, value)])
        }
    }
}

/// What a hint shows: the value behind `such as`, as JSON or as a text.
fn shown(hint: &str) -> Option<Value> {
    let (_, behind) = hint.split_once(" such as ")?;
    if behind.starts_with(['{', '[', '"']) {
        let mut values = serde_json::Deserializer::from_str(behind).into_iter();
        return Some(values.next().expect("a value").unwrap_or_else(|error| panic!("{hint}: {error}")));
    }
    let ends = [", ", "; ", " (and ", " or "].iter().filter_map(|end| behind.find(end));
    let word = &behind[..ends.min().unwrap_or(behind.len())];
    Some(Value::from(word))
}

/// A sandbox's answer to a body: what its hint says.
fn hint(mock: &PersonaMock, provider: &str, line: &str, body: &Value) -> Option<String> {
    mock.default_sandbox().reset().expect("a reset");
    let (method, target) = line.split_once(' ').expect("a method");
    let asked = Asked::new(method, target).header("Authorization", credential(provider)).json(&body.to_string());
    let answer = mock.call(called::request(&asked)).expect("an answer");
    let hint = answer.headers().find(|(name, _)| *name == "x-mock-hint").map(|(_, value)| value.to_vec());
    hint.map(|hint| String::from_utf8(hint).expect("ASCII"))
}

/// What a document shows of a body: its first example.
fn example(content: &Value) -> Value {
    let first = || content["examples"].as_object().and_then(|examples| examples.values().next()).map(|it| &it["value"]);
    content.get("example").or_else(first).cloned().expect("an example")
}

#[test]
fn every_example_of_a_hint_is_taken_in_the_place_where_it_was_told() {
    let mock = PersonaMock::builder().setup(|setup| setup.clone_from(&server::setup())).build().expect("a mock");
    let (mut told, mut failed) = (0, Vec::new());
    for (provider, operation, line) in OPERATIONS {
        let asked = Asked::new("GET", &format!("/_mock/openapi/{provider}.json"));
        let document = mock.call(called::request(&asked)).expect("a document");
        let document: Value = serde_json::from_str(&document.text()).expect("JSON");
        let (method, path) = operation.split_once(' ').expect("a method");
        let content = &document["paths"][path][method]["requestBody"]["content"]["application/json"];
        let right = example(content);
        let mut all = BTreeSet::new();
        places(&document, &content["schema"], &[], &mut all);
        for (place, value) in all.iter().flat_map(|place| wrong().into_iter().map(move |value| (place, value))) {
            let sent = with(right.clone(), place, &value);
            let Some(first) = hint(&mock, provider, line, &sent) else { continue };
            let at = first.split(" is ").next().unwrap_or_default().to_owned();
            let Some(shown) = shown(&first) else { continue };
            told += 1;
            if ["null", "-2147483648"].iter().any(|odd| shown.to_string().contains(odd)) {
                failed.push(format!("{line} {place:?}: {first}"));
            }
            let again = hint(&mock, provider, line, &with(right.clone(), place, &shown));
            // Beside it other things may be told, such as that no persona has an id.
            if let Some(again) =
                again.filter(|again| again.starts_with(&format!("{at} is ")) && again.contains("expected"))
            {
                failed.push(format!("{line} {place:?}: {first}\n    and then: {again}"));
            }
        }
        for (path, methods) in document["paths"].as_object().expect("paths") {
            let methods = methods.as_object().expect("methods").iter();
            for (method, _) in methods.filter(|(_, asked)| asked.get("requestBody").is_some()) {
                let taken = format!("{method} {path}");
                let is_listed = OPERATIONS.iter().any(|(id, known, _)| (*id, *known) == (provider, &taken));
                assert!(is_listed, "{provider}: {taken} takes a body");
            }
        }
    }
    assert!(told > 300, "{told} examples");
    assert!(failed.is_empty(), "{} of {told}:\n{}", failed.len(), failed.join("\n"));
}
