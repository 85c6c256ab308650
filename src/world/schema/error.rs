//! Why a schema does not compile.

use std::fmt;

/// A schema that this project's checks cannot hold a value against: where, and why.
///
/// Its text reads `#/components/schemas/Persona/properties/name: the keyword multipleOf is not supported, …`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {problem}")]
#[non_exhaustive]
pub struct SchemaError {
    /// The place as a JSON pointer: of the root where it starts with `#`, else of the schema that was given.
    pub place: String,
    /// What is wrong there, and what was expected.
    pub problem: String,
}

impl SchemaError {
    pub(super) fn new(place: impl fmt::Display, problem: impl fmt::Display) -> Self {
        Self { place: place.to_string(), problem: problem.to_string() }
    }
}
