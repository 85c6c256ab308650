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

pub use number::to_number;
pub use print::{TooDeep, print_number};
pub use read::{Malformed, decode, without_marks};
pub use text::{Text, trim};
pub use value::{Array, Document, Object, Value};
