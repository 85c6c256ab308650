//! What CPython's own library does: `json`, `urllib.parse`, `http.cookies`, the printing of floats.
//!
//! Measured on CPython 3.11. Values read here keep what Rust's usual types lose: integers of any
//! size, lone surrogates, NaN and the infinities.

mod cookie;
mod cursor;
mod decode;
mod float;
mod number;
mod reader;
mod strings;
pub(crate) mod url;
mod value;
mod writer;

#[cfg(test)]
mod tests;

pub(crate) use cookie::last_cookie;
pub(crate) use cursor::{DEEPEST_FAULT, Fault};
pub(crate) use decode::decode;
pub(crate) use reader::{DEEPEST, read};
pub(crate) use value::{Integer, Object, Text, Value};
pub(crate) use writer::{Unencodable, Use, write, write_str};
