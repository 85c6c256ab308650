//! What a test claims of a sandbox. A claim that does not hold panics and shows what is there instead.

use super::Sandbox;
use crate::api::{Claim, StateDiff, VerifyRequest};
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

    /// Claims that the client sent nothing that the vendor ignores: the likeliest client bug.
    ///
    /// # Panics
    ///
    /// It did; the message lists where. Or nobody has used the sandbox.
    #[track_caller]
    pub fn assert_nothing_ignored(&self) {
        self.claim(Claim::NothingIgnored);
    }

    /// Claims that no request was refused that breaks the rules of its provider's document.
    ///
    /// # Panics
    ///
    /// One was; the message lists them, each with what is wrong with it. Or nobody has used the sandbox.
    #[track_caller]
    pub fn assert_nothing_refused_as_invalid(&self) {
        self.claim(Claim::NothingRefusedAsInvalid);
    }

    /// Claims that every request hit an operation.
    ///
    /// # Panics
    ///
    /// One did not; the message names the operation that was nearest. Or nobody has used the sandbox.
    #[track_caller]
    pub fn assert_no_near_miss(&self) {
        self.claim(Claim::NoNearMiss);
    }

    /// Claims that each fault that was armed has struck: a test of a fault that never struck tests nothing.
    ///
    /// # Panics
    ///
    /// One has not; the message names it, and says whether any request fitted it. Or no fault is armed.
    #[track_caller]
    pub fn assert_every_fault_struck(&self) {
        self.claim(Claim::EveryFaultStruck);
    }

    #[track_caller]
    fn claim(&self, claim: Claim) {
        self.known(self.verify_all(&VerifyRequest::default().claim(claim)));
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
