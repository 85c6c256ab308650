//! Our own voice: RFC 9457 problem details, used nowhere under a provider's mount.

use serde::Serialize;
use utoipa::ToSchema;

use super::response::Response;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What was wrong, where, and what would be right.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem this is; always the general kind, named by its status.
    #[serde(rename = "type")]
    #[schema(value_type = String, example = "about:blank")]
    kind: &'static str,
    /// The status's own words.
    #[schema(value_type = String, example = "Bad Request")]
    title: &'static str,
    /// The status code.
    #[schema(example = 400)]
    status: u16,
    /// What was wrong and what would be right.
    #[schema(example = "unknown field `freze`, expected one of `freeze`, `set`, `advance`, `run`")]
    detail: String,
    /// Where in the request's body, as a JSON path.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "$.freze")]
    at: Option<String>,
    /// Everything that is wrong, where it is more than one thing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    faults: Vec<String>,
    /// The mounts that answer, where the path was wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mounts: Vec<String>,
}

impl Problem {
    /// A problem of this status.
    #[must_use]
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        let title = match status {
            400 => "Bad Request",
            401 => "Unauthorized",
            403 => "Forbidden",
            404 => "Not Found",
            405 => "Method Not Allowed",
            408 => "Request Timeout",
            409 => "Conflict",
            413 => "Content Too Large",
            503 => "Service Unavailable",
            _ => "Internal Server Error",
        };
        Self { kind: "about:blank", title, status, detail: detail.into(), at: None, faults: vec![], mounts: vec![] }
    }

    /// Names the place in the body.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.at = Some(path.into());
        self
    }

    /// Says that the place is within `path`.
    #[must_use]
    pub fn within(mut self, path: &str) -> Self {
        self.at = Some(self.at.map_or_else(|| path.to_owned(), |at| format!("{path}.{at}")));
        self
    }

    /// Lists everything that is wrong.
    #[must_use]
    pub fn faults(mut self, faults: impl IntoIterator<Item = String>) -> Self {
        self.faults = faults.into_iter().collect();
        self
    }

    /// Lists the mounts that answer.
    #[must_use]
    pub fn mounts(mut self, mounts: impl IntoIterator<Item = String>) -> Self {
        self.mounts = mounts.into_iter().collect();
        self
    }

    /// The answer that states it.
    #[must_use]
    pub fn response(&self) -> Response {
        Response::new(self.status).json(PROBLEM_JSON, self)
    }
}
