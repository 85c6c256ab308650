//! Answers held against a document twice: by this project's checks, and by the `jsonschema` crate.

use std::collections::HashMap;

use jsonschema::Validator;
use parking_lot::Mutex;
use persona_mock::internals::Document;
use persona_mock::internals::SchemaId;
use persona_mock::internals::{Contract, Exchange, read_body};
use serde_json::{Value, json};

/// A contract, and a second opinion on each of its schemas.
pub struct Verifier {
    contract: Contract,
    validators: Mutex<HashMap<SchemaId, Validator>>,
}

impl Verifier {
    pub fn of(document: &Document) -> Self {
        Self { contract: Contract::new(document), validators: Mutex::default() }
    }

    pub fn documented(&self) -> Vec<(String, String, u16)> {
        self.contract.documented()
    }

    /// What is wrong with an answer; that the opinions differ on it is wrong too.
    pub fn violations(&self, exchange: &Exchange<'_>) -> Vec<String> {
        let mut wrong = self.contract.violations(exchange);
        if let Some((schema, body)) = self.contract.schema_of(exchange).zip(read_body(exchange.body).ok()) {
            let document = self.contract.document();
            let ours = document.checks(schema).is_ok_and(|checks| checks.accepts(&body));
            let theirs =
                self.validators.lock().entry(schema).or_insert_with(|| compiled(document, schema)).is_valid(&body);
            if ours != theirs {
                let Exchange { method, path, status, .. } = exchange;
                wrong.push(format!("{method} {path} {status}: the checks say {ours}, jsonschema {theirs}: {body}"));
            }
        }
        wrong
    }
}

fn compiled(document: &Document, schema: SchemaId) -> Validator {
    let mut root = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "allOf": [document.schema(schema)],
    });
    root["components"] = document.json().get("components").cloned().unwrap_or(Value::Null);
    jsonschema::options().should_validate_formats(true).build(&root).unwrap_or_else(|error| panic!("{error}"))
}
