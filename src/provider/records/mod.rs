//! The lists of a fixture as a provider states them once: a row of one is loaded, shown, changed and deleted by the same
//! checks.

mod erased;
mod list;
mod record;

pub(crate) use list::{Change, Edit, Look, Records, Refused, Shown};
pub(crate) use record::{At, Record, Referrers, kept_in, load, load_newest_first};
