//! `POST /_mock/reset`.

use super::ask::{Ask, provider_ids};
use super::verb::{AnyVerb, Verb};
use crate::api::{Problem, Reset, ResetRequest};

/// What names the journal among the parts.
const JOURNAL: &str = "journal";

pub(super) static VERBS: [&dyn AnyVerb; 1] = [&RESET];

pub(crate) static RESET: Verb<ResetRequest, Reset> = Verb::post("/_mock/reset", "reset", reset)
    .about(
        "Puts the sandbox back to the moment it was made: data, ids, clock, seed, settings, faults, limits, journal. \
         Named snapshots stay; the history is emptied.",
    )
    .refuses(&[400])
    .changes_nothing()
    .light();

fn reset(ask: &Ask<'_>, request: ResetRequest) -> Result<Reset, Problem> {
    match &request.only {
        None => ask.sandbox.reset(),
        Some(part) if part == JOURNAL => ask.sandbox.discard(ask.sandbox.journal().clear()),
        Some(id) => match ask.sandbox.slot(id) {
            Some(slot) => ask.sandbox.reset_state(&**slot),
            None => {
                let known: Vec<_> = provider_ids(ask.app).collect();
                let detail = format!("cannot reset `{id}` alone; expected one of {JOURNAL}, {}", known.join(", "));
                return Err(Problem::new(400, detail).at("$.only"));
            }
        },
    }
    let reset = request.only.unwrap_or_else(|| "everything".to_owned());
    Ok(Reset { sandbox: ask.sandbox.name().to_string(), reset })
}
