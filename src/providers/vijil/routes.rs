//! The router of the vendor's API, in the order in which its document names the routes. Starlette matches in that
//! order and names the first route of a path in `Allow`.

use http::header::LOCATION;

use super::error::VijilError;
use super::state::State;
use super::{accounts, health, personas};
use crate::dialects::fastapi::{Found, find, knows_method, location};
use crate::provider::Provenance::{Documented, Observed};
use crate::provider::{Call, Mount, Operation, Provenance, Refusal, Request, Response, Routed};

/// The setting that also serves every path without its prefix, and its value.
pub(super) const UNPREFIXED: (&str, &str) = ("unprefixed", "on");
const PREFIX: &str = "/v1";

/// The vendor's gateway has a page of health for each service, and nothing else outside `/v1`.
const TEAMS_HEALTH: &str = "/teams/healthz";
const EVALUATIONS_HEALTH: &str = "/evaluations/healthz";
const CONSOLE_HEALTH: &str = "/console/healthz";

pub(super) static MOUNTS: [Mount; 7] = [
    Mount::at(PREFIX),
    Mount::only(TEAMS_HEALTH),
    Mount::only(EVALUATIONS_HEALTH),
    Mount::only(CONSOLE_HEALTH),
    Mount::at("/auth").when(UNPREFIXED.0, UNPREFIXED.1),
    Mount::at("/users").when(UNPREFIXED.0, UNPREFIXED.1),
    Mount::at("/personas").when(UNPREFIXED.0, UNPREFIXED.1),
];

const fn operation(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    provenance: Provenance,
) -> Operation {
    Operation { name, method, path, summary, provenance }
}

pub(super) static OPERATIONS: [Operation; 18] = [
    operation("vijil.login", "POST", "/v1/auth/jwt/login", "Sign in with e-mail address and password", Documented),
    operation("vijil.logout", "POST", "/v1/auth/jwt/logout", "Clear the cookie of the sign-in", Documented),
    operation("vijil.get_auth_user", "GET", "/v1/auth/users/me", "Get the caller", Documented),
    operation("vijil.refresh_token", "POST", "/v1/auth/jwt/refresh", "Exchange a token for a fresh one", Documented),
    operation("vijil.change_password", "POST", "/v1/auth/change-password", "Change the caller's password", Documented),
    operation("vijil.exchange_key_pair", "POST", "/v1/auth/token", "Exchange an API key pair for a token", Observed),
    operation("vijil.get_user", "GET", "/v1/users/me", "Get the caller", Documented),
    operation("vijil.list_teams", "GET", "/v1/users/me/teams", "List the caller's memberships", Documented),
    operation("vijil.get_persona", "GET", "/v1/personas/{id}", "Get a persona", Documented),
    operation("vijil.update_persona", "PUT", "/v1/personas/{id}", "Change the given fields of a persona", Documented),
    operation("vijil.delete_persona", "DELETE", "/v1/personas/{id}", "Delete a persona", Documented),
    operation("vijil.list_personas", "GET", "/v1/personas/", "List a team's personas", Documented),
    operation("vijil.create_persona", "POST", "/v1/personas/", "Create a persona", Documented),
    operation("vijil.list_presets", "GET", "/v1/personas/presets/", "List the system's presets", Documented),
    operation(
        "vijil.create_persona_from_preset",
        "POST",
        "/v1/personas/from-preset/{preset_id}",
        "Create a persona from a preset",
        Documented,
    ),
    operation("vijil.get_teams_health", "GET", TEAMS_HEALTH, "Ask whether sign-in is up", Observed),
    operation("vijil.get_evaluations_health", "GET", EVALUATIONS_HEALTH, "Ask whether evaluations are up", Observed),
    operation("vijil.get_console_health", "GET", CONSOLE_HEALTH, "Ask whether the console is up", Observed),
];

type Handler = fn(&Call<'_, State>) -> Result<Response, VijilError>;

/// The handlers, in the order of [`OPERATIONS`].
static HANDLERS: [Handler; 18] = [
    accounts::login,
    accounts::logout,
    accounts::get_user,
    accounts::refresh,
    accounts::change_password,
    accounts::exchange_key_pair,
    accounts::get_user,
    accounts::list_teams,
    personas::get,
    personas::update,
    personas::delete,
    personas::list,
    personas::create,
    personas::list_presets,
    personas::create_from_preset,
    health::get,
    health::get,
    health::get,
];

pub(super) fn handler(operation: &'static Operation) -> Option<Handler> {
    let number = OPERATIONS.iter().position(|known| std::ptr::eq(known, operation))?;
    HANDLERS.get(number).copied()
}

/// Whether a request signs in: its body holds the credential.
pub(super) fn signs_in(request: &Request<'_>) -> bool {
    request.rest.ends_with("/jwt/login") || request.rest.ends_with("/token")
}

pub(super) fn route<'r>(request: &Request<'r>) -> Routed<'r> {
    if !knows_method(request.method) {
        return Routed::Refused(Refusal::BadRequest);
    }
    let prefix = if request.mount == PREFIX { "" } else { PREFIX };
    let routes = OPERATIONS.iter().map(|operation| {
        let path = operation.path.strip_prefix(prefix).unwrap_or(operation.path);
        (operation.method, path)
    });
    match find(routes, request.method, request.path) {
        Found::Route(number, params) => match OPERATIONS.get(number) {
            Some(operation) => Routed::Operation(operation, params),
            None => Routed::Refused(Refusal::NoRoute),
        },
        Found::WrongMethod(method) => Routed::Refused(Refusal::MethodNotAllowed { allow: vec![method] }),
        Found::Redirect(path) => {
            let location = location(&request.base_url(), &path, request.query);
            Routed::Answered(Response::new(307).header(LOCATION, location))
        }
        Found::Nothing => Routed::Refused(Refusal::NoRoute),
    }
}
