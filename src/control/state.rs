//! `/_mock/state`: a sandbox's data and ids, in the fixture format.

use std::sync::Arc;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::value::RawValue;

use super::ask::{Ask, faulty, slot};
use super::bounds;
use super::parameter::PROVIDER;
use super::verb::{AnyVerb, FixtureBody, NoBody, NoContent, Verb};
use crate::api::{Fixture, Fixtures, Problem};
use crate::provider::{Moment, Slot};
use crate::world::cancel;
use crate::world::discard::Discarded;
use crate::world::wanted::Unwritten;
use crate::world::weight::{self, Account, Full};

const REPLACES: &str = "Replaces the data and ids of the providers that the body names; all of them or, at a fault, none. \
                        What is loaded counts as four times its text against `--max-sandbox-state`: by the usual 128 MiB \
                        that is a body of 32 MiB, and a larger export is put back only with a larger bound.";
const REPLACES_ONE: &str = "Replaces one provider's data and ids. What is loaded counts as four times its text against \
                            `--max-sandbox-state`: by the usual 128 MiB that is a body of 32 MiB.";

pub(super) static VERBS: [&dyn AnyVerb; 4] = [&SHOW_STATE, &REPLACE_STATE, &SHOW_STATE_OF, &REPLACE_STATE_OF];

pub(crate) static SHOW_STATE: Verb<NoBody, Fixtures> =
    Verb::get("/_mock/state", "show_all", show_all).about("Every provider's data and ids, each in its fixture format.");

pub(crate) static REPLACE_STATE: Verb<Fixtures, NoContent> =
    Verb::put("/_mock/state", "replace_all", replace_all).about(REPLACES).answers(204).refuses(&[400, 404, 503]);

pub(crate) static SHOW_STATE_OF: Verb<NoBody, Fixture> = Verb::get("/_mock/state/{provider}", "show_one", show_one)
    .about("One provider's data and ids, in its fixture format.")
    .takes(&[PROVIDER])
    .refuses(&[404]);

pub(crate) static REPLACE_STATE_OF: Verb<FixtureBody, NoContent> =
    Verb::put("/_mock/state/{provider}", "replace_one", replace_one)
        .about(REPLACES_ONE)
        .takes(&[PROVIDER])
        .answers(204)
        .refuses(&[400, 404, 503]);

/// The text of a state in the fixture format.
pub(super) fn text(ask: &Ask<'_>, moment: &dyn Moment) -> Result<Box<RawValue>, Problem> {
    let most = ask.bounds().most;
    let text = moment.export(None, most).map_err(|unwritten| match unwritten {
        Unwritten::TooLarge(_) => bounds::too_large(most),
        // Whoever waits for the answer is told why.
        Unwritten::Cancelled | Unwritten::Form(_) => Problem::new(500, unwritten.to_string()),
    })?;
    RawValue::from_string(text).map_err(|error| Problem::new(500, error.to_string()))
}

fn show_all(ask: &Ask<'_>, _: NoBody) -> Result<Fixtures, Problem> {
    let mut all = Fixtures::default();
    let moments: Vec<_> = ask.sandbox.still(|slots| slots.iter().map(|slot| slot.clone().present()).collect());
    for moment in moments {
        ask.cancel.check()?;
        all.0.insert(moment.provider().to_owned(), text(ask, &*moment)?);
    }
    Ok(all)
}

fn show_one(ask: &Ask<'_>, _: NoBody) -> Result<Fixture, Problem> {
    Ok(Fixture(text(ask, &*ask.slot(ask.name())?.clone().present())?))
}

fn replace_all(ask: &Ask<'_>, fixtures: Fixtures) -> Result<NoContent, Problem> {
    let moments = load_all(ask.sandbox.slots(), &fixtures.0, ask.sandbox.clock().now(), "$", 0)?;
    ask.sandbox.put(&moments);
    Ok(NoContent)
}

fn replace_one(ask: &Ask<'_>, fixture: FixtureBody) -> Result<NoContent, Problem> {
    let slot = ask.slot(ask.name())?;
    could_hold(slot.account(), weight::of_fixture(&fixture.0))?;
    let moment = slot.clone().load(ask.name(), fixture.0.into(), ask.sandbox.clock().now());
    let moment = moment.map_err(|faults| faulty(&faults, |_| "$".to_owned()))?;
    check(slot.account(), slot.replaceable())?;
    cancel::check()?;
    ask.sandbox.put(&[moment]);
    Ok(NoContent)
}

/// Loads fixtures by provider id, as of `now`, and puts none in place; every fault of all of them at once. `at` is where
/// they stand in the body, and `also_leaving` what goes beside what they replace.
pub(super) fn load_all(
    slots: &[Arc<dyn Slot>],
    fixtures: &IndexMap<String, Box<RawValue>>,
    now: Timestamp,
    at: &str,
    also_leaving: u64,
) -> Result<Vec<Arc<dyn Moment>>, Problem> {
    let bytes = fixtures.values().map(|text| weight::of_fixture(text.get())).fold(0, u64::saturating_add);
    let account = slots.first().map(|slot| slot.account());
    account.map_or(Ok(()), |account| could_hold(account, bytes))?;
    let mut moments = Vec::new();
    let mut faults = Vec::new();
    let mut leaving = also_leaving;
    for (id, text) in fixtures {
        let slot = slot(slots, id).map_err(|detail| Problem::new(404, detail).at(format!("{at}.{id}")))?;
        match slot.clone().load(id, text.get().into(), now) {
            Ok(moment) => {
                leaving += slot.replaceable();
                moments.push(moment);
            }
            Err(found) => faults.extend(found),
        }
    }
    if !faults.is_empty() {
        return Err(faulty(&faults, |id| format!("{at}.{id}")));
    }
    account.map_or(Ok(()), |account| check(account, leaving))?;
    // What is no longer wanted is not loaded to its end.
    cancel::check()?;
    Ok(moments)
}

/// Refuses what is too large whatever else is held.
pub(super) fn could_hold(account: &Account, bytes: u64) -> Result<(), Problem> {
    account.could_hold(bytes).map_err(|full| Problem::new(413, full.too_large(bytes)))
}

/// Refuses what was charged and has no room, when `leaving` bytes are gone.
pub(super) fn check(account: &Account, leaving: u64) -> Result<(), Problem> {
    let mut replaced = Discarded::none();
    let checked = account.check(leaving, &mut replaced);
    account.let_go(replaced);
    let full =
        |full: Full| Problem::new(503, format!("{full}: {}", account.hint(&full))).retry_after(full.retry_after_s);
    checked.map(drop).map_err(full)
}
