//! A server elsewhere: in a container, or in another process.

use super::client::ControlClient;
use super::error::MockError;
use super::server::Mock;
use crate::provider::Scheme;

/// A server that somebody else started.
///
/// ```no_run
/// use persona_mock::mock::{Mock, RemoteMock};
///
/// let mock = RemoteMock::connect("http://localhost:8080")?;
/// mock.sandbox("t1").reset()?;
/// # Ok::<(), persona_mock::mock::MockError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RemoteMock {
    client: ControlClient,
}

impl RemoteMock {
    /// Finds the server at a base URL.
    ///
    /// # Errors
    ///
    /// The URL is none, or no persona-mock answers there.
    pub fn connect(url: &str) -> Result<Self, MockError> {
        Self::with_token(url, None)
    }

    /// Finds a server that wants its control token.
    ///
    /// # Errors
    ///
    /// The URL is none, or no persona-mock answers there.
    pub fn with_token(url: &str, token: Option<&str>) -> Result<Self, MockError> {
        let mock = Self::unasked(url, token)?;
        mock.health()?;
        Ok(mock)
    }

    /// The same without asking whether a server is there.
    pub(crate) fn unasked(url: &str, token: Option<&str>) -> Result<Self, MockError> {
        let wrong = |expected| MockError::Url { found: url.to_owned(), expected };
        let trimmed = url.trim_end_matches('/');
        let host = Scheme::behind(trimmed).map_err(wrong)?;
        if host.contains("/_sandbox/") {
            return Err(wrong("expected the server's own base URL; the sandbox is named beside it"));
        }
        Ok(Self { client: ControlClient::there(trimmed, token) })
    }
}

impl Mock for RemoteMock {
    fn client(&self) -> &ControlClient {
        &self.client
    }
}
