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
pub mod url;
mod value;
mod writer;

#[cfg(test)]
mod tests;

pub use cookie::last_cookie;
pub use cursor::Fault;
pub use decode::decode;
pub use reader::read;
pub use value::{Integer, Object, Text, Value};
pub use writer::{Unencodable, Use, write, write_str};
