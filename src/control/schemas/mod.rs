//! The schemas of what the verbs take and answer with, ready-made: `schemas.json`. They are those of the types; a test makes
//! them of these, and holds the file to them. So no program carries what makes schemas, which is a megabyte of code.

#[cfg(test)]
mod plain;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// The file. What stands in braces in its examples is filled in with what a server serves.
static FILE: LazyLock<File<'static>> =
    LazyLock::new(|| serde_json::from_str(include_str!("schemas.json")).unwrap_or_default());

/// Parts of it are read where they are asked for.
#[derive(Deserialize, Default)]
struct File<'f> {
    /// By the name of a verb, what the API's document says of its bodies.
    #[serde(borrow)]
    verbs: HashMap<&'f str, &'f RawValue>,
    /// The schemas to which those refer.
    #[serde(borrow)]
    definitions: Option<&'f RawValue>,
    /// By the name of a verb that reads JSON of its own, the type that it reads.
    read: HashMap<&'f str, &'f str>,
    /// By the name of a type, its schema as it is read, with all to which it refers.
    types: HashMap<&'f str, &'f RawValue>,
}

/// What the document says of a verb's bodies.
#[derive(Deserialize, Default)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(super) struct Bodies {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) taken: Option<RequestBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) answered: Option<Content>,
}

/// The body of a request, as the document has it.
#[derive(Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(super) struct RequestBody {
    pub(super) schema: Value,
    /// What it is, where its schema cannot say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) about: Option<String>,
    /// Whether an empty body is not taken.
    pub(super) required: bool,
    /// Bodies that could be sent.
    pub(super) examples: Vec<Value>,
}

/// The body of an answer, as the document has it.
#[derive(Deserialize)]
#[cfg_attr(test, derive(serde::Serialize))]
pub(crate) struct Content {
    pub(super) media: String,
    pub(super) schema: Value,
}

/// What the document says of the bodies of a verb, by its name.
pub(super) fn bodies(verb: &str) -> Bodies {
    FILE.verbs.get(verb).and_then(|bodies| serde_json::from_str(bodies.get()).ok()).unwrap_or_default()
}

/// The schemas to which those of bodies refer.
pub(super) fn definitions() -> Map<String, Value> {
    FILE.definitions.and_then(|all| serde_json::from_str(all.get()).ok()).unwrap_or_default()
}

/// The schema by which a verb reads its body, where it reads JSON of its own. What it refers to is in it.
pub(super) fn read_by(verb: &str) -> Option<Value> {
    serde_json::from_str(FILE.types.get(FILE.read.get(verb)?)?.get()).ok()
}
