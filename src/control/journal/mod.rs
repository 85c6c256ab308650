//! The journal's pages: what was asked and answered, followed as it happens, and held against what a
//! test expects.

mod call;
mod entry;
pub(super) mod events;
mod explain;
mod filter;
pub(super) mod har;
pub(super) mod list;
mod pattern;
mod value;
pub(super) mod verify;

pub(crate) use events::EventStream;

use super::ask::Ask;
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
