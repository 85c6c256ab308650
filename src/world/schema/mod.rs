//! Schemas, compiled once into checks: JSON Schema 2020-12 as OpenAPI 3.1 documents and schemars write it.
//!
//! [`Checks::compile`] resolves every `$ref`, so that a check looks nothing up by its text, and refuses a keyword
//! that it does not know: none is ignored in silence. [`Checks::accepts`] gives a verdict,
//! [`Checks::findings`] says what is wrong with a value, where, and what was expected.

mod checks;
mod compile;
mod equal;
mod error;
mod example;
mod finding;
pub(crate) mod format;
mod kinds;
mod nearest;
mod node;
mod number;
pub(crate) mod pattern;
mod place;
mod rule;
mod scalar;
mod stream;
mod through;
mod walk;
mod words;

pub use checks::Checks;
pub use compile::Formats;
pub(crate) use error::SchemaError;
pub(crate) use finding::Finding;
pub(crate) use rule::Rule;
pub(crate) use through::Aside;

#[cfg(test)]
mod tests;
