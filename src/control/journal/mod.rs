//! The journal's pages: what was asked and answered, followed as it happens, and held against what a
//! test expects.

mod call;
mod compare;
mod entry;
pub(super) mod events;
mod explain;
mod har;
mod list;
mod verify;

pub(crate) use events::{EventStream, SHOW_EVENTS};
pub(crate) use har::SHOW_HAR;
pub(crate) use list::{LIST_REQUESTS, SHOW_REQUEST};
pub(crate) use verify::VERIFY;

use super::ask::Ask;
use super::verb::AnyVerb;
use crate::api::{Problem, Requests};
use crate::world::call::Wrong;
use crate::world::journal::Journal;

pub(super) static VERBS: [&dyn AnyVerb; 5] = [&LIST_REQUESTS, &SHOW_HAR, &SHOW_REQUEST, &SHOW_EVENTS, &VERIFY];

/// The sandbox's journal, where one is kept.
fn journal<'a>(ask: &Ask<'a>) -> Result<&'a Journal, Problem> {
    let journal = ask.sandbox.journal();
    if journal.is_on() {
        Ok(journal)
    } else {
        Err(Problem::new(409, "this server keeps no journal; start it with a `--journal-size` above 0"))
    }
}

/// Which exchanges a query asks for, in which `others` may stand beside the fields of a pattern.
fn wanted(ask: &Ask<'_>, others: &[&str]) -> Result<Requests, Problem> {
    let wrong = |wrong: Wrong| Problem::new(400, wrong.detail).at(format!("query{}", wrong.at));
    let wanted = Requests::read(ask.query.unwrap_or_default(), others).map_err(wrong)?;
    compare::check_served(ask, wanted.pattern()).map_err(wrong)?;
    Ok(wanted)
}
