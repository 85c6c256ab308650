//! `/_mock/routes`: every operation, named.

use super::ask::Ask;
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::{Problem, RouteEntry, Routes};
use crate::app::AppState;
use crate::contract::suggestion::served;
use crate::world::sandbox::Sandbox;

pub(super) static VERBS: [&dyn AnyVerb; 1] = [&LIST_ROUTES];

static LIST_ROUTES: Verb<NoBody, Routes> = Verb::get("/_mock/routes", "list_routes", list_routes)
    .about("Every operation that is served under the sandbox's settings.");

fn list_routes(ask: &Ask<'_>, _: NoBody) -> Result<Routes, Problem> {
    Ok(Routes { routes: route_list(ask.app, ask.sandbox) })
}

/// Every operation that is served under a sandbox's settings.
#[must_use]
pub fn route_list(app: &AppState, sandbox: &Sandbox) -> Vec<RouteEntry> {
    let mut entries = Vec::new();
    for (number, provider) in app.providers.iter().enumerate() {
        entries.extend(served(*provider, &app.options_in(sandbox, number)).map(|operation| RouteEntry {
            operation: operation.name.to_owned(),
            provider: provider.descriptor().id.to_owned(),
            method: operation.method.to_owned(),
            path: operation.path.to_owned(),
            summary: operation.summary.to_owned(),
            provenance: operation.provenance,
        }));
    }
    entries
}
