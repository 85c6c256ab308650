//! Our own voice: RFC 9457 problem details, used nowhere under a provider's mount.

use std::borrow::Cow;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Change, Failure};

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// What was wrong, where, and what would be right.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Problem {
    /// What kind of problem this is; always the general kind, named by its status.
    #[serde(rename = "type")]
    #[schemars(example = &"about:blank")]
    pub kind: Cow<'static, str>,
    /// The status's own words.
    #[schemars(example = &"Bad Request")]
    pub title: Cow<'static, str>,
    /// The status code.
    #[schemars(example = 400)]
    pub status: u16,
    /// What was wrong and what would be right.
    #[schemars(example = &"unknown name `freze`, expected one of `freeze`, `set`, `advance`, `run`; `freeze` was probably meant")]
    pub detail: String,
    /// Where in the request's body, as a JSON path; `sandbox` where the sandbox that the request is addressed to is not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(example = &"$.freze")]
    pub at: Option<String>,
    /// Everything that is wrong, where it is more than one thing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    /// The mounts that answer, where the path was wrong.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mounts: Vec<String>,
    /// The calls that were not made as expected, each explained by the nearest one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failures: Vec<Failure>,
    /// How what was sent differs from what is there, where that is another by now than was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
    /// What its header fields say beside.
    #[serde(skip)]
    pub(crate) head: Option<Box<Head>>,
}

/// What the header fields of a problem say beside it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Head {
    /// What changes with what is there, as `ETag` says it.
    pub(crate) etag: Option<String>,
    /// After how many seconds it may be otherwise, as `Retry-After` says it.
    pub(crate) retry_after_s: Option<u64>,
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
            410 => "Gone",
            412 => "Precondition Failed",
            413 => "Content Too Large",
            428 => "Precondition Required",
            429 => "Too Many Requests",
            503 => "Service Unavailable",
            _ => "Internal Server Error",
        };
        let (kind, title) = (Cow::Borrowed("about:blank"), Cow::Borrowed(title));
        let (at, faults, mounts, failures, changes) = (None, vec![], vec![], vec![], vec![]);
        Self { kind, title, status, detail: detail.into(), at, faults, mounts, failures, changes, head: None }
    }

    /// Says after how many seconds it may be otherwise.
    #[must_use]
    pub(crate) fn retry_after(mut self, seconds: u64) -> Self {
        self.head.get_or_insert_default().retry_after_s = Some(seconds);
        self
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

    /// Says what is there by now, and how what was sent differs from it.
    #[must_use]
    pub(crate) fn differs(mut self, etag: String, changes: Vec<Change>) -> Self {
        self.head.get_or_insert_default().etag = Some(etag);
        self.changes = changes;
        self
    }

    /// Lists the calls that were not made as expected.
    #[must_use]
    pub fn failures(mut self, failures: Vec<Failure>) -> Self {
        self.failures = failures;
        self
    }

    /// Lists the mounts that answer.
    #[must_use]
    pub fn mounts(mut self, mounts: impl IntoIterator<Item = String>) -> Self {
        self.mounts = mounts.into_iter().collect();
        self
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.failures.is_empty() {
            write!(f, "{}: the calls are not as expected", self.status)?;
            return self.failures.iter().try_for_each(|failure| write!(f, "\n{failure}"));
        }
        write!(f, "{}: {}", self.status, self.detail)?;
        if let Some(at) = &self.at {
            write!(f, " (at {at})")?;
        }
        self.faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))?;
        self.changes.iter().try_for_each(|change| write!(f, "\n  {change}"))
    }
}
