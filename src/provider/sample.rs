//! A request to begin with.

use crate::world::name::Name;

/// A request that a new user can paste.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sample {
    /// The method.
    pub method: Name,
    /// The path and query.
    pub target: String,
    /// The header fields.
    pub headers: Vec<(Name, String)>,
    /// The JSON body.
    pub body: Option<String>,
}

impl Sample {
    /// A request for a path and query, without header fields and body.
    #[must_use]
    pub fn new(method: impl Into<Name>, target: impl Into<String>) -> Self {
        Self { method: method.into(), target: target.into(), headers: Vec::new(), body: None }
    }

    /// The same request with one header field more.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<Name>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// The same request with this JSON body.
    #[must_use]
    pub fn with_body(self, json: impl Into<String>) -> Self {
        Self { body: Some(json.into()), ..self }
    }
}
