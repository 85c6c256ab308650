//! The journal's pages: what was asked and answered, followed as it happens, and held against what a
//! test expects.

mod call;
mod entry;
pub(super) mod events;
mod explain;
pub(super) mod har;
pub(super) mod list;
mod pattern;
pub(super) mod verify;

pub(crate) use events::EventStream;

use super::ask::Ask;
use crate::api::Requests;
use crate::http::problem::Problem;
use crate::world::journal::Journal;

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
    let wrong = |wrong: crate::world::call::Wrong| Problem::new(400, wrong.detail).at(format!("query{}", wrong.at));
    let wanted = Requests::read(ask.query.unwrap_or_default(), others).map_err(wrong)?;
    pattern::check_served(ask, wanted.pattern()).map_err(wrong)?;
    Ok(wanted)
}
