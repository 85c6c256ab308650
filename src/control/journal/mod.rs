//! The journal's pages: what was asked and answered, followed as it happens, and held against what a
//! test expects.

mod call;
mod claims;
mod compare;
mod elsewhere;
mod entries;
mod entry;
pub(super) mod events;
mod explain;
mod har;
mod list;
mod made;
pub(crate) mod pact;
mod recount;
mod verify;
mod view;
mod wanted;

pub(crate) use events::{EventStream, SHOW_EVENTS};
pub(crate) use har::SHOW_HAR;
pub(super) use list::find;
pub(crate) use list::{LIST_REQUESTS, SHOW_REQUEST};
pub(crate) use pact::SHOW_PACT;
pub(crate) use recount::Recounter;
pub(crate) use verify::VERIFY;

use super::verb::AnyVerb;

pub(super) static VERBS: [&dyn AnyVerb; 6] =
    [&LIST_REQUESTS, &SHOW_HAR, &SHOW_PACT, &SHOW_REQUEST, &SHOW_EVENTS, &VERIFY];
