//! Contract evidence: the providers' OpenAPI documents, and answers held against them.

pub mod answers;
pub mod document;
pub mod manual;
pub mod nearest;
pub mod validate;
