//! The router: every address of the API, and which operation a request means.

use crate::provider::Provenance::{Documented, Extension};
use crate::provider::{Mount, Operation, Options, Refusal, Request, Routed};

/// The routes match in any letter case, as ASP.NET's do.
pub(super) const MOUNTS: &[Mount] = &[Mount::at("/api").in_any_case()];

/// The personas of the site.
pub(super) const PERSONAS: &str = "/api/personas";

const PERSONA: &str = "/api/personas/{PersonaID}";

pub(super) const OPERATIONS: &[Operation] =
    &[LIST_PERSONAS, CREATE_PERSONA, GET_PERSONA, UPDATE_PERSONA, DELETE_PERSONA];

pub(super) const LIST_PERSONAS: Operation = Operation {
    name: "axero.list_personas",
    method: "GET",
    path: PERSONAS,
    summary: "Personas by PersonaID, a page at a time.",
    provenance: Extension,
};

pub(super) const CREATE_PERSONA: Operation = Operation {
    name: "axero.create_persona",
    method: "POST",
    path: PERSONAS,
    summary: "Adds a persona.",
    provenance: Documented,
};

pub(super) const GET_PERSONA: Operation = Operation {
    name: "axero.get_persona",
    method: "GET",
    path: PERSONA,
    summary: "One persona.",
    provenance: Extension,
};

pub(super) const UPDATE_PERSONA: Operation = Operation {
    name: "axero.update_persona",
    method: "PUT",
    path: PERSONA,
    summary: "Changes the members that the body has.",
    provenance: Documented,
};

pub(super) const DELETE_PERSONA: Operation = Operation {
    name: "axero.delete_persona",
    method: "DELETE",
    path: PERSONA,
    summary: "Deletes a persona with its conditions and actions.",
    provenance: Extension,
};

/// The address of a persona.
pub(super) fn persona_path(id: i32) -> String {
    format!("{PERSONAS}/{id}")
}

/// The page on which Axero's own interface edits a persona.
pub(super) fn edit_url(base: &str, id: i32) -> String {
    format!("{base}/personas/addedit/{id}")
}

/// Which operation a request means. One slash at the end counts for nothing.
pub(super) fn route<'r>(request: &Request<'r>, options: &Options) -> Routed<'r> {
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
    let here = OPERATIONS
        .iter()
        .filter(|operation| operation.path == path && !(options.documented_only && operation.provenance == Extension));
    match here.clone().find(|operation| operation.method.eq_ignore_ascii_case(request.method)) {
        Some(operation) => Routed::Operation(operation, id.into_iter().collect()),
        None => Routed::Refused(Refusal::MethodNotAllowed { allow: here.map(|operation| operation.method).collect() }),
    }
}
