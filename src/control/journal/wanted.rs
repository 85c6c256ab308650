//! The journal of a request's sandbox, and which of its exchanges the request wants.

use super::compare;
use crate::api::{Problem, Requests};
use crate::control::ask::Ask;
use crate::world::call::Wrong;
use crate::world::journal::Journal;

/// The sandbox's journal, where one is kept.
pub(super) fn journal<'a>(ask: &Ask<'a>) -> Result<&'a Journal, Problem> {
    let journal = ask.sandbox.journal();
    if journal.is_on() {
        Ok(journal)
    } else {
        Err(Problem::new(409, "this server keeps no journal; start it with a `--journal-size` above 0, such as 1000"))
    }
}

/// Which exchanges a query asks for, in which `others` may stand beside the fields of a pattern.
pub(super) fn wanted(ask: &Ask<'_>, others: &[&str]) -> Result<Requests, Problem> {
    let wrong = |wrong: Wrong| Problem::new(400, wrong.detail).at(format!("query{}", wrong.at));
    let wanted = Requests::read(ask.query.unwrap_or_default(), others).map_err(wrong)?;
    compare::check_served(ask, wanted.pattern()).map_err(wrong)?;
    Ok(wanted)
}
