//! `/_mock/routes`: every operation, named.

use serde::Serialize;

use crate::http::hall::Hall;
use crate::http::provider::{Provenance, Response};
use crate::world::sandbox::Sandbox;

/// One operation as `/_mock/routes` and `persona-mock routes` list it.
#[derive(Debug, Clone, Serialize)]
pub struct RouteEntry {
    /// `provider.verb_noun`.
    pub operation: &'static str,
    /// The provider's id.
    pub provider: &'static str,
    /// The method.
    pub method: &'static str,
    /// The path with its mount, parameters in braces.
    pub path: &'static str,
    /// One line on what it does.
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

/// `GET /_mock/routes`.
pub(super) fn list_routes(hall: &Hall, sandbox: &Sandbox) -> Response {
    #[derive(Serialize)]
    struct Routes {
        routes: Vec<RouteEntry>,
    }
    Response::new(200).json("application/json", &Routes { routes: route_list(hall, sandbox) })
}
