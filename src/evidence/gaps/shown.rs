//! What a document shows of an operation: an example joins what is sent by its name.

use serde_json::Value;

use super::draft::{Body, Draft};
use crate::contract::Document;
use crate::contract::document::Endpoint;

/// A document's text about one endpoint.
#[derive(Clone, Copy)]
pub(super) struct Shown<'d> {
    pub(super) document: &'d Document,
    pub(super) endpoint: &'d Endpoint,
    path: &'d Value,
    operation: &'d Value,
}

impl<'d> Shown<'d> {
    /// What the document says of an endpoint of it.
    pub(super) fn of(document: &'d Document, endpoint: &'d Endpoint) -> Option<Self> {
        let path = document.json().get("paths")?.get(&endpoint.path)?;
        let operation = path.get(endpoint.method.to_ascii_lowercase())?;
        Some(Self { document, endpoint, path, operation })
    }

    fn resolved(&self, node: &'d Value) -> &'d Value {
        let target = node.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        target.and_then(|pointer| self.document.json().pointer(pointer)).unwrap_or(node)
    }

    /// The parameters of the operation, then those of its path.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &'d Value> {
        let lists = [self.operation.get("parameters"), self.path.get("parameters")];
        let all = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
        all.map(|node| self.resolved(node))
    }

    /// The parameter of this place and name.
    pub(super) fn parameter(&self, place: &str, name: &str) -> Option<&'d Value> {
        self.parameters().find(|node| node["in"] == place && node["name"] == name)
    }

    /// Whether the operation is one that anybody may call.
    pub(super) fn is_open(&self) -> bool {
        self.operation.get("security").and_then(Value::as_array).is_some_and(Vec::is_empty)
    }

    /// The media types of the body, each with what it is.
    pub(super) fn contents(&self) -> impl Iterator<Item = (&'d str, &'d Value)> {
        let body = self.operation.get("requestBody").map(|node| self.resolved(node));
        let contents = body.and_then(|body| body.get("content")?.as_object()).into_iter().flatten();
        contents.map(|(media, content)| (media.as_str(), content))
    }

    /// What a draft's body must be; of one without a body, what the document names first.
    pub(super) fn schema(&self, draft: &Draft<'_>) -> &'d Value {
        let sent = draft.media.as_deref();
        let same = self.contents().find(|(media, _)| sent.is_none_or(|sent| sent == *media));
        same.and_then(|(_, content)| content.get("schema")).unwrap_or(&Value::Null)
    }

    /// The drafts that the examples make, the document's order of them kept: one for each name, and of a name that only
    /// parameters or only bodies have, what the others need beside it.
    pub(super) fn drafts(&self) -> Vec<Draft<'d>> {
        let mut names: Vec<&str> = Vec::new();
        let bodies = self.contents().flat_map(|(_, content)| examples(content));
        let shown = self.parameters().flat_map(examples).chain(bodies);
        for (name, _) in shown {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.is_empty() {
            names.push("");
        }
        names.into_iter().flat_map(|name| self.named(name)).filter(Draft::is_whole).collect()
    }

    /// The drafts of one name: one for each media type that shows it.
    fn named(&self, name: &str) -> Vec<Draft<'d>> {
        let mut draft = Draft::new(self.endpoint);
        for node in self.parameters() {
            let Some(key) = node["name"].as_str() else { continue };
            let own = examples(node).find(|(known, _)| *known == name);
            let is_needed = node["required"] == true || node["x-always"] == true;
            let other = || examples(node).next().filter(|_| is_needed);
            let Some((_, value)) = own.or_else(other) else { continue };
            draft = match node["in"].as_str() {
                Some("path") => draft.with_path(key, text(value)),
                Some("query") => draft.with_query(key, texts(node, value)),
                Some("header") => draft.with_header(key, text(value)),
                _ => draft,
            };
        }
        let with = |(media, body): (&str, &Value)| Draft {
            media: Some(media.to_owned()),
            body: Some(Body::Json(body.clone())),
            ..draft.clone()
        };
        let shown = |(media, content): (&'d str, &'d Value)| {
            let example = examples(content).find(|(known, _)| *known == name)?;
            Some((media, example.1))
        };
        let bodies: Vec<_> = self.contents().filter_map(shown).map(with).collect();
        if bodies.is_empty() { vec![draft] } else { bodies }
    }
}

/// The named examples of a parameter or a content.
pub(super) fn examples(node: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let all = node.get("examples").and_then(Value::as_object).into_iter().flatten();
    all.filter_map(|(name, example)| Some((name.as_str(), example.get("value")?)))
}

/// A value of a parameter as it is sent.
pub(super) fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value of a parameter of the query as it is sent: a list once for each item, or with commas between them.
pub(super) fn texts(node: &Value, value: &Value) -> Vec<String> {
    match value.as_array() {
        Some(items) if node["explode"] == false => vec![items.iter().map(text).collect::<Vec<_>>().join(",")],
        Some(items) => items.iter().map(text).collect(),
        None => vec![text(value)],
    }
}
