//! A provider's OpenAPI document under the settings in force, read once for all who ask.

mod cache;
mod endpoint;
mod node;
mod read;
mod served;
mod settle;
mod simplify;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::contract::suggestion::{Paths, Suggestion};
use crate::provider::{AnyProvider, Name, Operation, Options, TrackedOptions};
use crate::world::options::Dependencies;
use crate::world::schema::{Checks, Formats, SchemaError};

pub(crate) use cache::Documents;
#[cfg(feature = "cli")]
pub(crate) use cache::MOST_KEPT;
pub(crate) use endpoint::{Answer, Body, Content, Endpoint, Example, Parameter, Place};
use node::Spot;
pub(crate) use served::Served;

/// Why a document could not be read.
#[derive(Debug, thiserror::Error)]
#[error("the OpenAPI document of {provider} is no JSON: {reason}")]
pub struct DocumentError {
    provider: Name,
    reason: String,
}

/// What a provider's document says, under the settings in force.
///
/// The embedded text states every variant; a node with `x-when: "key=value"` is there only while that setting has
/// that value. With `documented_only`, operations whose `x-provenance` is `extension` vanish, and paths with them.
/// What nothing uses any more goes too.
#[derive(Debug)]
pub struct Document {
    json: Value,
    endpoints: Vec<Endpoint>,
    schemas: Vec<Schema>,
    ignore_case: bool,
    states_requests: bool,
    served: OnceLock<Served>,
    settings: BTreeMap<String, String>,
    sha256: OnceLock<String>,
    paths: OnceLock<Paths>,
}

/// A schema of a document, by its number there and in no other document. What refers to a schema has the number of
/// that schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SchemaId(usize);

/// Where a schema stands, and its checks once they were asked for.
#[derive(Debug)]
struct Schema {
    at: Spot,
    checks: OnceLock<Result<Checks, SchemaError>>,
    names: OnceLock<Box<[String]>>,
}

impl Document {
    /// Reads the document of a provider under these options.
    ///
    /// # Errors
    ///
    /// The embedded text is no JSON.
    pub fn of(provider: &dyn AnyProvider, options: &Options) -> Result<Self, DocumentError> {
        Self::tracked(provider, options).map(|(document, _)| document)
    }

    /// The same, with what it depends on.
    fn tracked(provider: &dyn AnyProvider, options: &Options) -> Result<(Self, Dependencies), DocumentError> {
        let descriptor = provider.descriptor();
        let mut json = serde_json::from_str(&descriptor.document)
            .map_err(|error| DocumentError { provider: descriptor.id.clone(), reason: error.to_string() })?;
        let options = TrackedOptions::of(options);
        settle::settle(&mut json, &options);
        provider.adapt_document(&mut json, &options);
        simplify::simplify(&mut json);
        let dependencies = options.dependencies();
        let document = Self::settled(json, &provider.operations());
        Ok((Self { settings: dependencies.settings(), ..document }, dependencies))
    }

    /// A document whose `x-when` are settled. An endpoint that does not say in `x-operations` which operations it
    /// holds, holds those of its path and method.
    #[must_use]
    pub fn settled(json: Value, operations: &[&Operation]) -> Self {
        let (endpoints, schemas) = read::read(&json, operations);
        let ignore_case = json.get("x-ignore-case") == Some(&Value::Bool(true));
        let states_requests = endpoints.iter().any(|known| !known.parameters.is_empty() || known.body.is_some());
        let (served, settings, sha256, paths) = (OnceLock::new(), BTreeMap::new(), OnceLock::new(), OnceLock::new());
        Self { json, endpoints, schemas, ignore_case, states_requests, served, settings, sha256, paths }
    }

    /// The document as it is served.
    #[must_use]
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The settings that it depends on, with the values under which it was made.
    #[must_use]
    pub(crate) fn settings(&self) -> &BTreeMap<String, String> {
        &self.settings
    }

    /// The SHA-256 of its JSON, in hexadecimal.
    #[must_use]
    pub(crate) fn sha256(&self) -> &str {
        self.sha256.get_or_init(|| {
            let digest = Sha256::digest(self.json.to_string());
            digest.iter().map(|byte| format!("{byte:02x}")).collect()
        })
    }

    /// Its text, with its servers below a base URL.
    #[must_use]
    pub(crate) fn text(&self, base: &str) -> String {
        self.served.get_or_init(|| Served::of(&self.json)).below(base)
    }

    /// Every path with a method, in the document's order.
    #[must_use]
    pub(crate) fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// What the document says of an operation. One that is taken by several methods is there once for each.
    #[must_use]
    pub(crate) fn operation(&self, name: &str, method: &str) -> Option<&Endpoint> {
        let mut first = None;
        for endpoint in self.endpoints.iter().filter(|endpoint| endpoint.operations.iter().any(|known| known == name)) {
            if endpoint.method == method {
                return Some(endpoint);
            }
            first = first.or(Some(endpoint));
        }
        first
    }

    /// What the document says of a method of a path, as the document spells the path.
    #[must_use]
    pub(crate) fn endpoint(&self, path: &str, method: &str) -> Option<&Endpoint> {
        self.endpoints.iter().find(|endpoint| endpoint.path == path && endpoint.method.eq_ignore_ascii_case(method))
    }

    /// The operation of its provider, whose document this is, that a request is nearest to.
    #[must_use]
    pub(crate) fn nearest<'o>(
        &self,
        method: &str,
        path: &str,
        provider: &'o dyn AnyProvider,
        options: &Options,
    ) -> Option<Suggestion<'o>> {
        let operations = provider.operations();
        let paths = self.paths.get_or_init(|| Paths::of(&operations));
        paths.nearest(method, path, &operations, options.documented_only)
    }

    /// Whether names match in any letter case, which the document says with `x-ignore-case: true`.
    #[must_use]
    pub(crate) fn ignores_case(&self) -> bool {
        self.ignore_case
    }

    /// Whether it says anything of requests: of none that states answers alone is a field unknown.
    #[must_use]
    pub(crate) fn states_requests(&self) -> bool {
        self.states_requests
    }

    /// Whether a field of any of its schemas, or a parameter, has this name.
    #[must_use]
    pub(crate) fn has_name(&self, name: &str) -> bool {
        let is_parameter = |known: &Parameter| self.is_same(&known.name, name);
        self.endpoints.iter().flat_map(|endpoint| &endpoint.parameters).any(is_parameter)
            || self.names_in(&self.json, name)
    }

    fn names_in(&self, node: &Value, name: &str) -> bool {
        match node {
            Value::Array(items) => items.iter().any(|item| self.names_in(item, name)),
            Value::Object(members) => {
                let properties = members.get("properties").and_then(Value::as_object);
                properties.is_some_and(|named| named.keys().any(|known| self.is_same(known, name)))
                    || members.values().any(|member| self.names_in(member, name))
            }
            _ => false,
        }
    }

    /// Whether two names are one.
    pub(crate) fn is_same(&self, one: &str, other: &str) -> bool {
        one == other || (self.ignore_case && one.eq_ignore_ascii_case(other))
    }

    /// A schema's text. It may refer to others of [`Document::json`].
    #[must_use]
    pub fn schema(&self, schema: SchemaId) -> &Value {
        self.schemas[schema.0].at.find(&self.json)
    }

    /// A schema's checks, made at the first call.
    ///
    /// # Errors
    ///
    /// What of the schema cannot be checked; of a provider's document, nothing.
    pub fn checks(&self, schema: SchemaId) -> Result<&Checks, &SchemaError> {
        let known = &self.schemas[schema.0];
        let compile = || Checks::compile(&self.json, known.at.find(&self.json), Formats::Checked(&[]));
        known.checks.get_or_init(compile).as_ref()
    }

    /// The names of the members of a schema's object, gathered at the first call.
    pub(crate) fn names(&self, schema: SchemaId, gather: impl FnOnce(&Value) -> Box<[String]>) -> &[String] {
        self.schemas[schema.0].names.get_or_init(|| gather(self.schema(schema)))
    }

    /// What an example shows.
    #[must_use]
    pub(crate) fn example(&self, example: &Example) -> &Value {
        example.at.find(&self.json)
    }
}

#[cfg(test)]
mod tests;
