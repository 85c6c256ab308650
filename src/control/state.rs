//! `/_mock/state`: a sandbox's data and ids, in the fixture format.

use std::sync::Arc;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::value::RawValue;

use super::ask::{Ask, faulty, slot};
use super::parameter::PROVIDER;
use super::verb::{AnyVerb, FixtureBody, NoBody, NoContent, Verb};
use crate::api::{Fixture, Fixtures, Problem};
use crate::provider::{Moment, Slot};
use crate::world::discard::Discarded;

pub(super) static VERBS: [&dyn AnyVerb; 4] = [&SHOW_STATE, &REPLACE_STATE, &SHOW_STATE_OF, &REPLACE_STATE_OF];

pub(crate) static SHOW_STATE: Verb<NoBody, Fixtures> =
    Verb::get("/_mock/state", "show_all", show_all).about("Every provider's data and ids, each in its fixture format.");

pub(crate) static REPLACE_STATE: Verb<Fixtures, NoContent> = Verb::put("/_mock/state", "replace_all", replace_all)
    .about("Replaces the data and ids of the providers that the body names; all of them or, at a fault, none.")
    .answers(204)
    .refuses(&[400, 404]);

pub(crate) static SHOW_STATE_OF: Verb<NoBody, Fixture> = Verb::get("/_mock/state/{provider}", "show_one", show_one)
    .about("One provider's data and ids, in its fixture format.")
    .takes(&[PROVIDER])
    .refuses(&[404]);

pub(crate) static REPLACE_STATE_OF: Verb<FixtureBody, NoContent> =
    Verb::put("/_mock/state/{provider}", "replace_one", replace_one)
        .about("Replaces one provider's data and ids.")
        .takes(&[PROVIDER])
        .answers(204)
        .refuses(&[400, 404]);

/// The text of a state in the fixture format.
pub(super) fn text(moment: &dyn Moment) -> Result<Box<RawValue>, Problem> {
    moment.export(None).and_then(RawValue::from_string).map_err(|error| Problem::new(500, error.to_string()))
}

fn show_all(ask: &Ask<'_>, _: NoBody) -> Result<Fixtures, Problem> {
    let mut all = Fixtures::default();
    for slot in ask.sandbox.slots() {
        ask.cancel.check()?;
        all.0.insert(slot.provider().descriptor().id.to_string(), text(&*slot.clone().present())?);
    }
    Ok(all)
}

fn show_one(ask: &Ask<'_>, _: NoBody) -> Result<Fixture, Problem> {
    Ok(Fixture(text(&*ask.slot(ask.name())?.clone().present())?))
}

fn replace_all(ask: &Ask<'_>, fixtures: Fixtures) -> Result<NoContent, Problem> {
    let moments = load_all(ask.sandbox.slots(), &fixtures.0, ask.sandbox.clock().now(), "$")?;
    ask.sandbox.discard(moments.iter().map(|moment| moment.restore()).collect::<Discarded>());
    Ok(NoContent)
}

fn replace_one(ask: &Ask<'_>, fixture: FixtureBody) -> Result<NoContent, Problem> {
    let moment = ask.slot(ask.name())?.clone().load(ask.name(), &fixture.0, ask.sandbox.clock().now());
    ask.sandbox.discard(moment.map_err(|faults| faulty(&faults, |_| "$".to_owned()))?.restore());
    Ok(NoContent)
}

/// Loads fixtures by provider id, as of `now`, and puts none in place; every fault of all of them at once. `at` is where
/// they stand in the body.
pub(super) fn load_all(
    slots: &[Arc<dyn Slot>],
    fixtures: &IndexMap<String, Box<RawValue>>,
    now: Timestamp,
    at: &str,
) -> Result<Vec<Arc<dyn Moment>>, Problem> {
    let mut moments = Vec::new();
    let mut faults = Vec::new();
    for (id, text) in fixtures {
        let slot = slot(slots, id).map_err(|detail| Problem::new(404, detail).at(format!("{at}.{id}")))?;
        match slot.clone().load(id, text.get(), now) {
            Ok(moment) => moments.push(moment),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(moments) } else { Err(faulty(&faults, |id| format!("{at}.{id}"))) }
}
