//! The journal: what was asked in a sandbox and what was answered, bounded and without secrets.

mod departure;
mod exchange;
mod followers;
mod pool;
mod ring;
mod secrets;

pub use departure::DeliveryState;
pub(crate) use departure::{Departure, Progress};
pub(crate) use exchange::{Exchange, Message, Text};
#[cfg(test)]
pub(crate) use followers::Waiting;
pub(crate) use followers::{Aside, Followers, Work};
pub use pool::JournalBounds;
pub(crate) use pool::Journals;
pub(crate) use ring::{Entry, Journal};
pub(crate) use secrets::{REDACTED, Secrets, is_secret_name, shown_path};
