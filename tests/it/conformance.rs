//! No foreign voice: every provider phrases every refusal, and each is in its document.

use std::collections::BTreeSet;

use persona_mock::internals::Exchange;
use persona_mock::internals::{AnyProvider, AppState, Setup};
use persona_mock::provider::{Base, Headers, Refusal, Request, Response};
use persona_mock::providers::registry;
use serde_json::Value;

use super::support::contract::Verifier;
use super::support::server;

/// A provider's refusals of each documented operation, as (path, method, status).
pub fn refused(provider: &dyn AnyProvider) -> BTreeSet<(String, String, u16)> {
    let id = &*provider.descriptor().id;
    let app = AppState::build(registry(), &server::setup()).expect("the embedded fixtures load");
    let options = app.slot(id).expect("a served provider").options();
    let served = app.document(provider, &options).expect("a document");
    let (document, contract) = (served.json(), Verifier::of(&served));
    let operations: BTreeSet<_> = contract.documented().into_iter().map(|(path, method, _)| (path, method)).collect();
    let mut seen = BTreeSet::new();
    for (path, method) in operations {
        let operation = &document["paths"][&path][method.to_ascii_lowercase()];
        for refusal in Refusal::samples().iter().filter(|refusal| concerns(refusal, operation)) {
            let response = refuse(provider, refusal, &path, &method, &options);
            let content_type = header(&response, "content-type");
            let wrong = contract.violations(&Exchange {
                path: &path,
                method: &method,
                status: response.status(),
                content_type: content_type.as_deref(),
                inferred: response.is_inferred(),
                body: response.bytes(),
            });
            assert!(wrong.is_empty(), "{id}: {refusal:?}: {}", wrong.join("\n"));
            seen.insert((path.clone(), method.clone(), response.status()));
        }
    }
    seen
}

/// Whether an operation can be refused so.
fn concerns(refusal: &Refusal, operation: &Value) -> bool {
    match refusal {
        Refusal::NoRoute | Refusal::MethodNotAllowed { .. } => false,
        Refusal::MalformedBody | Refusal::UnsupportedMediaType => operation.get("requestBody").is_some(),
        Refusal::Unauthorized | Refusal::Forbidden => operation.get("security") != Some(&Value::Array(Vec::new())),
        _ => true,
    }
}

fn refuse(
    provider: &dyn AnyProvider,
    refusal: &Refusal,
    path: &str,
    method: &str,
    options: &persona_mock::provider::Options,
) -> Response {
    let mount = &*provider.descriptor().mounts[0].path;
    let headers = Headers::new();
    let request = Request {
        method,
        raw_path: path,
        path,
        mount,
        rest: path.get(mount.len()..).unwrap_or_default(),
        query: None,
        headers: &headers,
        body: &[],
        base: Base::Public("http://mock.test"),
    };
    provider.refuse(refusal, &request, options)
}

fn header(response: &Response, name: &str) -> Option<String> {
    let found = response.headers().iter().find(|(known, _)| known.as_str() == name);
    found.and_then(|(_, value)| value.to_str().ok()).map(str::to_owned)
}

/// The examples of a response, each with its media type.
fn examples(response: &Value) -> Vec<(String, Vec<Value>)> {
    let contents = response.get("content").and_then(Value::as_object);
    let shown = |content: &Value| match (content.get("example"), content.get("examples").and_then(Value::as_object)) {
        (Some(example), _) => vec![example.clone()],
        (None, Some(examples)) => examples.values().map(|example| example["value"].clone()).collect(),
        (None, None) => Vec::new(),
    };
    contents.into_iter().flatten().map(|(media, content)| (media.clone(), shown(content))).collect()
}

#[test]
fn every_documented_body_has_an_example_that_keeps_its_own_schema() {
    let switches = [
        "crud.envelope=data",
        "crud.envelope=bare",
        "crud.columns=row",
        "crud.delete=204",
        "axero.error_status=400",
        "equals_money.invalid_status=422",
    ];
    for set in [None].into_iter().chain(switches.map(Some)) {
        let setup = Setup { settings: set.map(str::to_owned).into_iter().collect(), ..server::setup() };
        let app = AppState::build(registry(), &setup).expect("the embedded fixtures load");
        for slot in app.slots() {
            let id = &slot.provider().descriptor().id;
            let served = app.document(slot.provider(), &slot.options()).expect("a document");
            let (document, contract) = (served.json(), Verifier::of(&served));
            for (path, method, status) in contract.documented() {
                let stated = &document["paths"][&path][method.to_ascii_lowercase()]["responses"][status.to_string()];
                let target = stated["$ref"].as_str().and_then(|target| document.pointer(target.strip_prefix('#')?));
                let response = target.unwrap_or(stated);
                let inferred = matches!(response["x-provenance"].as_str(), Some("inferred" | "extension"));
                for (media, examples) in examples(response) {
                    assert!(!examples.is_empty(), "{id} {set:?}: {method} {path} {status} {media} has no example");
                    for example in examples {
                        let body = example.to_string().into_bytes();
                        let content_type = Some(media.as_str());
                        let exchange =
                            Exchange { path: &path, method: &method, status, content_type, inferred, body: &body };
                        let wrong = contract.violations(&exchange);
                        assert!(wrong.is_empty(), "{id} {set:?}: {example}: {}", wrong.join("\n"));
                    }
                }
            }
        }
    }
}

#[test]
fn every_provider_phrases_every_refusal() {
    let app = AppState::build(registry(), &server::setup()).expect("the embedded fixtures load");
    for provider in registry() {
        let id = &*provider.descriptor().id;
        let options = app.slot(id).expect("a served provider").options();
        for refusal in Refusal::samples() {
            let response = refuse(&**provider, &refusal, &provider.descriptor().mounts[0].path, "POST", &options);
            assert!(response.status() >= 400, "{id}: {refusal:?} is answered {}", response.status());
            let allow = header(&response, "allow");
            let retry_after = header(&response, "retry-after");
            match refusal {
                Refusal::MethodNotAllowed { .. } => {
                    assert_eq!(allow.as_deref(), Some("GET"), "{id}: {refusal:?}")
                }
                Refusal::RateLimited { .. } | Refusal::Unavailable { .. } => {
                    assert_eq!(retry_after.as_deref(), Some("30"), "{id}: {refusal:?}");
                }
                _ => {}
            }
            let text = String::from_utf8_lossy(response.bytes()).to_ascii_lowercase();
            for foreign in ["actix", "persona-mock", "serde", "rust", "panick"] {
                assert!(!text.contains(foreign), "{id}: {refusal:?} says {foreign}: {text}");
            }
        }
    }
}
