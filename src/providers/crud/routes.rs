//! The router of the vendor's API: one path, eight operations, two of them by two methods.

use http::header::{ALLOW, LOCATION, REFRESH};

use super::error::VendorError;
use super::state::State;
use super::{auth, batch, personas, wire};
use crate::provider::Provenance::{Documented, Inferred};
use crate::provider::{Call, Matched, Name, Operation, Provenance, Refusal, Request, Response, Route, Routed, noting};

/// The path of all of them.
pub(super) const PERSONAS: &str = "/crud/personas";

/// The path below either mount.
const BELOW_MOUNT: &str = "/personas";

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// The page on personas says PUT, the newer page on all entities PATCH (docs/providers/crud.md, Requests): both
/// are one operation, so that a fault or an expectation meets a client of either.
pub(super) static ROUTES: [Route<State, VendorError>; 10] = [
    documented("crud.list_personas", "GET", "List personas, filtered by project or search term", |call| {
        noting(call, personas::list)
    }),
    documented("crud.get_persona", "GET", "Get the persona that the query names by `id`", |call| {
        noting(call, personas::get)
    }),
    documented("crud.create_persona", "POST", "Create a persona", |call| noting(call, personas::create)),
    documented("crud.update_persona", "PUT", "Update the persona that the body names by `id`", |call| {
        noting(call, personas::update)
    }),
    documented("crud.update_persona", "PATCH", "Update the persona that the body names by `id`", |call| {
        noting(call, personas::update)
    }),
    documented("crud.delete_persona", "DELETE", "Delete the persona that the query names by `id`", |call| {
        noting(call, personas::delete)
    }),
    batch("crud.create_personas_batch", "POST", "Create the personas of an array", Documented, |call| {
        noting(call, batch::create)
    }),
    batch("crud.update_personas_batch", "PUT", "Update the personas of an array", Documented, |call| {
        noting(call, batch::update)
    }),
    batch("crud.update_personas_batch", "PATCH", "Update the personas of an array", Inferred, |call| {
        noting(call, batch::update)
    }),
    batch(
        "crud.delete_personas_batch",
        "DELETE",
        "Delete the personas of an array of objects with `id`",
        Documented,
        |call| noting(call, batch::delete),
    ),
];

type Answer = fn(&Call<'_, State>) -> Result<Response, VendorError>;

const fn documented(
    name: &'static str,
    method: &'static str,
    summary: &'static str,
    answer: Answer,
) -> Route<State, VendorError> {
    route(name, method, summary, Documented, answer)
}

const fn route(
    name: &'static str,
    method: &'static str,
    summary: &'static str,
    provenance: Provenance,
    answer: Answer,
) -> Route<State, VendorError> {
    Route::with(Operation::new(name, method, PERSONAS, summary, provenance), answer, auth::foreign)
}

/// An operation on many personas: a short body may name a large one over and over.
const fn batch(
    name: &'static str,
    method: &'static str,
    summary: &'static str,
    provenance: Provenance,
    answer: Answer,
) -> Route<State, VendorError> {
    Route::with(Operation::new(name, method, PERSONAS, summary, provenance).dear(), answer, auth::foreign)
}

/// Which operation a request means: by method, by an `id` in the query, by an array in the body.
pub(super) fn find<'r>(request: &Request<'r>) -> Routed<Matched<'r, State, VendorError>> {
    if request.rest != BELOW_MOUNT {
        return redirect(request).map_or(Routed::Refused(Refusal::NoRoute), Routed::Answered);
    }
    let names_one = || wire::query(request).id.is_some();
    let method = if request.method == "HEAD" { "GET" } else { request.method };
    let name = match method {
        "GET" if names_one() => "crud.get_persona",
        "GET" => "crud.list_personas",
        "POST" if wire::is_batch(request.body) => "crud.create_personas_batch",
        "POST" => "crud.create_persona",
        "PUT" | "PATCH" if wire::is_batch(request.body) => "crud.update_personas_batch",
        "PUT" | "PATCH" => "crud.update_persona",
        "DELETE" if wire::is_batch(request.body) && !names_one() => "crud.delete_personas_batch",
        "DELETE" => "crud.delete_persona",
        "OPTIONS" => return Routed::Answered(Response::new(204).header(ALLOW, METHODS.join(", ")).inferred()),
        _ => "",
    };
    match ROUTES.iter().find(|route| route.operation.method == method && route.operation.name == name) {
        Some(route) => Routed::Operation(Matched { route, params: Vec::new() }),
        None => Routed::Refused(Refusal::MethodNotAllowed { allow: METHODS.map(Name::from).to_vec() }),
    }
}

/// Next.js redirects a path with a slash too many, whatever the method, before any handler runs: first
/// the repeated slashes go, and then one at the end. An escaped slash is none.
fn redirect(request: &Request<'_>) -> Option<Response> {
    let segments = request.rest.split('/').filter(|segment| !segment.is_empty());
    if !segments.eq(BELOW_MOUNT.split('/').skip(1)) || request.raw_path.to_ascii_lowercase().contains("%2f") {
        return None;
    }
    let at_the_end = if request.rest.contains("//") && request.rest.ends_with('/') { "/" } else { "" };
    let query = request.query.filter(|query| !query.is_empty()).map(|query| format!("?{query}")).unwrap_or_default();
    let target = format!("{}{BELOW_MOUNT}{at_the_end}{query}", request.mount);
    Some(Response::new(308).header(LOCATION, &target).header(REFRESH, format!("0;url={target}")).inferred())
}
