//! The router: every address of the API, and which operation a request means.

use super::error::VendorError;
use super::personas;
use super::state::Site;
use crate::provider::Provenance::{Documented, Extension};
use crate::provider::{
    Call, Matched, Mount, Operation, Options, Provenance, Refusal, Request, Response, Route, Routed, noting,
};

/// The routes match in any letter case, as ASP.NET's do.
pub(super) fn mounts() -> Vec<Mount> {
    vec![Mount::at("/api").in_any_case()]
}

/// The personas of the site.
pub(super) const PERSONAS: &str = "/api/personas";

const PERSONA: &str = "/api/personas/{PersonaID}";

/// Axero shows the whole persona in the answer to an update alone: its sample of an added one is trimmed, and answered in
/// the same form here (docs/providers/axero.md, Answers). So every other answer is inferred.
pub(super) static ROUTES: [Route<Site, VendorError>; 5] = [
    inferred("axero.list_personas", "GET", PERSONAS, "Personas by PersonaID, a page at a time.", Extension, |call| {
        noting(call, personas::list)
    }),
    inferred("axero.create_persona", "POST", PERSONAS, "Adds a persona.", Documented, |call| {
        noting(call, personas::create)
    }),
    inferred("axero.get_persona", "GET", PERSONA, "One persona.", Extension, |call| noting(call, personas::get)),
    route("axero.update_persona", "PUT", PERSONA, "Changes the members that the body has.", Documented, |call| {
        noting(call, personas::update)
    }),
    inferred(
        "axero.delete_persona",
        "DELETE",
        PERSONA,
        "Deletes a persona with its conditions and actions.",
        Extension,
        |call| noting(call, personas::delete),
    ),
];

type Answer = fn(&Call<'_, Site>) -> Result<Response, VendorError>;

const fn route(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    provenance: Provenance,
    answer: Answer,
) -> Route<Site, VendorError> {
    Route::new(Operation::new(name, method, path, summary, provenance), answer)
}

/// A row whose answers are all of a form that is inferred.
const fn inferred(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    provenance: Provenance,
    answer: Answer,
) -> Route<Site, VendorError> {
    Route::with(Operation::new(name, method, path, summary, provenance), answer, |_, response| response.inferred())
}

/// The address of a persona.
pub(super) fn persona_path(id: i32) -> String {
    format!("{PERSONAS}/{id}")
}

/// Which operation a request means. One slash at the end counts for nothing.
pub(super) fn find<'r>(request: &Request<'r>, options: &Options) -> Routed<Matched<'r, Site, VendorError>> {
    let rest = request.rest.strip_prefix('/').unwrap_or_default();
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (resource, id) = match rest.split_once('/') {
        Some((resource, id)) => (resource, Some(id)),
        None => (rest, None),
    };
    let has_more = id.is_some_and(|id| id.contains('/'));
    if !resource.eq_ignore_ascii_case("personas") || has_more {
        return Routed::Refused(Refusal::NoRoute);
    }
    let path = if id.is_some() { PERSONA } else { PERSONAS };
    let is_served = |operation: &Operation| !(options.documented_only && operation.provenance == Extension);
    let here = ROUTES.iter().filter(|route| route.operation.path == path && is_served(&route.operation));
    match here.clone().find(|route| route.operation.method.eq_ignore_ascii_case(request.method)) {
        Some(route) => Routed::Operation(Matched { route, params: id.into_iter().collect() }),
        None => Routed::Refused(Refusal::MethodNotAllowed {
            allow: here.map(|route| route.operation.method.clone()).collect(),
        }),
    }
}
