//! Which documented answers were seen, and whether each kept its contract.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use parking_lot::Mutex;
use persona_mock::internals::AnyProvider;
use persona_mock::internals::AppState;
use persona_mock::internals::Document;
use persona_mock::internals::Exchange;
use persona_mock::provider::Options;

use super::client::{Answer, Asked};
use super::contract::Verifier;

/// A contract, and the paths and methods that it names.
struct Known {
    contract: Verifier,
    operations: BTreeSet<(String, String)>,
}

/// The contracts of all servers of this process, by provider and options: reading one takes a while.
static CONTRACTS: LazyLock<Mutex<BTreeMap<String, Arc<Known>>>> = LazyLock::new(Mutex::default);

/// The contracts of a server's providers and the answers they were held against.
pub struct Evidence {
    contracts: Vec<Arc<Known>>,
    seen: BTreeSet<(String, String, u16)>,
}

impl Evidence {
    /// The server's own documents are left alone: tests count how often they are read.
    pub fn of(app: &AppState) -> Self {
        let documented = app.slots().filter(|slot| !slot.provider().descriptor().document.is_empty());
        let contracts = documented.map(|slot| known(slot.provider(), &slot.options())).collect();
        Self { contracts, seen: BTreeSet::new() }
    }

    /// What an answer breaks. An answer that belongs to no documented operation is not judged.
    pub fn violations(&mut self, asked: &Asked, answer: &Answer) -> Vec<String> {
        let path = asked.target.split('?').next().unwrap_or_default();
        let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
        let inferred = answer.header("x-mock-provenance") == Some("inferred");
        let mut wrong = Vec::new();
        for known in &self.contracts {
            // An encoded slash parts segments for most vendors, who then know no operation. A client of the document
            // has sent the operation, and its answer may be of another provenance than the others of that status.
            let routed = template(&known.operations, &asked.method, &decoded, str::to_owned);
            let sent = template(&known.operations, &asked.method, path, |segment| {
                percent_encoding::percent_decode_str(segment).decode_utf8_lossy().into_owned()
            });
            let Some(template) = routed.or(sent) else { continue };
            let violations = |inferred| {
                known.contract.violations(&Exchange {
                    path: template,
                    method: &asked.method,
                    status: answer.status,
                    content_type: answer.header("content-type"),
                    inferred,
                    body: &answer.body,
                })
            };
            let found = violations(inferred);
            if routed.is_some() || !violations(!inferred).is_empty() {
                wrong.extend(found);
            }
            self.seen.insert((template.to_owned(), asked.method.clone(), answer.status));
        }
        wrong
    }

    pub fn seen(&self) -> Vec<(String, String, u16)> {
        self.seen.iter().cloned().collect()
    }
}

fn known(provider: &dyn AnyProvider, options: &Options) -> Arc<Known> {
    let key = format!("{} {options:?}", provider.descriptor().id);
    let mut contracts = CONTRACTS.lock();
    let read = || {
        let document = Document::of(provider, options).unwrap_or_else(|error| panic!("{error}"));
        let contract = Verifier::of(&document);
        let operations = contract.documented().into_iter().map(|(path, method, _)| (path, method)).collect();
        Arc::new(Known { contract, operations })
    };
    contracts.entry(key).or_insert_with(read).clone()
}

/// The document's path for a method and a path, a literal segment before a parameter.
pub fn template<'k>(
    operations: &'k BTreeSet<(String, String)>,
    method: &str,
    path: &str,
    read: impl Fn(&str) -> String,
) -> Option<&'k str> {
    let fits = |template: &str| {
        let (mut parts, mut segments) = (template.split('/'), path.split('/').map(&read));
        loop {
            match (parts.next(), segments.next()) {
                (None, None) => return true,
                // The id of a row may have slashes of its own.
                (Some("{id}"), Some(_)) if template.ends_with("/{collection}/{id}") => return true,
                (Some(part), Some(segment)) if part == segment || (part.starts_with('{') && !segment.is_empty()) => {}
                _ => return false,
            }
        }
    };
    let fitting = operations.iter().filter(|(template, known)| known == method && fits(template));
    fitting.map(|(template, _)| template.as_str()).min_by_key(|template| template.matches('{').count())
}
