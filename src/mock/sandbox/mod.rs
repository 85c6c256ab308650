//! A handle on one sandbox: every verb of the control API, a file for each of its sides.

mod assertions;
mod data;
mod journal;
mod steering;
mod trouble;

use serde::Serialize;
use tokio::sync::oneshot;

use super::answers::SandboxState;
use super::error::MockError;
use super::line::{ControlAnswer, ControlRequest, Line};
use super::server::DEFAULT;
use super::start::SandboxStart;

/// A handle on one world of a server. A clone is the same world.
///
/// Its methods fail with what the server says: what was wrong, where, what would be right.
#[derive(Debug, Clone)]
pub struct Sandbox {
    line: Line,
    name: String,
    url: String,
}

impl Sandbox {
    pub(super) fn new(line: Line, name: &str) -> Self {
        let url = format!("{}/_sandbox/{name}", line.url());
        Self { line, name: name.to_owned(), url }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The base URL to give to the client under test: each request to it is this sandbox's.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Sends any request of the control API, addressed to this sandbox.
    ///
    /// # Errors
    ///
    /// The server refuses, or cannot be reached.
    pub fn ask(&self, request: &ControlRequest) -> Result<ControlAnswer, MockError> {
        self.line.ask(&self.name, request)
    }

    fn get(&self, segments: &[&str]) -> Result<ControlAnswer, MockError> {
        self.ask(&ControlRequest::new("GET", segments))
    }

    fn send(&self, method: &'static str, segments: &[&str], body: &impl Serialize) -> Result<ControlAnswer, MockError> {
        let body = serde_json::to_string(body)
            .map_err(|error| MockError::Value { what: "body", reason: error.to_string() })?;
        self.ask(&ControlRequest::new(method, segments).body(body))
    }

    /// Runs calls on a thread of their own, for an `async` caller whose thread must not wait. Any
    /// runtime may await it.
    ///
    /// # Errors
    ///
    /// Those of the calls; or no thread can be started.
    pub async fn aside<T: Send + 'static>(
        &self,
        calls: impl FnOnce(&Self) -> Result<T, MockError> + Send + 'static,
    ) -> Result<T, MockError> {
        let sandbox = self.clone();
        let (report, reported) = oneshot::channel();
        let thread = std::thread::Builder::new().name("persona-mock-aside".to_owned());
        let spawned = thread.spawn(move || report.send(calls(&sandbox)).is_ok());
        drop(spawned.map_err(MockError::Start)?);
        let crashed = |_| Err(MockError::Start(std::io::Error::other("the thread of these calls crashed")));
        reported.await.unwrap_or_else(crashed)
    }

    /// Makes this sandbox anew, as asked; what was there is gone.
    ///
    /// # Errors
    ///
    /// What is wrong with its start: a fixture's faults all at once.
    pub fn make(&self, start: &SandboxStart) -> Result<SandboxState, MockError> {
        // Asked of `default`: naming this one would make it only to replace it.
        let body = serde_json::to_string(start)
            .map_err(|error| MockError::Value { what: "start", reason: error.to_string() })?;
        self.line.ask(DEFAULT, &ControlRequest::new("PUT", &["sandboxes", &self.name]).body(body))?.read()
    }

    /// What the server says of it: seed, clock, how long it was idle.
    ///
    /// # Errors
    ///
    /// No request has made it yet, or it is gone.
    pub fn info(&self) -> Result<SandboxState, MockError> {
        self.line.ask(DEFAULT, &ControlRequest::new("GET", &["sandboxes", &self.name]))?.read()
    }

    /// Takes it away; the next request that names it makes a new one.
    ///
    /// # Errors
    ///
    /// It is not there, or it is `default`.
    pub fn delete(&self) -> Result<(), MockError> {
        self.line.ask(DEFAULT, &ControlRequest::new("DELETE", &["sandboxes", &self.name])).map(drop)
    }
}
