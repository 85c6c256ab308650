//! What a document says of a request: which fields it does not name, and which of its rules the request breaks.
//! Asked only when a journal is read.

mod check;
mod fields;

pub(crate) use check::Asked;
pub(crate) use fields::Unknown;

#[cfg(test)]
mod tests;
