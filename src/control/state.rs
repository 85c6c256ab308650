//! `/_mock/state`: a sandbox's data and ids, in the fixture format.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde_json::value::RawValue;

use super::ask::{Ask, faulty, provider_ids};
use super::verb::{AnyVerb, FixtureBody, NoBody, NoContent, Parameter, Verb};
use crate::api::{Fixture, Fixtures, Problem};
use crate::world::fixture::FixtureError;
use crate::world::state::Root;

const PROVIDER: &[Parameter] = &[Parameter::segment("provider", "The provider's id")];

pub(super) static VERBS: [&dyn AnyVerb; 4] = [&SHOW_STATE, &REPLACE_STATE, &SHOW_STATE_OF, &REPLACE_STATE_OF];

pub(crate) static SHOW_STATE: Verb<NoBody, Fixtures> =
    Verb::get("/_mock/state", "show_all", show_all).about("Every provider's data and ids, each in its fixture format.");

pub(crate) static REPLACE_STATE: Verb<Fixtures, NoContent> = Verb::put("/_mock/state", "replace_all", replace_all)
    .about("Replaces the data and ids of the providers that the body names; all of them or, at a fault, none.")
    .answers(204)
    .refuses(&[400]);

pub(crate) static SHOW_STATE_OF: Verb<NoBody, Fixture> = Verb::get("/_mock/state/{provider}", "show_one", show_one)
    .about("One provider's data and ids, in its fixture format.")
    .takes(PROVIDER)
    .refuses(&[404]);

pub(crate) static REPLACE_STATE_OF: Verb<FixtureBody, NoContent> =
    Verb::put("/_mock/state/{provider}", "replace_one", replace_one)
        .about("Replaces one provider's data and ids.")
        .takes(PROVIDER)
        .answers(204)
        .refuses(&[400, 404]);

/// The text of a state in the fixture format.
pub(super) fn text(ask: &Ask<'_>, number: usize, root: &Root) -> Result<Box<RawValue>, Problem> {
    let provider = ask.app.providers.get(number).ok_or_else(|| Problem::new(404, "no such provider is served"))?;
    provider.export(root, None).and_then(RawValue::from_string).map_err(|error| Problem::new(500, error.to_string()))
}

/// The present root of a provider.
pub(super) fn root(ask: &Ask<'_>, number: usize) -> Result<Root, Problem> {
    let slot = ask.sandbox.slot(number).ok_or_else(|| Problem::new(404, "no such provider is served"))?;
    Ok(slot.state.root())
}

fn show_all(ask: &Ask<'_>, _: NoBody) -> Result<Fixtures, Problem> {
    let mut all = Fixtures::default();
    for (number, id) in provider_ids(ask.app).enumerate() {
        all.0.insert(id.to_owned(), text(ask, number, &root(ask, number)?)?);
    }
    Ok(all)
}

fn show_one(ask: &Ask<'_>, _: NoBody) -> Result<Fixture, Problem> {
    let number = ask.provider(ask.name())?;
    Ok(Fixture(text(ask, number, &root(ask, number)?)?))
}

fn replace_all(ask: &Ask<'_>, fixtures: Fixtures) -> Result<NoContent, Problem> {
    for (number, root) in load_all(ask, &fixtures.0, ask.sandbox.clock().now())? {
        set(ask, number, root);
    }
    Ok(NoContent)
}

fn replace_one(ask: &Ask<'_>, fixture: FixtureBody) -> Result<NoContent, Problem> {
    let number = ask.provider(ask.name())?;
    let root = load(ask, number, ask.name(), &fixture.0, ask.sandbox.clock().now());
    set(ask, number, root.map_err(|faults| faulty(&faults))?);
    Ok(NoContent)
}

/// Loads fixtures by provider id, as of `now`; every fault of all of them at once.
pub(super) fn load_all(
    ask: &Ask<'_>,
    fixtures: &IndexMap<String, Box<RawValue>>,
    now: Timestamp,
) -> Result<Vec<(usize, Root)>, Problem> {
    let mut roots = Vec::new();
    let mut faults = Vec::new();
    for (id, text) in fixtures {
        let number = ask.provider(id).map_err(|problem| problem.at(format!("$.{id}")))?;
        match load(ask, number, id, text.get(), now) {
            Ok(root) => roots.push((number, root)),
            Err(found) => faults.extend(found),
        }
    }
    if faults.is_empty() { Ok(roots) } else { Err(faulty(&faults)) }
}

fn load(ask: &Ask<'_>, number: usize, id: &str, text: &str, now: Timestamp) -> Result<Root, Vec<FixtureError>> {
    match ask.app.providers.get(number) {
        Some(provider) => Ok(provider.load(id, text, now)?.root),
        None => Err(Vec::new()),
    }
}

fn set(ask: &Ask<'_>, number: usize, root: Root) {
    if let Some(slot) = ask.sandbox.slot(number) {
        slot.state.set(root);
    }
}
