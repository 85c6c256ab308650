//! What any mock server can be asked, wherever it runs.

use super::client::{ControlClient, Typed};
use super::error::MockError;
use super::sandbox::Sandbox;
use crate::api::{Coverage, CoverageGaps, Health, SandboxStart, SandboxState};
use crate::control::{coverage, gaps, health, metrics, sandboxes};

/// The name of the sandbox of every request that names none.
pub(super) const DEFAULT: &str = "default";

/// A mock server: one in this process, or one elsewhere.
///
/// Write a test against `&dyn Mock` and it runs against both.
pub trait Mock: Send + Sync {
    /// The way to its control API.
    fn client(&self) -> &ControlClient;

    /// Its base URL, such as `http://127.0.0.1:40123`, without a slash at its end; empty for a mock that has no server.
    fn url(&self) -> &str {
        self.client().url()
    }

    /// A handle on a world of its own. The first request that names it makes it, a fork of the
    /// server's fixtures.
    fn sandbox(&self, name: &str) -> Sandbox {
        Sandbox::new(self.client().clone(), name)
    }

    /// A handle on the world of every request that names none.
    fn default_sandbox(&self) -> Sandbox {
        self.sandbox(DEFAULT)
    }

    /// Makes a sandbox of its own making; the one of that name, if there was one, is gone.
    ///
    /// # Errors
    ///
    /// What is wrong with its start: a fixture's faults all at once.
    fn make_sandbox(&self, name: &str, start: &SandboxStart) -> Result<Sandbox, MockError> {
        let sandbox = self.sandbox(name);
        sandbox.make(start)?;
        Ok(sandbox)
    }

    /// Every sandbox that is there, `default` first, then by name.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    fn sandboxes(&self) -> Result<Vec<SandboxState>, MockError> {
        Ok(self.client().call(DEFAULT, Typed::new(&sandboxes::LIST_SANDBOXES, &[]))?.sandboxes)
    }

    /// The server's counters, whichever sandbox they belong to, in Prometheus' text format.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    fn metrics(&self) -> Result<String, MockError> {
        Ok(self.client().call(DEFAULT, Typed::new(&metrics::SHOW_METRICS, &[]))?.into_text())
    }

    /// What all calls of the run exercised, whatever became of their sandboxes.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    fn coverage(&self) -> Result<Coverage, MockError> {
        self.client().call(DEFAULT, Typed::new(&coverage::SHOW_COVERAGE, &[]).query("sandbox", coverage::RUN))
    }

    /// Forgets what all calls of the run exercised; sandboxes keep theirs.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    fn forget_coverage(&self) -> Result<(), MockError> {
        let forget = Typed::new(&coverage::FORGET_COVERAGE, &[]).query("sandbox", coverage::RUN);
        self.client().call(DEFAULT, forget).map(drop)
    }

    /// What all calls of the run left out, each with a `curl` that fills it in a new sandbox of its own.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, or there was no time to find them.
    fn coverage_gaps(&self) -> Result<CoverageGaps, MockError> {
        self.client().call(DEFAULT, Typed::new(&gaps::LIST_GAPS, &[]).query("sandbox", coverage::RUN))
    }

    /// How the server is.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    fn health(&self) -> Result<Health, MockError> {
        self.client().call(DEFAULT, Typed::new(&health::SHOW_HEALTH, &[]))
    }
}
