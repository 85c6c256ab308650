//! What a document says of a request: which fields it does not name, and which of its rules the request breaks.
//! Asked only when a journal is read.

mod check;
mod fields;
mod sentence;

pub(crate) use check::{Asked, Broken};
pub(crate) use fields::Unknown;
pub(crate) use sentence::{bounded, sentence};

#[cfg(test)]
mod tests;
