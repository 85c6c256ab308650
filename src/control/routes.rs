//! `/_mock/routes`: every operation, named.

use super::ask::Ask;
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::{Problem, RouteEntry, Routes};
use crate::app::Sandbox;
use crate::contract::suggestion::served;

pub(super) static VERBS: [&dyn AnyVerb; 1] = [&LIST_ROUTES];

static LIST_ROUTES: Verb<NoBody, Routes> = Verb::get("/_mock/routes", "list_routes", list_routes)
    .about("Every operation that is served under the sandbox's settings.");

fn list_routes(ask: &Ask<'_>, _: NoBody) -> Result<Routes, Problem> {
    Ok(Routes { routes: route_list(ask.sandbox) })
}

/// Every operation that is served under a sandbox's settings.
#[must_use]
pub fn route_list(sandbox: &Sandbox) -> Vec<RouteEntry> {
    let mut entries = Vec::new();
    for slot in sandbox.slots() {
        let provider = slot.provider();
        entries.extend(served(provider, &slot.options()).map(|operation| RouteEntry {
            operation: operation.name.to_string(),
            provider: provider.descriptor().id.to_string(),
            method: operation.method.to_string(),
            path: operation.path.to_string(),
            summary: operation.summary.to_string(),
            provenance: operation.provenance,
        }));
    }
    entries
}
