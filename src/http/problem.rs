//! Our own voice: RFC 9457 problem details, used nowhere under a provider's mount.

use serde::Serialize;

use super::response::Response;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What was wrong, where, and what would be right.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// What kind of problem this is; always the general kind, named by its status.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The status's own words.
    pub title: &'static str,
    /// The status code.
    pub status: u16,
    /// What was wrong and what would be right.
    pub detail: String,
    /// The mounts that answer, where the path was wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mounts: Vec<String>,
}

impl Problem {
    /// A problem of this status.
    #[must_use]
    pub fn new(status: u16, detail: impl Into<String>) -> Self {
        let title = match status {
            400 => "Bad Request",
            404 => "Not Found",
            405 => "Method Not Allowed",
            413 => "Content Too Large",
            _ => "Internal Server Error",
        };
        Self { kind: "about:blank", title, status, detail: detail.into(), mounts: Vec::new() }
    }

    /// The answer that states it.
    #[must_use]
    pub fn response(&self) -> Response {
        Response::new(self.status).json(PROBLEM_JSON, self)
    }
}
