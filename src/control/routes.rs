//! `/_mock/routes`: every operation, named.

use super::ask::Ask;
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::{Problem, Provenance, RouteEntry, Routes};
use crate::http::hall::Hall;
use crate::world::sandbox::Sandbox;

pub(super) static VERBS: [&dyn AnyVerb; 1] = [&LIST_ROUTES];

static LIST_ROUTES: Verb<NoBody, Routes> = Verb::get("/_mock/routes", "list_routes", list_routes)
    .about("Every operation that is served under the sandbox's settings.");

fn list_routes(ask: &Ask<'_>, _: NoBody) -> Result<Routes, Problem> {
    Ok(Routes { routes: route_list(ask.hall, ask.sandbox) })
}

/// Every operation that is served under a sandbox's settings.
#[must_use]
pub fn route_list(hall: &Hall, sandbox: &Sandbox) -> Vec<RouteEntry> {
    let mut entries = Vec::new();
    for (number, passport) in hall.passports().enumerate() {
        let documented_only = hall.options_in(sandbox, number).documented_only;
        for operation in passport.operations {
            if documented_only && operation.provenance == Provenance::Extension {
                continue;
            }
            entries.push(RouteEntry {
                operation: operation.name.to_owned(),
                provider: passport.id.to_owned(),
                method: operation.method.to_owned(),
                path: operation.path.to_owned(),
                summary: operation.summary.to_owned(),
                provenance: operation.provenance,
            });
        }
    }
    entries
}
