//! Json.NET, as the JSON formatter of ASP.NET Web API sets it up. What hangs on its version stands in [`Version`].
//!
//! [`read`] takes a body to a model member by member: names in any letter case, unknown members passed
//! over and told, the coercions between strings, numbers and booleans that the library makes, and its leniency
//! towards comments, quotes and commas. One member that does not bind is a [`Fault`] of the whole body.
//! [`write()`] prints what it prints. Metadata members (`$ref`, `$values`) are read as unknown ones.
mod bind;
mod cursor;
mod date;
mod fault;
mod model;
mod number;
mod reader;
mod text;
mod version;
mod write;

pub(crate) use bind::{Model, Slot, read};
pub use date::Unzoned;
pub(crate) use fault::{Fault, Finding};
pub(crate) use model::model;
pub(crate) use text::{Charset, decode};
pub(crate) use version::Version;
pub(crate) use write::{write, written};
