//! `/_mock/routes`: every operation, named.

use serde::Serialize;
use utoipa::ToSchema;

use super::ask::{Ask, Outcome, json};
use crate::http::hall::Hall;
use crate::http::provider::Provenance;
use crate::world::sandbox::Sandbox;

/// One operation as `/_mock/routes` and `persona-mock routes` list it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RouteEntry {
    /// `provider.verb_noun`.
    #[schema(value_type = String, example = "provider.verb_noun")]
    pub operation: &'static str,
    /// The provider's id.
    #[schema(value_type = String)]
    pub provider: &'static str,
    /// The method.
    #[schema(value_type = String)]
    pub method: &'static str,
    /// The path with its mount, parameters in braces.
    #[schema(value_type = String)]
    pub path: &'static str,
    /// One line on what it does.
    #[schema(value_type = String)]
    pub summary: &'static str,
    /// How it is known.
    pub provenance: Provenance,
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
                operation: operation.name,
                provider: passport.id,
                method: operation.method,
                path: operation.path,
                summary: operation.summary,
                provenance: operation.provenance,
            });
        }
    }
    entries
}

/// Every operation that is served.
#[derive(Serialize, ToSchema)]
pub(super) struct Routes {
    /// The operations, in the order of the providers' documents.
    routes: Vec<RouteEntry>,
}

/// Every operation that is served under the sandbox's settings.
#[utoipa::path(get, path = "/_mock/routes", tag = "server", responses((status = 200, body = Routes)))]
pub(super) fn list_routes(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    Ok(json(200, &Routes { routes: route_list(ask.hall, ask.sandbox) }))
}
