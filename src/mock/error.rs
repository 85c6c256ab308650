//! What can go wrong between a test and its mock.

use std::fmt;
use std::io;

use serde::Deserialize;

use crate::api::Failure;
use crate::fixtures::FilesError;
use crate::http::hall::SetupError;
use crate::world::call::Wrong;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub enum MockError {
    /// The server cannot be set up as asked.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The fixture directory cannot be taken.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// A value that a builder was given and that is not of its form; nothing was sent.
    #[error("cannot take the {what}: {reason}")]
    Value {
        /// Which value.
        what: &'static str,
        /// What was found and what was expected.
        reason: String,
    },
    /// The address cannot be listened on, or no thread can be started.
    #[error("cannot start the server: {0}")]
    Start(io::Error),
    /// A text that is no server's URL.
    #[error("cannot take the URL {found:?}: {expected}")]
    Url {
        /// As given.
        found: String,
        /// What would be right.
        expected: &'static str,
    },
    /// Nobody answers.
    #[error("no persona-mock answers at {url}: {reason}")]
    Unreachable {
        /// Where it was sought.
        url: String,
        /// What came instead.
        reason: String,
    },
    /// The server refused.
    #[error("{request} answered {problem}")]
    Refused {
        /// The request, as `PUT /_mock/clock (sandbox t1)`.
        request: String,
        /// What it said.
        problem: Problem,
    },
    /// The answer is not what a persona-mock of this version says.
    #[error("{request} answered what this version does not understand: {reason}")]
    Strange {
        /// The request.
        request: String,
        /// What was wrong with the answer.
        reason: String,
    },
}

impl MockError {
    /// Something that a builder was given, which is no value of its kind: nothing was sent.
    pub(super) fn value(what: &'static str, wrong: &Wrong) -> Self {
        Self::Value { what, reason: wrong.to_string() }
    }
}

/// What the control API says was wrong, where, and what would be right.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Problem {
    /// The status code.
    pub status: u16,
    /// What was wrong and what would be right.
    pub detail: String,
    /// Where in the request's body, as a JSON path.
    pub at: Option<String>,
    /// Everything that is wrong, where it is more than one thing.
    #[serde(default)]
    pub faults: Vec<String>,
    /// The calls that were not made as expected, each explained by the nearest one.
    #[serde(default)]
    pub failures: Vec<Failure>,
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
        self.faults.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}
