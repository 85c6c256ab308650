//! What can go wrong between a test and its mock.

use std::io;

use crate::api::{NotJson, Problem};
use crate::app::SetupError;
use crate::fixtures::FilesError;
use crate::world::call::Wrong;

/// What went wrong.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MockError {
    /// The server cannot be set up as asked.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The fixture directory cannot be taken.
    #[error(transparent)]
    Files(#[from] FilesError),
    /// The fixture directory cannot be watched.
    #[cfg(feature = "watch")]
    #[error("{0}; `Watching::Poll` may work")]
    Watch(#[from] crate::fixtures::WatchError),
    /// A value that a builder was given and that is not of its form; nothing was sent.
    #[error("cannot take the {what}: {reason}")]
    Value {
        /// Which value.
        what: &'static str,
        /// What was found and what was expected.
        reason: String,
    },
    /// A fixture that is no JSON.
    #[error(transparent)]
    Fixture(#[from] NotJson),
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
    /// A call without a socket was asked of a server that is not in this process.
    #[error(
        "the server at {url} is not in this process, and cannot be called without a socket; send it an HTTP request"
    )]
    Elsewhere {
        /// Where it is.
        url: String,
    },
    /// A mock without a server was asked for what comes over HTTP alone.
    #[error(
        "{request} comes over HTTP, and this mock has no server: make it by `start` or `start_blocking`, not `build`"
    )]
    NoServer {
        /// The request.
        request: String,
    },
    /// The server refused.
    #[error("{request} answered {problem}")]
    Refused {
        /// The request, as `PUT /_mock/clock (sandbox t1)`.
        request: String,
        /// What it said.
        problem: Box<Problem>,
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
