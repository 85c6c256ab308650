//! Compact JSON, written into one buffer.
//!
//! It is byte for byte what `serde_json` writes. That asks for room at each sign and looks at each letter of a text: of a
//! change, whose record is written anew, it took the largest part.

mod compact;
mod digits;
mod members;
mod text;

pub(crate) use compact::{Written, write, write_any, written};
pub(crate) use digits::{Instant, Shape, exact, exact_or_null, push_number};
pub(crate) use text::{Escaping, is_plain, length};
