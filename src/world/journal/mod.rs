//! The journal: what was asked in a sandbox and what was answered, bounded and without secrets.

mod exchange;
mod pool;
mod ring;
mod secrets;

pub(crate) use exchange::{Exchange, Message, Text};
pub use pool::JournalBounds;
pub(crate) use pool::Journals;
pub(crate) use ring::{Entry, Journal};
pub(crate) use secrets::{REDACTED, shown_path};
