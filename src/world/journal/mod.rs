//! The journal: what was asked in a sandbox and what was answered, bounded and without secrets.

mod departure;
mod ended;
mod exchange;
mod feed;
mod followers;
mod pool;
mod ring;
mod secrets;

pub use departure::DeliveryState;
pub(crate) use departure::{Departure, HeadHook, Progress};
pub(crate) use ended::MOST_ENDED;
pub use ended::Why;
pub(crate) use exchange::{Exchange, Message, Text};
pub(crate) use feed::{Following, MOST_SLOTS, Slot, Spot};
pub(crate) use followers::{Aside, Followers, Waiting, Work};
pub use pool::JournalBounds;
pub(crate) use pool::Journals;
#[cfg(test)]
pub(crate) use ring::tests;
pub(crate) use ring::{Entry, Journal};
pub(crate) use secrets::{Clean, Listed};
pub(crate) use secrets::{REDACTED, Secrets, is_secret_name, shown_method, shown_path};
