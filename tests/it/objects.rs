//! A JSON list is no object: every object of every control body and of every fixture, at every depth.

use std::collections::BTreeSet;
use std::sync::Arc;

use persona_mock::internals::control_document;
use persona_mock::providers::registry;
use serde_json::{Value, json};

use super::command::{command, stderr};
use super::support::{Asked, TestServer, server};

/// What serde's derived types read by position.
const LISTS: [&str; 3] = ["[]", "[null]", "[null,null]"];

/// A value of a schema, and the JSON pointers of its objects.
#[derive(Clone)]
struct Instance {
    value: Value,
    objects: Vec<String>,
}

/// Values of a schema: each has every optional member, and together they have every variant.
fn instances(root: &Value, schema: &Value) -> Vec<Instance> {
    if let Some(reference) = schema["$ref"].as_str() {
        return instances(root, root.pointer(&reference[1..]).unwrap_or_else(|| panic!("{reference}")));
    }
    if let Some(variants) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let variants = variants.iter().filter(|variant| variant["type"] != "null");
        return variants.flat_map(|variant| instances(root, variant)).collect();
    }
    let kind = schema["type"].as_array().and_then(|kinds| kinds.iter().find(|kind| **kind != "null"));
    let kind = kind.unwrap_or(&schema["type"]).as_str().unwrap_or("any");
    let plain = |value: Value| vec![Instance { value, objects: Vec::new() }];
    match kind {
        "object" => object(root, schema),
        "array" => {
            let list = |item: Instance| Instance {
                value: json!([item.value]),
                objects: item.objects.iter().map(|pointer| format!("/0{pointer}")).collect(),
            };
            instances(root, &schema["items"]).into_iter().map(list).collect()
        }
        _ if !schema["examples"].is_null() => plain(schema["examples"][0].clone()),
        _ if !schema["const"].is_null() => plain(schema["const"].clone()),
        _ if schema["enum"].is_array() => plain(schema["enum"][0].clone()),
        "string" => plain("x".into()),
        "boolean" => plain(true.into()),
        "integer" | "number" => plain(1.into()),
        _ => plain(Value::Null),
    }
}

fn object(root: &Value, schema: &Value) -> Vec<Instance> {
    let mut all = vec![Instance { value: json!({}), objects: vec![String::new()] }];
    let of_map = Some(&schema["additionalProperties"]).filter(|member| member.is_object()).map(|member| ("x", member));
    // A second name of a member is never there beside the first.
    let named = schema["properties"].as_object().into_iter().flatten();
    let named = named.filter(|(_, member)| member["deprecated"] != true).map(|(name, member)| (&**name, member));
    for (name, member) in named.chain(of_map) {
        // A variant's example is that of the object whose member it is.
        let example = &schema["examples"][0][name];
        let shown = [Instance { value: example.clone(), objects: Vec::new() }];
        let plain = example.is_string();
        let mut members = if plain { shown.to_vec() } else { instances(root, member) }.into_iter();
        let first = members.next().unwrap_or_else(|| panic!("{name} has no value"));
        let put = |instance: &Instance, member: &Instance| {
            let mut put = instance.clone();
            put.value[name] = member.value.clone();
            put.objects.retain(|pointer| !pointer.starts_with(&format!("/{name}/")) && *pointer != format!("/{name}"));
            put.objects.extend(member.objects.iter().map(|pointer| format!("/{name}{pointer}")));
            put
        };
        all = all.iter().map(|instance| put(instance, &first)).collect();
        let others: Vec<_> = members.map(|other| put(&all[0], &other)).collect();
        all.extend(others);
    }
    all
}

/// `/faults/0/match` as `$.faults[0].match`.
fn json_path(pointer: &str) -> String {
    let segment = |segment: &str| match segment.parse::<usize>() {
        Ok(number) => format!("[{number}]"),
        Err(_) => format!(".{segment}"),
    };
    format!("${}", pointer.split('/').skip(1).map(segment).collect::<String>())
}

fn told(server: &TestServer, method: &str, path: &str, body: &str) -> (u16, Value) {
    let answer = server.send(&Asked::new(method, path).json(body));
    (answer.status, if answer.body.is_empty() { Value::Null } else { answer.json() })
}

#[test]
fn no_control_body_takes_a_list_for_an_object() {
    let server = TestServer::start(&server::setup());
    let document = control_document(&server.app);
    let (mut bodies, mut places) = (0, 0);
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            if schema.is_null() {
                continue;
            }
            bodies += 1;
            let path = path.replace("{provider}", "crud").replace("{name}", "walk");
            let path = path.replace("{collection}", "personas").replace("{id}", "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01");
            let method = method.to_uppercase();
            let send = |body: &Value| told(&server, &method, &path, &body.to_string());
            let is_fixture = path.starts_with("/_mock/state/crud");
            for Instance { value, objects } in instances(&document, schema) {
                let (_, problem) = send(&value);
                let read = !problem.to_string().contains("an example of ");
                assert!(read, "{method} {path} must read {value}: {problem}");
                for pointer in &objects {
                    for list in LISTS {
                        places += 1;
                        let mut body = value.clone();
                        *body.pointer_mut(pointer).expect("a place") = serde_json::from_str(list).expect("JSON");
                        let (status, problem) = send(&body);
                        let about = format!("{method} {path} {body}: {problem}");
                        assert_eq!(status, 400, "{about}");
                        let said = problem.to_string();
                        assert!(said.contains("expected an object") || said.contains("member of an object"), "{about}");
                        let example = if is_fixture { "such as {" } else { "; an example of " };
                        assert!(said.contains(example), "{about}");
                        assert!(is_fixture || problem["at"] == json_path(pointer), "{about}");
                    }
                }
            }
        }
    }
    let (status, problem) =
        told(&server, "POST", "/_mock/faults", r#"{"action": "stale", "match": {"headers": [null]}}"#);
    assert!(status == 400 && problem["at"] == "$.match.headers", "{problem}");
    assert!(bodies >= 11 && places >= 200, "{places} places in {bodies} bodies: the document has more");
}

#[test]
fn every_example_of_a_body_is_one() {
    let server = TestServer::start(&server::setup());
    let document = control_document(&server.app);
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("methods") {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"]["$ref"];
            let Some(reference) = schema.as_str() else { continue };
            let example = &document.pointer(&reference[1..]).expect("a schema")["examples"][0];
            assert!(example.is_object(), "{reference} shows no example");
            let (path, body) = (path.replace("{name}", "example"), example.to_string());
            // One exchange that a rewind can name.
            server.send_unjudged(&Asked::new("POST", "/v1/personas/"));
            let (status, problem) = told(&server, &method.to_uppercase(), &path, &body);
            assert!(status < 300, "{method} {path} {body}: {status} {problem}");
        }
    }
}

/// The pointers of a fixture's objects, by the place of their kind: that of all personas is `/personas/*`.
fn kinds(root: &Value, schema: &Value, value: &Value, at: (&str, &str), found: &mut Vec<(String, String)>) {
    let (pointer, kind) = at;
    if let Some(reference) = schema["$ref"].as_str() {
        return kinds(root, root.pointer(&reference[1..]).expect("a schema"), value, at, found);
    }
    for branch in schema["anyOf"].as_array().into_iter().flatten() {
        kinds(root, branch, value, at, found);
    }
    match value {
        Value::Object(members) => {
            if schema["type"] == "object"
                || schema["type"].as_array().is_some_and(|types| types.contains(&json!("object")))
            {
                found.push((kind.to_owned(), pointer.to_owned()));
            }
            for (name, member) in members {
                // What a schema says nothing of is free JSON.
                if let Some(schema) = schema["properties"].get(name) {
                    kinds(root, schema, member, (&format!("{pointer}/{name}"), &format!("{kind}/{name}")), found);
                }
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                let at = (&*format!("{pointer}/{number}"), &*format!("{kind}/*"));
                kinds(root, &schema["items"], item, at, found);
            }
        }
        _ => {}
    }
}

#[test]
fn no_fixture_takes_a_list_for_an_object() {
    let now = "2026-01-15T12:00:00Z".parse().expect("an instant");
    for provider in registry() {
        let id = &*provider.descriptor().id;
        let fixture: Value = serde_json::from_str(&provider.descriptor().fixture).expect("JSON");
        let slot =
            provider.clone().slot(id, (&*provider.descriptor().fixture).into(), now, Arc::default()).expect("no fault");
        let schema = provider.fixture_schema();
        let mut places = Vec::new();
        kinds(&schema, &schema, &fixture, ("", ""), &mut places);
        let all: BTreeSet<_> = places.iter().map(|(kind, _)| kind).collect();
        assert!(all.len() >= 5 && places.len() >= 30, "{id}: {all:?}");
        for kind in all {
            for list in LISTS {
                let mut changed = fixture.clone();
                let pointers = || places.iter().filter(|(known, _)| known == kind).map(|(_, pointer)| pointer);
                for pointer in pointers() {
                    *changed.pointer_mut(pointer).expect("a place") = serde_json::from_str(list).expect("JSON");
                }
                let faults = slot.clone().load("f.json", changed.to_string().into(), now).err().unwrap_or_default();
                let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
                for pointer in pointers() {
                    let fault = format!("f.json: {}: found {list}, expected an object", json_path(pointer));
                    assert!(faults.iter().any(|told| told.starts_with(&fault)), "{id}: {fault}\n{faults:#?}");
                }
            }
        }
    }
}

#[test]
fn a_list_for_an_object_of_a_fixture_is_told_with_its_path_however_it_comes() {
    let list = json!({"users": [[null, null]], "projects": [], "personas": []});
    let fault = r#"$.users[0]: found [null,null], expected an object such as {"id":"00000000-0000-4000-8000-000000000000","name":"…","email":"…"}"#;
    let dir = tempfile::tempdir().expect("a directory");
    std::fs::write(dir.path().join("crud.json"), list.to_string()).expect("a file");
    let output = command(&["check", dir.path().to_str().expect("UTF-8")]).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains(&format!("crud.json: {fault}")), "{}", stderr(&output));
    let server = TestServer::start(&server::setup());
    for (path, body) in [
        ("/_mock/state/crud", list.clone()),
        ("/_mock/state", json!({"crud": list})),
        ("/_mock/sandboxes/own", json!({"fixtures": {"crud": list}})),
    ] {
        let (status, problem) = told(&server, "PUT", path, &body.to_string());
        assert_eq!((status, &problem["faults"]), (400, &json!([format!("crud: {fault}")])), "{path}: {problem}");
    }
}

#[test]
fn the_lists_that_armed_and_emptied_do_nothing() {
    let server = TestServer::start(&server::setup());
    let right =
        r#"{"faults": [{"match": {"operation": "crud.list_personas"}, "action": {"delay": {"fixed": "1ms"}}}]}"#;
    assert_eq!(told(&server, "PUT", "/_mock/faults", right).0, 200);
    let all = r#"{"match": [null,null], "action": {"refuse": [503]}}"#;
    for (method, path, body, at) in [
        ("POST", "/_mock/faults", all, "$.match"),
        ("POST", "/_mock/faults", r#"{"action": {"delay": {"uniform": ["1ms", "2ms"]}}}"#, "$.action.delay.uniform"),
        ("PUT", "/_mock/faults", "[[]]", "$"),
        ("PUT", "/_mock/faults", r#"{"faults": [[null, [], "stale"]]}"#, "$.faults[0]"),
        ("POST", "/_mock/verify", "[[]]", "$"),
        ("POST", "/_mock/verify", r#"{"calls": [[]]}"#, "$.calls[0]"),
        ("PUT", "/_mock/settings", r#"["off"]"#, "$"),
        ("PUT", "/_mock/seed", "[7]", "$"),
        ("POST", "/_mock/reset", "[]", "$"),
    ] {
        let (status, problem) = told(&server, method, path, body);
        assert_eq!((status, &problem["at"]), (400, &json!(at)), "{method} {path} {body}: {problem}");
    }
    let (_, kept) = told(&server, "GET", "/_mock/faults", "");
    assert_eq!(kept["faults"].as_array().map(Vec::len), Some(1), "{kept}");
    assert_eq!(told(&server, "GET", "/_mock/seed", "").1["seed"], 1);
}
