//! `/_mock/state`: a sandbox's data and ids, in the fixture format.

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use serde_json::value::RawValue;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::ask::{Ask, Outcome, faulty, json as answer};
use super::provider_ids;
use crate::http::problem::Problem;
use crate::http::provider::Response;
use crate::world::fixture::Fault;
use crate::world::state::Root;

/// Fixtures by provider id.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Fixtures(IndexMap<String, Box<RawValue>>);

impl ToSchema for Fixtures {}

impl PartialSchema for Fixtures {
    fn schema() -> RefOr<Schema> {
        let object = ObjectBuilder::new().schema_type(Type::Object).description(Some("Fixtures by provider id."));
        object.examples([json!({"provider": {"rows": []}})]).into()
    }
}

/// The text of a state in the fixture format.
pub(super) fn text(ask: &Ask<'_>, number: usize, root: &Root) -> Result<Box<RawValue>, Problem> {
    let provider = ask.hall.providers.get(number).ok_or_else(|| Problem::new(404, "no such provider is served"))?;
    provider.export(root, None).and_then(RawValue::from_string).map_err(|error| Problem::new(500, error.to_string()))
}

/// The present root of a provider.
pub(super) fn root(ask: &Ask<'_>, number: usize) -> Result<Root, Problem> {
    let room = ask.sandbox.room(number).ok_or_else(|| Problem::new(404, "no such provider is served"))?;
    Ok(room.state.root())
}

/// Every provider's data and ids, each in its fixture format.
#[utoipa::path(get, path = "/_mock/state", tag = "world", responses((status = 200, body = Object)))]
pub(super) fn show_all(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let mut all = IndexMap::new();
    for (number, id) in provider_ids(ask.hall).enumerate() {
        all.insert(id, text(ask, number, &root(ask, number)?)?);
    }
    Ok(answer(200, &all))
}

/// One provider's data and ids, in its fixture format.
#[utoipa::path(
    get,
    path = "/_mock/state/{provider}",
    tag = "world",
    params(("provider" = String, Path, description = "The provider's id")),
    responses((status = 200, body = Object), (status = 404, body = Problem, content_type = "application/problem+json"))
)]
pub(super) fn show_one(ask: &Ask<'_>, parameters: &[&str]) -> Outcome {
    let number = ask.provider(parameters.first().copied().unwrap_or_default())?;
    Ok(answer(200, &text(ask, number, &root(ask, number)?)?))
}

/// Replaces the data and ids of the providers that the body names; all of them or, at a fault, none.
#[utoipa::path(
    put,
    path = "/_mock/state",
    tag = "world",
    request_body = Fixtures,
    responses((status = 204), (status = 400, body = Problem, content_type = "application/problem+json"))
)]
pub(super) fn replace_all(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let fixtures: Fixtures = ask.read()?;
    for (number, root) in load_all(ask, &fixtures.0, ask.sandbox.clock().now())? {
        set(ask, number, root);
    }
    Ok(Response::new(204))
}

/// Replaces one provider's data and ids.
#[utoipa::path(
    put,
    path = "/_mock/state/{provider}",
    tag = "world",
    params(("provider" = String, Path, description = "The provider's id")),
    request_body(content = Object, description = "A fixture of this provider"),
    responses(
        (status = 204),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json")
    )
)]
pub(super) fn replace_one(ask: &Ask<'_>, parameters: &[&str]) -> Outcome {
    let id = parameters.first().copied().unwrap_or_default();
    let number = ask.provider(id)?;
    let text = String::from_utf8_lossy(ask.body);
    let root = load(ask, number, id, &text, ask.sandbox.clock().now()).map_err(|faults| faulty(&faults))?;
    set(ask, number, root);
    Ok(Response::new(204))
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

fn load(ask: &Ask<'_>, number: usize, id: &str, text: &str, now: Timestamp) -> Result<Root, Vec<Fault>> {
    match ask.hall.providers.get(number) {
        Some(provider) => Ok(provider.load(id, text, now)?.root),
        None => Err(Vec::new()),
    }
}

fn set(ask: &Ask<'_>, number: usize, root: Root) {
    if let Some(room) = ask.sandbox.room(number) {
        room.state.set(root);
    }
}
