//! Contract evidence: what the providers' OpenAPI documents say, and requests and answers held against them.

pub(crate) mod answers;
pub(crate) mod document;
pub(crate) mod request;
pub(crate) mod suggestion;
pub(crate) mod validate;

pub use document::Document;
pub(crate) use document::{DocumentError, Documents, Served};
