//! Every operation shows what to send and what comes back, by one name; and what is shown is true.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use persona_mock::internals::{Checks, Formats, Setup};
use persona_mock::provider::AuthMode;
use persona_mock::providers::registry;
use serde_json::{Map, Value};

use super::super::support::{Asked, TestServer, server};
use super::{Served, every, served};

/// What a browser leaves as it is in a path or a query.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// One example of an operation: what is sent, and the status that shows the same name.
struct Example {
    name: String,
    path: String,
    query: Vec<(String, String)>,
    media: Option<String>,
    body: Option<Value>,
    status: u16,
    answer: Option<Value>,
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn examples(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node["examples"].as_object().into_iter().flatten().map(|(name, example)| (name, &example["value"]))
}

/// The media types of a body or an answer.
fn contents(node: &Value) -> impl Iterator<Item = (&String, &Value)> {
    node["content"].as_object().into_iter().flatten()
}

/// The status and the body that show each name; of an answer without a body, by the empty name.
fn answers<'d>(served: &'d Served, operation: &'d Value) -> BTreeMap<&'d str, (u16, Option<&'d Value>)> {
    let mut found = BTreeMap::new();
    for (status, response) in operation["responses"].as_object().expect("answers") {
        let (status, response) = (status.parse().expect("a status"), served.resolved(response));
        if response.get("content").is_none() {
            found.insert("", (status, None));
        }
        for (name, shown) in contents(response).flat_map(|(_, content)| examples(content)) {
            found.entry(name.as_str()).or_insert((status, Some(shown)));
        }
    }
    found
}

/// The examples of an operation, and what is wrong with how they are named.
fn of(served: &Served, path: &str, operation: &Value) -> (Vec<Example>, Vec<String>) {
    let answers = answers(served, operation);
    let parameters = served.parameters(path, operation);
    let mut names: Vec<&str> = Vec::new();
    let mut wrong = Vec::new();
    for node in &parameters {
        let shown: Vec<_> = examples(served.resolved(node)).map(|(name, _)| name.as_str()).collect();
        // A parameter of several operations has the names of all of them.
        if node.get("$ref").is_none() {
            wrong.extend(
                shown.iter().filter(|name| answer(&answers, name).is_none()).map(|name| format!("no answer to {name}")),
            );
        }
        names.extend(shown);
    }
    for (name, _) in contents(&operation["requestBody"]).flat_map(|(_, content)| examples(content)) {
        names.push(name);
        if answer(&answers, name).is_none() {
            wrong.push(format!("no answer to {name}"));
        }
    }
    if names.is_empty() {
        names.extend(answers.iter().find(|(_, (status, _))| *status < 300).map(|(name, _)| *name));
    }
    let mut found: Vec<Example> = Vec::new();
    for name in names {
        let Some((status, shown)) = answer(&answers, name) else { continue };
        if found.iter().any(|known| known.name == name) {
            continue;
        }
        let bodies = contents(&operation["requestBody"]).filter_map(|(media, content)| {
            examples(content)
                .find(|(known, _)| *known == name)
                .map(|(_, body)| (Some(media.clone()), Some(body.clone())))
        });
        for (media, body) in bodies.collect::<Vec<_>>().into_iter().chain([(None, None)]) {
            if media.is_none() && found.iter().any(|known| known.name == name) {
                continue;
            }
            let (path, query) = target(served, path, &parameters, name);
            found.push(Example { name: name.to_owned(), path, query, media, body, status, answer: shown.cloned() });
        }
    }
    if !found.iter().any(|example| example.status < 300) {
        wrong.push("no example succeeds".to_owned());
    }
    wrong.extend(found.iter().filter(|it| it.path.contains('{')).map(|it| format!("{} names no {}", it.name, it.path)));
    (found, wrong)
}

fn answer<'d>(answers: &BTreeMap<&str, (u16, Option<&'d Value>)>, name: &str) -> Option<(u16, Option<&'d Value>)> {
    answers.get(name).or_else(|| answers.get("")).copied()
}

/// The path and the query that the parameters of a name make.
fn target(served: &Served, path: &str, parameters: &[&Value], name: &str) -> (String, Vec<(String, String)>) {
    let (mut path, mut query) = (path.to_owned(), Vec::new());
    for parameter in parameters.iter().map(|node| served.resolved(node)) {
        let Some((_, value)) = examples(parameter).find(|(known, _)| *known == name) else { continue };
        let key = parameter["name"].as_str().expect("a name");
        match (parameter["in"].as_str(), value) {
            (Some("path"), value) => path = path.replace(&format!("{{{key}}}"), &encoded(&text(value))),
            (_, Value::Array(items)) if parameter["explode"] == false => {
                query.push((key.to_owned(), items.iter().map(text).collect::<Vec<_>>().join(",")));
            }
            (_, Value::Array(items)) => query.extend(items.iter().map(|item| (key.to_owned(), text(item)))),
            (_, value) => query.push((key.to_owned(), text(value))),
        }
    }
    (path, query)
}

/// The credentials that an operation takes, each as its scheme shows it.
fn credentials<'d>(served: &'d Served, operation: &'d Value) -> Vec<&'d Value> {
    let stated = operation.get("security").or_else(|| served.json.get("security")).and_then(Value::as_array);
    let names = stated.into_iter().flatten().filter_map(Value::as_object).flat_map(Map::keys);
    names.map(|name| &served.json["components"]["securitySchemes"][name]).collect()
}

fn asked(method: &str, example: &Example, credential: Option<&Value>) -> Asked {
    let mut query = example.query.clone();
    let mut headers = Vec::new();
    if let Some(scheme) = credential {
        let shown = scheme["x-example"].as_str().expect("a credential that the embedded fixture has").to_owned();
        let name = scheme["name"].as_str().unwrap_or_default().to_owned();
        match scheme["in"].as_str() {
            Some("header") => headers.push((name, shown)),
            Some("query") => query.push((name, shown)),
            Some(_) => headers.push(("Cookie".to_owned(), format!("{name}={shown}"))),
            None => headers.push(("Authorization".to_owned(), format!("Bearer {shown}"))),
        }
    }
    headers.extend(example.media.iter().map(|media| ("Content-Type".to_owned(), media.clone())));
    let query: Vec<_> = query.iter().map(|(key, value)| format!("{}={}", encoded(key), encoded(value))).collect();
    let target = if query.is_empty() { example.path.clone() } else { format!("{}?{}", example.path, query.join("&")) };
    let body = example.body.as_ref().map(|body| body.to_string().into_bytes()).unwrap_or_default();
    Asked { method: method.to_ascii_uppercase(), target, headers, body }
}

#[test]
fn every_parameter_body_and_answer_has_named_examples_that_fit_its_schema() {
    let mut wrong = Vec::new();
    for served in every() {
        let mut look = |place: String, node: &Value| {
            let shown: Vec<_> = examples(node).collect();
            if shown.is_empty() || node.get("example").is_some() {
                wrong.push(format!("{}: {place} has no named example", served.name));
            }
            let checks = Checks::compile(&served.json, &node["schema"], Formats::Checked(&[])).expect("a schema");
            for (name, value) in shown.into_iter().filter(|(_, value)| !checks.accepts(value)) {
                wrong.push(format!("{}: {place} {name} does not fit: {value}", served.name));
            }
        };
        for (path, method, operation) in served.operations() {
            for parameter in served.parameters(path, operation).into_iter().map(|node| served.resolved(node)) {
                look(format!("{method} {path} {}", parameter["name"]), parameter);
            }
            for (media, content) in contents(&operation["requestBody"]) {
                look(format!("{method} {path} {media}"), content);
            }
            for (status, response) in operation["responses"].as_object().expect("answers") {
                for (media, content) in contents(served.resolved(response)) {
                    look(format!("{method} {path} {status} {media}"), content);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

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

#[test]
fn every_example_is_answered_with_the_status_that_shows_its_name() {
    let mut wrong = Vec::new();
    let mut sent = 0;
    for settings in settings() {
        for documented_only in [false, true] {
            let setup =
                Setup { settings: settings.clone(), documented_only, auth: AuthMode::Strict, ..server::setup() };
            let server = TestServer::start(&setup);
            let changed = |id: &str| settings.first().is_none_or(|setting| setting.starts_with(&format!("{id}.")));
            for slot in server.app.slots().filter(|slot| changed(&slot.provider().descriptor().id)) {
                let served = served(slot.provider(), &slot.options());
                for (path, method, operation) in served.operations() {
                    let (found, misnamed) = of(&served, path, operation);
                    wrong.extend(misnamed.iter().map(|it| format!("{}: {method} {path}: {it}", served.name)));
                    for (number, example) in found.iter().enumerate() {
                        let credentials = credentials(&served, operation);
                        // The first example shows that each credential is taken.
                        let how_many = if number == 0 { credentials.len().max(1) } else { 1 };
                        for place in 0..how_many {
                            server.reset();
                            let asked = asked(method, example, credentials.get(place).copied());
                            let answer = server.send(&asked);
                            sent += 1;
                            if answer.status != example.status {
                                wrong.push(format!(
                                    "{}: {} {} {}: expected {}, found {} {}",
                                    served.name,
                                    example.name,
                                    asked.method,
                                    asked.target,
                                    example.status,
                                    answer.status,
                                    answer.text()
                                ));
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {sent}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(sent > 400, "{sent}");
}

#[test]
fn the_answers_that_crud_shows_are_those_it_gives() {
    let server = TestServer::start(&Setup { auth: AuthMode::Strict, ..server::setup() });
    let slot = server.app.slot("crud").expect("a served provider");
    let served = served(slot.provider(), &slot.options());
    let mut compared = 0;
    for (path, method, operation) in served.operations() {
        for example in of(&served, path, operation).0 {
            server.reset();
            let credential = credentials(&served, operation).first().copied();
            let answer = server.send(&asked(method, &example, credential));
            assert_eq!(Some(answer.json()), example.answer, "{method} {path} {}", example.name);
            compared += 1;
        }
    }
    assert!(compared > 20, "{compared}");
}
