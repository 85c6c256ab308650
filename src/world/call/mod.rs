//! A call as it is described and as it is seen: one language for faults, journal filters and `verify`.
//!
//! A [`Pattern`] says what must be true of a call. Its fields stand in one table, [`Field::all`]: how each is
//! written in a query and on the command line, and how a call is held against it. Whatever can be
//! [`Seen`] as a call can be held against a pattern: an exchange of the journal, and a request that a fault
//! may strike.

mod fields;
mod hinted;
mod json;
mod look;
mod outcome;
mod pattern;
mod reason;
mod seen;
mod status;

pub(crate) use fields::Field;
pub use hinted::Hinted;
pub(crate) use look::{Look, Part, Shown, Visit};
pub use outcome::Outcome;
pub use pattern::Pattern;
pub(crate) use pattern::{MOST_PATTERN, Wrong};
pub(crate) use pattern::{describes_answers, describes_requests};
pub use reason::Reason;
pub(crate) use seen::{Seen, read_body, read_query};
pub use status::Status;
