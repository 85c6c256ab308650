//! What a document says of a request: which fields it does not name, and which of its rules the request breaks.
//! Asked where a request was refused or not read whole, and when a journal is read.

mod check;
mod fields;
mod sentence;
mod shown;
mod told;

pub(crate) use check::{Asked, Broken, is_json};
pub(crate) use fields::Unknown;
pub(crate) use sentence::{bounded, kept_bounded, passed_over, sentence};
pub(crate) use told::told;

#[cfg(test)]
mod tests;
