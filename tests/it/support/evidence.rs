//! Which documented answers were seen, and whether each kept its contract.

use std::collections::BTreeSet;

use persona_mock::contract::document;
use persona_mock::contract::validate::{Contract, Exchange};
use persona_mock::http::hall::Hall;

use super::client::{Answer, Asked};

/// The contracts of a server's providers and the answers they were held against.
pub struct Evidence {
    contracts: Vec<Contract>,
    seen: BTreeSet<(String, String, u16)>,
}

impl Evidence {
    pub fn of(hall: &Hall) -> Self {
        let contracts = hall
            .passports()
            .filter(|passport| !passport.document.is_empty())
            .map(|passport| {
                let served = document::served(hall, hall.default_sandbox(), passport.id).expect("a served provider");
                Contract::new(&served.unwrap_or_else(|error| panic!("{error}")))
            })
            .collect();
        Self { contracts, seen: BTreeSet::new() }
    }

    /// What an answer breaks. An answer that belongs to no documented operation is not judged.
    pub fn judge(&mut self, asked: &Asked, answer: &Answer) -> Vec<String> {
        let raw_path = asked.target.split('?').next().unwrap_or_default();
        let path = percent_encoding::percent_decode_str(raw_path).decode_utf8_lossy();
        let mut wrong = Vec::new();
        for contract in &mut self.contracts {
            let Some(template) = template(contract, &asked.method, &path) else {
                continue;
            };
            wrong.extend(contract.judge(&Exchange {
                path: &template,
                method: &asked.method,
                status: answer.status,
                content_type: answer.header("content-type"),
                inferred: answer.header("x-mock-provenance") == Some("inferred"),
                body: &answer.body,
            }));
            self.seen.insert((template, asked.method.clone(), answer.status));
        }
        wrong
    }

    pub fn seen(&self) -> Vec<(String, String, u16)> {
        self.seen.iter().cloned().collect()
    }
}

/// The document's path for a method and a path, a literal segment before a parameter.
fn template(contract: &Contract, method: &str, path: &str) -> Option<String> {
    let segments: Vec<_> = path.split('/').collect();
    let fits = |template: &str| {
        let parts: Vec<_> = template.split('/').collect();
        let same = |(part, segment): (&&str, &&str)| part == segment || (part.starts_with('{') && !segment.is_empty());
        parts.len() == segments.len() && parts.iter().zip(&segments).all(same)
    };
    let documented = contract.documented();
    let fitting = documented.iter().filter(|(template, known, _)| known == method && fits(template));
    fitting.map(|(template, ..)| template).min_by_key(|template| template.matches('{').count()).cloned()
}
