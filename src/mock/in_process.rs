//! A mock in this process: what calls it, with a server or without one.

use std::sync::Arc;

#[cfg(feature = "server")]
use parking_lot::Mutex;

use super::builder::{Builder, Watched};
use super::call::{CallRequest, CallResponse};
use super::client::ControlClient;
use super::error::MockError;
#[cfg(feature = "server")]
use super::running::Running;
use super::server::Mock;
use crate::app::AppState;

/// A server in this process, which stops when it is dropped; or, from [`Builder::build`], a mock without one.
///
/// It runs on threads of its own, so it starts and stops under tokio, under actix and in a plain
/// `#[test]` alike. A `static` one serves all tests of a binary; each test then takes a sandbox.
#[derive(Debug)]
pub struct PersonaMock {
    pub(super) client: ControlClient,
    #[cfg(feature = "server")]
    pub(super) running: Mutex<Option<Running>>,
    pub(super) _watched: Watched,
}

impl PersonaMock {
    /// A server to be: all providers, a free port, the machine's clock, seed 0.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A mock that has no server: it can be called, and nothing else.
    pub(super) fn without_server(app: Arc<AppState>, watched: Watched) -> Self {
        Self {
            client: ControlClient::here("", app),
            #[cfg(feature = "server")]
            running: Mutex::default(),
            _watched: watched,
        }
    }

    /// Answers a request in the calling thread, without a socket: what a client would have been answered, by the same
    /// steps, with sandboxes, faults, limits, CORS and the journal. Nothing is waited for, so any runtime and none will
    /// do. A fault that delays or cuts an answer is reported in [`CallResponse`] and not carried out.
    ///
    /// ```
    /// use persona_mock::PersonaMock;
    /// use persona_mock::mock::CallRequest;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mock = PersonaMock::builder().providers(["vijil"]).build()?;
    /// let me = CallRequest::get("/v1/users/me").header("Authorization", "Bearer vijil-owner-token");
    /// let answer = mock.call(me)?;
    /// assert_eq!(answer.status(), 200);
    /// assert_eq!(answer.header("Content-Type").as_deref(), Some("application/json"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// No HTTP request can be what was asked for. What a server refuses is an answer.
    pub fn call(&self, request: CallRequest) -> Result<CallResponse, MockError> {
        self.client.send(None, request)
    }

    /// How many changes of its state a sandbox had since it was made or reset; nothing where it is not there. It asks nothing
    /// of the control API: for this repository's own tests.
    #[doc(hidden)]
    #[must_use]
    pub fn steps(&self, sandbox: &str) -> Option<u64> {
        let name = sandbox.parse().ok();
        let sandbox = name.and_then(|name| self.client.app()?.sandboxes.there(&name))?;
        Some(sandbox.history().last().number.saturating_sub(sandbox.history().base()))
    }
}

impl Mock for PersonaMock {
    fn client(&self) -> &ControlClient {
        &self.client
    }
}
