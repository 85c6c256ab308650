//! What a test claims of a sandbox. A claim that does not hold panics and shows what is there instead.

use super::Sandbox;
use crate::api::StateDiff;
use crate::mock::error::MockError;

impl Sandbox {
    /// Claims that no data changed since the sandbox was made or reset: what a refused request must
    /// leave behind.
    ///
    /// # Panics
    ///
    /// Something changed; the message lists every change. Or the server cannot be asked.
    #[track_caller]
    pub fn assert_unchanged(&self) {
        self.claim_unchanged(self.diff());
    }

    /// Claims that no data changed since a snapshot.
    ///
    /// # Panics
    ///
    /// Something changed; the message lists every change. Or there is no such snapshot.
    #[track_caller]
    pub fn assert_unchanged_since(&self, snapshot: &str) {
        self.claim_unchanged(self.diff_since(snapshot));
    }

    #[track_caller]
    fn claim_unchanged(&self, diff: Result<StateDiff, MockError>) {
        let diff = self.known(diff);
        if !diff.is_empty() {
            self.fail(&format!("expected no change, but {diff}"));
        }
    }

    /// What the server said; a claim cannot be judged without it.
    #[track_caller]
    pub(super) fn known<T>(&self, outcome: Result<T, MockError>) -> T {
        match outcome {
            Ok(value) => value,
            Err(error) => self.fail(&error.to_string()),
        }
    }

    #[track_caller]
    #[expect(clippy::panic, reason = "a claim that does not hold fails its test")]
    pub(super) fn fail(&self, message: &str) -> ! {
        panic!("sandbox {}: {message}", self.name())
    }
}
