//! A handle on one sandbox: every verb of the control API, a file for each of its sides.

mod assertions;
mod coverage;
mod data;
mod history;
mod journal;
mod rows;
mod steering;
mod trouble;

pub(crate) use journal::asked;

use serde::Serialize;
#[cfg(any(feature = "server", feature = "client"))]
use tokio::sync::oneshot;

use super::call::{CallRequest, CallResponse};
use super::client::{ControlAnswer, ControlClient, ControlRequest, Typed};
use super::error::MockError;
use super::server::DEFAULT;
use crate::api::{SandboxStart, SandboxState};
use crate::control::{Output, Verb, sandboxes};

/// A handle on one world of a server. A clone is the same world.
///
/// Its methods fail with what the server says: what was wrong, where, what would be right.
#[derive(Debug, Clone)]
pub struct Sandbox {
    client: ControlClient,
    name: String,
    url: String,
}

impl Sandbox {
    pub(super) fn new(client: ControlClient, name: &str) -> Self {
        let url = format!("{}/_sandbox/{name}", client.url());
        Self { client, name: name.to_owned(), url }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The base URL to give to the client under test: each request to it is this sandbox's. Where the mock has no
    /// server, it is the path that a call's target may start with.
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
        self.client.ask(&self.name, request)
    }

    /// Sends any request of a client, addressed to this sandbox by its header field, without a socket:
    /// [`PersonaMock::call`](crate::PersonaMock::call) says what that means.
    ///
    /// # Errors
    ///
    /// The server is not in this process; or no HTTP request can be what was asked for.
    pub fn call(&self, request: CallRequest) -> Result<CallResponse, MockError> {
        self.client.send(Some(&self.name), request)
    }

    /// Asks for a verb that takes nothing.
    fn ask_for<I, O: Output>(&self, verb: &Verb<I, O>, names: &[&str]) -> Result<O, MockError> {
        self.client.call(&self.name, Typed::new(verb, names))
    }

    /// Asks for a verb that takes an `I`.
    fn ask_with<I: Serialize, O: Output>(&self, verb: &Verb<I, O>, body: &I) -> Result<O, MockError> {
        self.client.call(&self.name, Typed::new(verb, &[]).with(body)?)
    }

    /// Runs calls on a thread of their own, for an `async` caller whose thread must not wait. Any
    /// runtime may await it.
    ///
    /// # Errors
    ///
    /// Those of the calls; or no thread can be started.
    #[cfg(any(feature = "server", feature = "client"))]
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
        self.client.call(DEFAULT, Typed::new(&sandboxes::MAKE_SANDBOX, &[&self.name]).with(start)?)
    }

    /// Makes a sandbox of this name as a fork of this one: with its data, ids, clock, seed and settings as they are now, to
    /// which a reset returns. It costs the same whatever they hold. What was there under that name is gone.
    ///
    /// # Errors
    ///
    /// The name is none, this sandbox is not there, or there is no room for another.
    pub fn fork(&self, name: &str) -> Result<Self, MockError> {
        let fork = Self::new(self.client.clone(), name);
        fork.make(&SandboxStart::new().from(&self.name))?;
        Ok(fork)
    }

    /// What the server says of it: seed, clock, how long it was idle.
    ///
    /// # Errors
    ///
    /// No request has made it yet, or it is gone.
    pub fn info(&self) -> Result<SandboxState, MockError> {
        self.client.call(DEFAULT, Typed::new(&sandboxes::SHOW_SANDBOX, &[&self.name]))
    }

    /// Takes it away; the next request that names it makes a new one.
    ///
    /// # Errors
    ///
    /// It is not there, or it is `default`.
    pub fn delete(&self) -> Result<(), MockError> {
        self.client.call(DEFAULT, Typed::new(&sandboxes::DELETE_SANDBOX, &[&self.name])).map(drop)
    }
}
