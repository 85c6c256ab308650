//! The journal: what was asked in a sandbox and what was answered, bounded and without secrets.

mod exchange;
mod pool;
mod ring;
mod secrets;

pub use exchange::{Exchange, Message, Text};
pub use pool::{JournalBounds, Journals};
pub use ring::{Entry, Journal, News};
pub use secrets::{REDACTED, shown_path};
