//! JSON as a JavaScript server reads and prints it.
//!
//! What differs from `serde_json`: every number is a double and prints as one (`1e400` is read and
//! prints as `null`), keys that are array indices come first, a repeated key keeps its first place
//! and its last value, texts are UTF-16 and may hold lone surrogates, and nesting has no limit while
//! reading. A [`Document`] keeps its values side by side instead of inside each other, so that no
//! depth can exhaust the stack.

mod number;
mod print;
mod read;
mod text;
mod value;

pub(crate) use number::to_number;
pub(crate) use print::{TooDeep, print_number};
pub(crate) use read::{decode, without_marks};
pub(crate) use text::Text;
pub(crate) use value::{Document, Object, Value};
