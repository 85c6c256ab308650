//! What a refused operation says, so that a fault is told in the vendor's words.

use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::document::{Answer, Document};
use crate::provider::{AnyProvider, Base, Headers, Operation, Options, Refusal, Request};
use crate::world::fault::{CannedAnswer, Example, Refuse};

/// `Retry-After` where a test states none.
const RETRY_AFTER_S: u64 = 30;

/// A vendor and its document, as one who refuses an operation asks them.
#[derive(Clone)]
pub struct Refuser<'a> {
    /// The vendor.
    pub provider: &'a dyn AnyProvider,
    /// The settings in force.
    pub options: &'a Options,
    /// Its document under these settings.
    pub document: Arc<Document>,
    /// The largest body in bytes that the server takes.
    pub max_body: usize,
}

impl std::fmt::Debug for Refuser<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Refuser").field("provider", &self.provider.descriptor().id).finish_non_exhaustive()
    }
}

impl Refuser<'_> {
    /// The statuses of an operation, in order.
    pub fn statuses<'s>(&'s self, operation: &'s Operation) -> impl Iterator<Item = u16> + 's {
        let endpoint = self.document.operation(&operation.name, &operation.method);
        endpoint.into_iter().flat_map(|endpoint| endpoint.answers_of(&operation.name)).map(|(status, _)| status)
    }

    /// What a refused operation says: the vendor's own phrase where one has the status, else what the document shows.
    ///
    /// # Errors
    ///
    /// A status that the operation does not have, with those that it has.
    pub fn canned(&self, operation: &Operation, refuse: Refuse) -> Result<CannedAnswer, String> {
        let phrased = self.phrased(operation, refuse.status, refuse.retry_after_s.unwrap_or(RETRY_AFTER_S));
        let endpoint = self.document.operation(&operation.name, &operation.method);
        let documented = endpoint.and_then(|endpoint| endpoint.answers.get(&refuse.status));
        let documented = documented.filter(|answer| answer.belongs_to(&operation.name));
        let example = documented.map(|answer| self.example(operation, refuse.status, answer));
        match (phrased, example) {
            (Some(refusal), Some(_)) => Ok(CannedAnswer::Refusal { refusal, forced: None }),
            (None, Some(Some(example))) => Ok(CannedAnswer::Example(example)),
            (phrased, _) if refuse.force => Ok(forced(phrased, refuse.status)),
            (None, Some(None)) => Err(format!(
                "the document of {} shows no body for its {}; `force` sends one that is inferred",
                operation.name, refuse.status
            )),
            (_, None) => {
                let known: Vec<_> = self.statuses(operation).map(|status| status.to_string()).collect();
                Err(format!("{} has no status {}; it has {}", operation.name, refuse.status, known.join(", ")))
            }
        }
    }

    /// The vendor's own phrase of this status. What is said of a path or a method is no answer of an operation.
    fn phrased(&self, operation: &Operation, status: u16, retry_after_s: u64) -> Option<Refusal> {
        let candidates = [
            Refusal::RateLimited { retry_after_s },
            Refusal::Unavailable { retry_after_s },
            Refusal::Unauthorized,
            Refusal::Forbidden,
            Refusal::Timeout,
            Refusal::Crashed,
            Refusal::TooLarge { limit: self.max_body },
            Refusal::UnsupportedMediaType,
            Refusal::BadRequest,
            Refusal::MalformedBody,
        ];
        candidates.into_iter().find(|refusal| status >= 400 && self.say(operation, refusal) == Some(status))
    }

    /// The status by which the vendor phrases a refusal of an operation.
    fn say(&self, operation: &Operation, refusal: &Refusal) -> Option<u16> {
        let mounts = &self.provider.descriptor().mounts;
        let mount = mounts.iter().find(|mount| operation.path.starts_with(&*mount.path)).or(mounts.first())?;
        let request = Request {
            method: &operation.method,
            raw_path: &operation.path,
            path: &operation.path,
            mount: &mount.path,
            rest: operation.path.get(mount.path.len()..).unwrap_or_default(),
            query: None,
            headers: &Headers::new(),
            body: &[],
            base: Base::LOCALHOST,
        };
        Some(self.provider.refuse(refusal, &request, self.options).status())
    }

    /// The answer that the document shows of an operation; nothing where it has a body and shows none. Where a node
    /// holds several operations, an example may name those it belongs to.
    fn example(&self, operation: &Operation, status: u16, answer: &Answer) -> Option<Example> {
        let headers = answer.headers.iter().filter_map(|header| Some((header.name.clone(), header.example.clone()?)));
        let body = match answer.contents.first() {
            None => None,
            Some(content) => {
                let example = content.examples.iter().find(|example| example.belongs_to(&operation.name))?;
                let text = match self.document.example(example) {
                    Value::String(text) if !content.media.ends_with("json") => text.clone(),
                    json => json.to_string(),
                };
                Some((content.media.clone(), Bytes::from(text)))
            }
        };
        Some(Example { status, headers: headers.collect(), body, inferred: answer.inferred })
    }
}

/// What is said where no document has the status: the nearest phrase under it.
fn forced(phrased: Option<Refusal>, status: u16) -> CannedAnswer {
    let refusal = match (phrased, status) {
        (Some(refusal), _) => refusal,
        (None, 400..500) => Refusal::BadRequest,
        (None, 500..) => Refusal::Crashed,
        (None, _) => return CannedAnswer::Example(Example { status, headers: Vec::new(), body: None, inferred: true }),
    };
    CannedAnswer::Refusal { refusal, forced: Some(status) }
}
