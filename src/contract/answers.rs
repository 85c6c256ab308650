//! What a provider's document says of each operation's answers, so that a fault can be told in the
//! vendor's words.

use std::collections::{BTreeMap, HashMap};

use bytes::Bytes;
use serde_json::{Map, Value};

use super::document::{self, DocumentError};
use crate::http::HeaderMap;
use crate::http::hall::{Address, Hall};
use crate::http::provider::{Base, Operation, Options, Refusal, Request};
use crate::world::fault::{Example, Refuse, Told};

/// `Retry-After` where a test states none.
const RETRY_AFTER_S: u64 = 30;

/// The answers that a document gives each operation, by status.
#[derive(Debug)]
pub struct Answers(HashMap<String, BTreeMap<u16, Option<Example>>>);

impl Answers {
    /// Reads the document of a served provider under these options; nothing where no such provider is served.
    #[must_use]
    pub fn read(hall: &Hall, provider: usize, options: &Options) -> Option<Result<Self, DocumentError>> {
        let document = document::under_options(hall, provider, options)?;
        Some(document.map(|document| {
            let mut operations = HashMap::new();
            for (path, item) in members(document.get("paths")) {
                for (method, node) in item.as_object().into_iter().flatten() {
                    for name in names(hall, provider, path, method, node) {
                        let shown = |(status, response): (&String, &Value)| {
                            let status = status.parse().ok().filter(|_| concerns(&document, &name, response))?;
                            Some((status, example(&document, &name, status, response)))
                        };
                        let answers: BTreeMap<_, _> = members(node.get("responses")).filter_map(shown).collect();
                        operations.insert(name, answers);
                    }
                }
            }
            Self(operations)
        }))
    }

    /// The statuses of an operation, in order.
    pub fn statuses(&self, operation: &str) -> impl Iterator<Item = u16> {
        self.0.get(operation).into_iter().flat_map(BTreeMap::keys).copied()
    }

    /// What a refused operation says: the vendor's own phrase where one has the status, else what the
    /// document shows.
    ///
    /// # Errors
    ///
    /// A status that the operation does not have, with those that it has.
    pub fn told(
        &self,
        hall: &Hall,
        provider: usize,
        options: &Options,
        operation: &'static Operation,
        refuse: Refuse,
    ) -> Result<Told, String> {
        let retry_after_s = refuse.retry_after_s.unwrap_or(RETRY_AFTER_S);
        let phrased = phrased(hall, provider, options, operation, refuse.status, retry_after_s);
        let documented = self.0.get(operation.name).and_then(|answers| answers.get(&refuse.status));
        match (phrased, documented) {
            (Some(refusal), Some(_)) => Ok(Told::Refusal { refusal, forced: None }),
            (None, Some(Some(example))) => Ok(Told::Example(example.clone())),
            (phrased, _) if refuse.force => Ok(forced(phrased, refuse.status)),
            (None, Some(None)) => Err(format!(
                "the document of {} shows no body for its {}; `force` sends one that is inferred",
                operation.name, refuse.status
            )),
            (_, None) => {
                let known: Vec<_> = self.statuses(operation.name).map(|status| status.to_string()).collect();
                Err(format!("{} has no status {}; it has {}", operation.name, refuse.status, known.join(", ")))
            }
        }
    }
}

/// The vendor's own phrase of this status. What is said of a path or a method is no answer of an operation.
fn phrased(
    hall: &Hall,
    provider: usize,
    options: &Options,
    operation: &'static Operation,
    status: u16,
    retry_after_s: u64,
) -> Option<Refusal> {
    let candidates = [
        Refusal::RateLimited { retry_after_s },
        Refusal::Unavailable { retry_after_s },
        Refusal::Unauthorized,
        Refusal::Forbidden,
        Refusal::Timeout,
        Refusal::Crashed,
        Refusal::TooLarge { limit: hall.max_body() },
        Refusal::UnsupportedMediaType,
        Refusal::BadRequest,
        Refusal::MalformedBody,
    ];
    let says = |refusal: &Refusal| status >= 400 && say(hall, provider, options, operation, refusal) == Some(status);
    candidates.into_iter().find(says)
}

/// The status by which a vendor phrases a refusal of an operation.
fn say(
    hall: &Hall,
    provider: usize,
    options: &Options,
    operation: &'static Operation,
    refusal: &Refusal,
) -> Option<u16> {
    let mounts = hall.passports().nth(provider)?.mounts;
    let mount = mounts.iter().find(|mount| operation.path.starts_with(mount.path)).or(mounts.first())?;
    let request = Request {
        method: operation.method,
        raw_path: operation.path,
        path: operation.path,
        mount: mount.path,
        rest: operation.path.get(mount.path.len()..).unwrap_or_default(),
        query: None,
        headers: &HeaderMap::new(),
        body: &[],
        base: Base::Host("localhost"),
    };
    let address = Address { provider, mount: mount.path, exact_case: mount.exact_case };
    Some(hall.refuse(address, refusal, &request, options).status())
}

/// What is said where no document has the status: the nearest phrase under it.
fn forced(phrased: Option<Refusal>, status: u16) -> Told {
    let refusal = match (phrased, status) {
        (Some(refusal), _) => refusal,
        (None, 400..500) => Refusal::BadRequest,
        (None, 500..) => Refusal::Crashed,
        (None, _) => return Told::Example(Example { status, headers: Vec::new(), body: None, inferred: true }),
    };
    Told::Refusal { refusal, forced: Some(status) }
}

/// The operations that a node of the document holds.
fn names(hall: &Hall, provider: usize, path: &str, method: &str, node: &Value) -> Vec<String> {
    if let Some(names) = node.get("x-operations").and_then(Value::as_array) {
        return names.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    }
    let operations = hall.passports().nth(provider).map_or(&[][..], |passport| passport.operations);
    let is_it = |operation: &&Operation| operation.path == path && operation.method.eq_ignore_ascii_case(method);
    operations.iter().filter(is_it).map(|operation| operation.name.to_owned()).collect()
}

/// Whether a response of a node that holds several operations is one of this operation's: the response, or one
/// of its examples, may name those it belongs to.
fn concerns(document: &Value, operation: &str, response: &Value) -> bool {
    let response = resolved(document, response);
    let mut contents = members(response.get("content")).filter_map(|(_, content)| content.get("examples"));
    let is_shown =
        |examples: &Value| members(Some(examples)).any(|(_, example)| belongs(resolved(document, example), operation));
    belongs(response, operation) && contents.all(is_shown)
}

fn belongs(node: &Value, operation: &str) -> bool {
    let names = node.get("x-operations").and_then(Value::as_array);
    names.is_none_or(|names| names.iter().any(|name| name == operation))
}

/// The answer that a response of the document shows; nothing where it has a body and shows none.
fn example(document: &Value, operation: &str, status: u16, response: &Value) -> Option<Example> {
    let response = resolved(document, response);
    let inferred = matches!(response.get("x-provenance").and_then(Value::as_str), Some("inferred" | "extension"));
    let headers = members(response.get("headers")).filter_map(|(name, header)| {
        let header = resolved(document, header);
        let shown = header.get("example").or_else(|| header.get("schema")?.get("example"))?;
        Some((name.to_ascii_lowercase(), shown.as_str().map_or_else(|| shown.to_string(), str::to_owned)))
    });
    let headers = headers.collect();
    let body = match members(response.get("content")).next() {
        None => None,
        Some((media, content)) => {
            let shown = shown(document, operation, content)?;
            let text = match shown {
                Value::String(text) if !media.ends_with("json") => text.clone(),
                json => json.to_string(),
            };
            Some((media.clone(), Bytes::from(text)))
        }
    };
    Some(Example { status, headers, body, inferred })
}

/// What a content shows of an operation. Where a node holds several operations, an example may name those
/// it belongs to.
fn shown<'d>(document: &'d Value, operation: &str, content: &'d Value) -> Option<&'d Value> {
    if let Some(example) = content.get("example") {
        return Some(example);
    }
    let mut examples = members(content.get("examples")).map(|(_, example)| resolved(document, example));
    examples.find(|example| belongs(example, operation))?.get("value")
}

fn resolved<'d>(document: &'d Value, node: &'d Value) -> &'d Value {
    let target = node.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
    target.and_then(|pointer| document.pointer(pointer)).unwrap_or(node)
}

fn members(node: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    node.and_then(Value::as_object).into_iter().flat_map(Map::iter)
}
