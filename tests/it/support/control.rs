//! Every answer of the control API that this client gets, held against the API's own document: closed, and twice, as
//! the vendors' are. What was sent and taken is held against it too.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use jsonschema::Validator;
use parking_lot::Mutex;
use persona_mock::internals::{AppState, Document, Exchange, Setup, control_document};
use persona_mock::provider::register;
use serde_json::{Value, json};

use super::client::{Answer, Asked};
use super::contract::Verifier;
use super::evidence::template;
use super::toy::Toy;

struct Control {
    document: Value,
    contract: Verifier,
    operations: BTreeSet<(String, String)>,
    bodies: Mutex<HashMap<(String, String), Validator>>,
    problem: Validator,
}

static CONTROL: LazyLock<Control> = LazyLock::new(|| {
    // Its shapes are the same for every provider, and the toy is read at once.
    let app = AppState::build(&[register(Toy)], &Setup::default()).expect("a fixture that loads");
    let document = control_document(&app);
    let contract = Verifier::of(&Document::settled(document.clone(), &[]));
    let operations = contract.documented().into_iter().map(|(path, method, _)| (path, method)).collect();
    let problem = compiled(&document, &json!({"$ref": "#/components/schemas/Problem"}));
    Control { document, contract, operations, bodies: Mutex::default(), problem }
});

fn compiled(document: &Value, schema: &Value) -> Validator {
    let mut root = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema]});
    root["components"] = document["components"].clone();
    jsonschema::validator_for(&root).unwrap_or_else(|error| panic!("{error}"))
}

/// The path of the control API that a target leads to, without a sandbox's base URL.
fn control_path(target: &str) -> Option<String> {
    let path = target.split('?').next().unwrap_or_default();
    let path = match path.strip_prefix("http://") {
        Some(rest) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => path,
    };
    let path = match path.strip_prefix("/_sandbox/") {
        Some(rest) => rest.find('/').map_or("/", |slash| &rest[slash..]),
        None => path,
    };
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy().into_owned();
    (path == "/" || path == "/_mock" || path.starts_with("/_mock/")).then_some(path)
}

/// What an answer of the control API breaks, and what the document says wrongly of a request that was taken.
pub fn violations(asked: &Asked, answer: &Answer) -> Vec<String> {
    // What is no request was not read far enough to have a path, and a HEAD gets no body to hold against anything.
    let is_unread = answer.header("content-type").is_none() && matches!(answer.status, 400 | 408 | 431);
    let Some(path) = control_path(&asked.target).filter(|_| asked.method != "HEAD" && !is_unread) else {
        return Vec::new();
    };
    // What a browser loads of the page is no part of the control API, nor is what leads there.
    let leads_there = path.starts_with("/_mock") && answer.status == 302;
    if leads_there || path.starts_with("/_mock/ui/") && answer.status < 400 {
        return Vec::new();
    }
    match template(&CONTROL.operations, &asked.method, &path, str::to_owned) {
        Some(template) => CONTROL.judge(template, asked, answer),
        None if asked.method == "OPTIONS" && answer.status == 204 && answer.body.is_empty() => Vec::new(),
        None => CONTROL.judge_other(answer),
    }
}

impl Control {
    fn judge(&self, path: &str, asked: &Asked, answer: &Answer) -> Vec<String> {
        let mut wrong = self.contract.violations(&Exchange {
            path,
            method: &asked.method,
            status: answer.status,
            content_type: answer.header("content-type"),
            inferred: answer.header("x-mock-provenance") == Some("inferred"),
            body: &answer.body,
        });
        let body = &self.document["paths"][path][asked.method.to_lowercase()]["requestBody"];
        if answer.status < 300 && body.is_object() {
            wrong.extend(self.judge_taken(path, asked, body));
        }
        wrong
    }

    /// A body that was taken is one that the document allows.
    fn judge_taken(&self, path: &str, asked: &Asked, body: &Value) -> Option<String> {
        if asked.body.trim_ascii().is_empty() {
            return (body["required"] == true).then(|| "no body was taken, and the document requires one".to_owned());
        }
        let sent: Value = serde_json::from_slice(&asked.body).ok()?;
        let mut bodies = self.bodies.lock();
        let key = (asked.method.clone(), path.to_owned());
        let schema = &body["content"]["application/json"]["schema"];
        let validator = bodies.entry(key).or_insert_with(|| compiled(&self.document, schema));
        let error = validator.validate(&sent).err()?;
        Some(format!("a body was taken that the document refuses: {error}"))
    }

    /// What belongs to no operation is refused by a problem.
    fn judge_other(&self, answer: &Answer) -> Vec<String> {
        let is_problem = answer.header("content-type") == Some("application/problem+json");
        let body = serde_json::from_slice(&answer.body).ok();
        if answer.status >= 400 && is_problem && body.is_some_and(|body| self.problem.is_valid(&body)) {
            return Vec::new();
        }
        vec!["it belongs to no operation of the control API, and is no problem".to_owned()]
    }
}
