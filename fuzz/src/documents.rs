//! Holds what providers answer against their documents.

use std::collections::{BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Mutex;

use persona_mock::internals::{AppState, Contract, Document, Exchange, Setup};
use persona_mock::mock::CallResponse;
use persona_mock::providers::registry;

/// How many answers are remembered.
const MOST_JUDGED: usize = 1 << 20;

/// The documents of all providers.
pub struct Documents(Vec<Documented>);

/// A provider's document, and the methods and templates that it has.
struct Documented {
    id: &'static str,
    contract: Contract,
    operations: BTreeSet<(String, String)>,
    /// The answers that are in it, each by its hash: the same one is not looked at again.
    judged: Mutex<HashSet<u64>>,
}

impl Documents {
    /// Those of these providers.
    pub fn of(ids: &[&'static str]) -> Self {
        let app = AppState::build(registry(), &Setup::default()).expect("the embedded fixtures");
        let documented = |id: &&'static str| {
            let slot = app.slot(id).expect("a provider");
            let contract = Contract::new(&Document::of(slot.provider(), &slot.options()).expect("a document"));
            let operations =
                contract.documented().into_iter().map(|(template, method, _)| (method, template)).collect();
            Documented { id, contract, operations, judged: Mutex::default() }
        };
        Self(ids.iter().map(documented).collect())
    }

    /// Panics where the answer to an operation of a provider is not in its document.
    pub fn hold(&self, id: &str, method: &str, target: &str, answer: &CallResponse) {
        let document = self.0.iter().find(|document| document.id == id).expect("a document");
        // What a target has behind `#` is not sent.
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let templates = document.operations.iter().filter(|(known, template)| known == method && fits(template, path));
        let template = templates.map(|(_, template)| template).min_by_key(|template| template.matches('{').count());
        let Some(path) = template else { return };
        let content_type = answer.header("content-type").map(|text| text.into_owned());
        let inferred = answer.header("x-mock-provenance").as_deref() == Some("inferred");
        let (status, content_type, body) = (answer.status(), content_type.as_deref(), answer.body());
        let mut hasher = DefaultHasher::new();
        (path, method, status, content_type, inferred, body).hash(&mut hasher);
        let hash = hasher.finish();
        let is_judged = |judged: &HashSet<u64>| judged.contains(&hash);
        if document.judged.lock().as_deref().is_ok_and(is_judged) {
            return;
        }
        let wrong = document.contract.violations(&Exchange { path, method, status, content_type, inferred, body });
        assert!(wrong.is_empty(), "{}\n{}", wrong.join("\n"), answer.text());
        if let Ok(mut judged) = document.judged.lock() {
            if judged.len() == MOST_JUDGED {
                judged.clear();
            }
            judged.insert(hash);
        }
    }
}

/// Whether a path without an encoded byte is one of a template.
fn fits(template: &str, path: &str) -> bool {
    let (mut parts, mut segments) = (template.split('/'), path.split('/'));
    loop {
        match (parts.next(), segments.next()) {
            (None, None) => return true,
            (Some(part), Some(segment))
                if part == segment || (part.starts_with('{') && !segment.is_empty() && !segment.contains('%')) => {}
            _ => return false,
        }
    }
}
