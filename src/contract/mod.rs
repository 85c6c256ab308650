//! Contract evidence: what the providers' OpenAPI documents say, and requests and answers held against them.

pub mod answers;
pub mod document;
pub mod request;
pub mod suggestion;
pub mod validate;

pub use document::{Document, DocumentError, Documents};
