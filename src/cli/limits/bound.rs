//! What is said of a bound.

use std::fmt::Display;

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
