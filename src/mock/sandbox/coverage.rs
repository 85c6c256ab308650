//! What was exercised of what the documents promise.

use super::Sandbox;
use crate::api::{Coverage, CoverageGaps};
use crate::control::{coverage, gaps};
use crate::mock::error::MockError;

impl Sandbox {
    /// What calls of this sandbox exercised since it was made, reset or told to forget.
    /// [`Mock::coverage`](crate::Mock::coverage) tells of the whole run.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, or the sandbox was lost.
    pub fn coverage(&self) -> Result<Coverage, MockError> {
        self.ask_for(&coverage::SHOW_COVERAGE, &[])
    }

    /// Forgets what calls of this sandbox exercised; the run keeps it.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, or the sandbox was lost.
    pub fn forget_coverage(&self) -> Result<(), MockError> {
        self.ask_for(&coverage::FORGET_COVERAGE, &[]).map(drop)
    }

    /// What calls of this sandbox left out, each with a `curl` that fills it when it is run in this sandbox as it is now.
    ///
    /// # Errors
    ///
    /// The server cannot be reached, the sandbox was lost, or there was no time to find them.
    pub fn coverage_gaps(&self) -> Result<CoverageGaps, MockError> {
        self.ask_for(&gaps::LIST_GAPS, &[])
    }
}
