//! Contract evidence: what the providers' OpenAPI documents say, and requests and answers held against them.

pub(crate) mod answers;
pub mod document;
pub(crate) mod request;
pub(crate) mod suggestion;
pub mod validate;

pub use document::{Document, DocumentError, Documents};
