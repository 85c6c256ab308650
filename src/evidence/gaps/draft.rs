//! A request as it is being made, and one that is ready to be sent.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::contract::document::Endpoint;

/// What a browser leaves as it is in a path or a query.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A request as it is being made: its parts, so that one of them can be changed.
#[derive(Debug, Clone)]
pub(super) struct Draft<'d> {
    pub(super) endpoint: &'d Endpoint,
    /// The values of the path's parameters.
    pub(super) path: Vec<(String, String)>,
    pub(super) query: Vec<(String, String)>,
    /// The header fields, the credential's apart.
    pub(super) headers: Vec<(String, String)>,
    /// What is sent as `Content-Type`.
    pub(super) media: Option<String>,
    pub(super) body: Option<Body>,
    /// The header field that the credential comes in.
    pub(super) credential: Option<(String, String)>,
}

/// The body of a draft.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Body {
    Json(Value),
    Text(String),
}

/// A request that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Call {
    /// The method.
    pub(crate) method: String,
    /// The path, percent-encoded, and the query behind `?`.
    pub(crate) target: String,
    /// The header fields.
    pub(crate) headers: Vec<(String, String)>,
    /// The body.
    pub(crate) body: Option<String>,
}

impl<'d> Draft<'d> {
    /// A draft that says nothing yet.
    pub(super) fn new(endpoint: &'d Endpoint) -> Self {
        Self {
            endpoint,
            path: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            media: None,
            body: None,
            credential: None,
        }
    }

    /// The body, where it is JSON.
    pub(super) fn json(&self) -> Option<&Value> {
        match self.body.as_ref()? {
            Body::Json(body) => Some(body),
            Body::Text(_) => None,
        }
    }

    /// Whether every parameter of the path has a value.
    pub(super) fn is_whole(&self) -> bool {
        !self.template_with_values().contains('{')
    }

    fn template_with_values(&self) -> String {
        self.path.iter().fold(self.endpoint.path.clone(), |path, (name, value)| {
            path.replace(&format!("{{{name}}}"), &encoded(value))
        })
    }

    /// The same draft with these values of a parameter of the query, and no others of it.
    pub(super) fn with_query(&self, name: &str, values: impl IntoIterator<Item = String>) -> Self {
        let mut draft = self.clone();
        draft.query.retain(|(known, _)| known != name);
        draft.query.extend(values.into_iter().map(|value| (name.to_owned(), value)));
        draft
    }

    /// The same draft with this value of a parameter of the path.
    pub(super) fn with_path(&self, name: &str, value: impl Into<String>) -> Self {
        let mut draft = self.clone();
        draft.path.retain(|(known, _)| known != name);
        draft.path.push((name.to_owned(), value.into()));
        draft
    }

    /// The same draft with this body.
    pub(super) fn with_body(&self, body: Body) -> Self {
        Self { body: Some(body), ..self.clone() }
    }

    /// The same draft with this header field beside the others.
    pub(super) fn with_header(&self, name: &str, value: impl Into<String>) -> Self {
        let mut draft = self.clone();
        draft.headers.push((name.to_owned(), value.into()));
        draft
    }

    /// The same draft sent with this credential.
    pub(super) fn by(&self, credential: Option<&(String, String)>) -> Self {
        Self { credential: credential.cloned(), ..self.clone() }
    }

    /// The request that it is.
    pub(super) fn call(&self) -> Call {
        let query: Vec<_> =
            self.query.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value))).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        let target = format!("{}{mark}{}", self.template_with_values(), query.join("&"));
        let media = self.media.iter().filter(|_| self.body.is_some());
        let media = media.map(|media| ("Content-Type".to_owned(), media.clone()));
        let body = self.body.as_ref().map(|body| match body {
            Body::Json(body) => body.to_string(),
            Body::Text(text) => text.clone(),
        });
        let headers = self.credential.iter().cloned().chain(media).chain(self.headers.iter().cloned());
        Call { method: self.endpoint.method.clone(), target, headers: headers.collect(), body }
    }
}

/// A value of a path or a query, percent-encoded. A segment of dots alone would be taken for a step in the path.
fn encoded(text: &str) -> String {
    if matches!(text, "." | "..") { text.replace('.', "%2E") } else { utf8_percent_encode(text, ENCODED).to_string() }
}
