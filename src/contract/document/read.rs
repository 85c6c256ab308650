//! Reads a document: endpoint by endpoint, every reference followed.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use serde_json::Value;

use super::endpoint::{Answer, Body, Content, Endpoint, Example, Header, Parameter, Place};
use super::node::Node;
use super::settle::METHODS;
use super::{Schema, SchemaId};
use crate::provider::{Operation, Provenance};

/// The endpoints and the schemas of a document.
pub(super) fn read(json: &Value, operations: &[&Operation]) -> (Vec<Endpoint>, Vec<Schema>) {
    let root = Node::of(json);
    let schemes = root.member("components").and_then(|components| components.member("securitySchemes"));
    let mut reader = Reader { operations, schemes, numbers: HashMap::new(), schemas: Vec::new() };
    let mut endpoints = Vec::new();
    for (path, item) in root.member("paths").iter().flat_map(Node::members) {
        for (method, node) in item.members().filter(|(name, _)| METHODS.contains(name)) {
            endpoints.push(reader.endpoint(path, &item, method, &node));
        }
    }
    (endpoints, reader.schemas)
}

struct Reader<'d> {
    operations: &'d [&'d Operation],
    /// The ways in which a credential comes: some are parameters.
    schemes: Option<Node<'d>>,
    numbers: HashMap<String, SchemaId>,
    schemas: Vec<Schema>,
}

impl<'d> Reader<'d> {
    fn endpoint(&mut self, path: &str, item: &Node<'d>, method: &str, node: &Node<'d>) -> Endpoint {
        let responses = node.member("responses");
        let responses = responses.iter().flat_map(Node::members);
        let answers = responses.filter_map(|(status, response)| Some((status.parse().ok()?, self.answer(&response))));
        let answers: BTreeMap<_, _> = answers.collect();
        let body = node.member("requestBody").map(|body| {
            let required = body.is("required");
            Body { required, contents: self.contents(&body) }
        });
        Endpoint {
            path: path.to_owned(),
            method: method.to_ascii_uppercase(),
            operations: self.names(path, method, node),
            provenance: node.provenance().unwrap_or(Provenance::Inferred),
            parameters: self.parameters(item, node),
            body,
            answers,
        }
    }

    /// The operations that a node holds.
    fn names(&self, path: &str, method: &str, node: &Node<'_>) -> Vec<String> {
        node.texts("x-operations").unwrap_or_else(|| {
            let is_it =
                |operation: &&&Operation| operation.path == path && operation.method.eq_ignore_ascii_case(method);
            self.operations.iter().filter(is_it).map(|operation| operation.name.to_string()).collect()
        })
    }

    /// The operation's own parameters, those of its path that it does not state itself, and the credential's.
    fn parameters(&mut self, item: &Node<'d>, node: &Node<'d>) -> Vec<Parameter> {
        let lists = [node.member("parameters"), item.member("parameters")];
        let mut stated: Vec<_> = lists.iter().flatten().flat_map(Node::items).collect();
        stated.extend(self.schemes.iter().flat_map(Node::members).map(|(_, scheme)| scheme));
        let mut found: Vec<Parameter> = Vec::new();
        for node in stated {
            let Some(parameter) = self.parameter(&node) else { continue };
            let is_it = |known: &Parameter| known.place == parameter.place && known.name == parameter.name;
            if !found.iter().any(is_it) {
                found.push(parameter);
            }
        }
        found
    }

    /// A list is sent as a parameter for each value; with `explode: false`, with commas between them.
    fn parameter(&mut self, node: &Node<'d>) -> Option<Parameter> {
        let place = match node.text("in")? {
            "path" => Place::Path,
            "query" => Place::Query,
            "header" => Place::Header,
            "cookie" => Place::Cookie,
            _ => return None,
        };
        let schema = node.member("schema");
        // A list may stand beside null, as pydantic writes one that need not be there.
        let beside = schema.as_ref().and_then(|schema| schema.member("anyOf"));
        let branches: Vec<_> = beside.iter().flat_map(Node::items).chain(schema).collect();
        let list = branches.iter().find(|branch| branch.is_of_type("array"));
        let checked = match list {
            Some(list) => list.raw("items"),
            None => node.raw("schema"),
        };
        Some(Parameter {
            name: node.text("name")?.to_owned(),
            place,
            required: node.is("required") || node.is("x-always"),
            schema: checked.map(|node| self.schema(node)),
            commas: list.is_some_and(|list| list.value.get("items").is_some())
                && node.value.get("explode") == Some(&Value::Bool(false)),
            is_object: branches.iter().any(|branch| branch.is_of_type("object")),
            is_credential: node.is_of_type("apiKey"),
            provenance: node.provenance(),
            operations: node.texts("x-operations"),
        })
    }

    fn answer(&mut self, node: &Node<'d>) -> Answer {
        let headers = node.member("headers");
        let headers = headers.iter().flat_map(Node::members).map(|(name, header)| {
            let schema = header.member("schema");
            let shown = header.value.get("example").or_else(|| schema.as_ref()?.value.get("example"));
            Header {
                name: name.to_ascii_lowercase(),
                example: shown.map(|shown| shown.as_str().map_or_else(|| shown.to_string(), str::to_owned)),
            }
        });
        Answer {
            inferred: matches!(node.provenance(), Some(Provenance::Inferred | Provenance::Extension)),
            provenance: node.provenance(),
            operations: node.texts("x-operations"),
            headers: headers.collect(),
            contents: self.contents(node),
        }
    }

    fn contents(&mut self, node: &Node<'d>) -> Vec<Content> {
        let contents = node.member("content");
        let contents = contents.iter().flat_map(Node::members);
        let read = |(media, content): (&str, Node<'d>)| Content {
            media: media.to_owned(),
            schema: content.raw("schema").map(|node| self.schema(node)),
            examples: examples(&content),
        };
        contents.map(read).collect()
    }

    /// The number of a schema.
    fn schema(&mut self, node: Node<'d>) -> SchemaId {
        let next = SchemaId(self.schemas.len());
        let node = node.schema();
        let at = node.spot();
        let number = *self.numbers.entry(node.at).or_insert(next);
        if number == next {
            self.schemas.push(Schema { at, checks: OnceLock::new(), names: OnceLock::new() });
        }
        number
    }
}

/// What a content shows.
fn examples(content: &Node<'_>) -> Vec<Example> {
    if let Some(example) = content.raw("example") {
        return vec![Example { at: example.spot(), operations: None }];
    }
    let examples = content.member("examples");
    let examples = examples.iter().flat_map(Node::members);
    let read = |(_, example): (&str, Node<'_>)| {
        let operations = example.texts("x-operations");
        example.raw("value").map(|value| Example { at: value.spot(), operations })
    };
    examples.filter_map(read).collect()
}
