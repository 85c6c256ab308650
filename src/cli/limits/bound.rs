//! What is said of a bound.

use std::fmt::Display;

// Where bounds are tested.
pub(super) const EVIDENCE: &str = "src/evidence/tests.rs";
pub(super) const BOUNDS: &str = "tests/it/bounds.rs";
pub(super) const ANSWERS: &str = "tests/it/answer_bounds.rs";
pub(super) const BODIES: &str = "tests/it/body_bounds.rs";
pub(super) const EVENTS: &str = "tests/it/journal/events.rs";
pub(super) const HISTORY: &str = "tests/it/history/bounds.rs";
pub(super) const VERIFY: &str = "tests/it/journal/verify.rs";
pub(super) const RECORD: &str = "tests/it/process/record.rs";
pub(super) const HEADS: &str = "tests/it/connections/heads.rs";

/// Why what a client writes for the mock alone has a bound that nobody sets.
pub(super) const NO_NEED: &str = "no test needs more, and each request pays for it";

/// A bound.
#[derive(Debug)]
pub struct Limit {
    /// What is bounded.
    pub what: &'static str,
    /// What sets it.
    pub set_by: SetBy,
    /// What happens at the bound.
    pub at: &'static str,
    /// The file and the name of the test that holds it.
    pub test: (&'static str, &'static str),
}

/// What sets a bound.
#[derive(Debug)]
pub enum SetBy {
    /// The flag of this name, and its variable.
    Flag(&'static str),
    /// Nothing: it is this, and why.
    Fixed(String, &'static str),
}

/// A bound that nothing sets, and why.
pub(super) fn fixed(most: impl Display, why: &'static str) -> SetBy {
    SetBy::Fixed(most.to_string(), why)
}
