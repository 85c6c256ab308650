//! Every schema of every provider's document, under every setting, and of every fixture.

use std::collections::{BTreeMap, HashSet};

use persona_mock::internals::{AppState, Setup};
use persona_mock::internals::{Checks, Formats};
use persona_mock::providers::registry;
use serde_json::{Value, json};

use super::super::support::server;
use super::{Tally, compare, reference, rounds, tell};

/// Each setting of each provider alone, as `provider.key=value`; and none.
fn settings() -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    for descriptor in registry().iter().map(|provider| provider.descriptor()) {
        for setting in &descriptor.settings {
            let others = setting.values.iter().skip(1);
            all.extend(others.map(|value| vec![format!("{}.{}={value}", descriptor.id, setting.key)]));
        }
    }
    all
}

/// The document of a provider, as it is served with these settings.
fn served(provider: &str, settings: &[String], documented_only: bool) -> Value {
    let setup = Setup { settings: settings.to_vec(), documented_only, ..server::setup() };
    let app = AppState::build(registry(), &setup).expect("the embedded fixtures load");
    let slot = app.slot(provider).expect("a served provider");
    let document = app.document(slot.provider(), &slot.options()).expect("a document");
    document.json().clone()
}

/// The schemas of a document, each with its place.
fn schemas<'d>(node: &'d Value, place: &str, found: &mut Vec<(String, &'d Value)>) {
    match node {
        Value::Object(members) => {
            for (name, member) in members {
                let place = format!("{place}/{name}");
                match (&**name, member) {
                    ("schema", schema) => found.push((place, schema)),
                    ("schemas", Value::Object(schemas)) => {
                        found.extend(schemas.iter().map(|(name, schema)| (format!("{place}/{name}"), schema)));
                    }
                    ("example" | "examples", _) => {}
                    _ => schemas(member, &place, found),
                }
            }
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(number, item)| schemas(item, &format!("{place}/{number}"), found));
        }
        _ => {}
    }
}

/// All that a schema refers to.
fn refer<'d>(document: &'d Value, node: &'d Value, whole: &mut BTreeMap<&'d str, &'d Value>) {
    match node {
        Value::Object(members) => {
            if let Some(Value::String(target)) = members.get("$ref")
                && let Some(schema) = document.pointer(target.trim_start_matches('#'))
                && whole.insert(target, schema).is_none()
            {
                refer(document, schema, whole);
            }
            members.values().for_each(|member| refer(document, member, whole));
        }
        Value::Array(items) => items.iter().for_each(|item| refer(document, item, whole)),
        _ => {}
    }
}

/// A document with every object that lists its members closed, as answers are held against it.
fn closed(mut document: Value) -> Value {
    fn close(node: &mut Value) {
        match node {
            Value::Object(members) => {
                let lists = members.get("properties").is_some_and(Value::is_object) && members.contains_key("type");
                if lists && !members.contains_key("additionalProperties") && !members.contains_key("allOf") {
                    members.insert("additionalProperties".to_owned(), json!(false));
                }
                let schemas = members.iter_mut().filter(|(name, _)| !name.starts_with("example"));
                schemas.for_each(|(_, member)| close(member));
            }
            Value::Array(items) => items.iter_mut().for_each(close),
            _ => {}
        }
    }
    close(&mut document);
    document
}

#[test]
fn every_schema_of_every_document_under_every_combination_of_settings_compiles() {
    let mut compiled = 0;
    for provider in registry() {
        let descriptor = provider.descriptor();
        let mut combinations = vec![Vec::new()];
        for setting in &descriptor.settings {
            let with = |known: &Vec<String>| {
                let known = known.clone();
                let value = |value| known.iter().cloned().chain([format!("{}.{}={value}", descriptor.id, setting.key)]);
                setting.values.iter().map(|one| value(one).collect::<Vec<_>>()).collect::<Vec<_>>()
            };
            combinations = combinations.iter().flat_map(with).collect();
        }
        let both = combinations.iter().flat_map(|settings| [(settings, false), (settings, true)]);
        for (settings, documented_only) in both {
            let document = served(&descriptor.id, settings, documented_only);
            let mut found = Vec::new();
            schemas(&document, "#", &mut found);
            for (place, schema) in found {
                let checks = Checks::compile(&document, schema, Formats::Checked(&[]));
                assert!(checks.is_ok(), "{} {settings:?} {place}: {}", descriptor.id, checks.expect_err("no checks"));
                compiled += 1;
            }
        }
    }
    assert!(compiled > 1000, "{compiled}");
}

#[test]
fn verdicts_on_the_documents_schemas_are_those_of_the_jsonschema_crate() {
    let mut tally = Tally::default();
    let mut met = HashSet::new();
    for settings in settings() {
        for descriptor in registry().iter().map(|provider| provider.descriptor()) {
            let open = served(&descriptor.id, &settings, false);
            for document in [closed(open.clone()), open] {
                let mut found = Vec::new();
                schemas(&document, "#", &mut found);
                for (place, schema) in found {
                    // Most settings change few schemas.
                    let mut whole = BTreeMap::new();
                    refer(&document, schema, &mut whole);
                    if !met.insert(format!("{schema} {whole:?}")) {
                        continue;
                    }
                    let name = format!("{} {settings:?} {place}", descriptor.id);
                    compare(&name, &document, schema, &[], rounds(12), &mut tally);
                }
            }
        }
    }
    assert!(tally.fitting > tally.values / 10, "{} of {} fit", tally.fitting, tally.values);
    assert!(tally.fitting < tally.values * 9 / 10, "{} of {} fit", tally.fitting, tally.values);
    tell(&format!("{} values, {} of them fit", tally.values, tally.fitting));
}

#[test]
fn verdicts_on_fixtures_are_those_of_the_jsonschema_crate() {
    let mut tally = Tally::default();
    for provider in registry() {
        let descriptor = provider.descriptor();
        let schema = provider.fixture_schema();
        let fixture: Value = serde_json::from_str(&descriptor.fixture).expect("JSON");
        let checks = Checks::compile(&schema, &schema, Formats::Checked(reference::OWN)).expect("a schema");
        assert!(checks.accepts(&fixture), "{}: {:?}", descriptor.id, checks.findings(&fixture, 9));
        compare(&descriptor.id, &schema, &schema, &[&fixture], rounds(150), &mut tally);
        for (name, part) in schema["$defs"].as_object().into_iter().flatten() {
            compare(&format!("{} {name}", descriptor.id), &schema, part, &[], rounds(40), &mut tally);
        }
    }
    tell(&format!("{} values, {} of them fit", tally.values, tally.fitting));
}
