//! The router of the vendor's API, in the order in which its document names the routes. Starlette matches in that
//! order and names the first route of a path in `Allow`.

use http::header::LOCATION;

use super::error::VijilError;
use super::state::State;
use super::{accounts, health, hints, personas};
use crate::dialects::fastapi::{self, Found, knows_method, location};
use crate::provider::Provenance::{Documented, Observed};
use crate::provider::{Call, Matched, Mount, Operation, Refusal, Request, Response, Route, Routed, noting};

/// The setting that also serves every path without its prefix, and its value.
pub(super) const UNPREFIXED: (&str, &str) = ("unprefixed", "on");
const PREFIX: &str = "/v1";

const PERSONAS: &str = "/v1/personas/";
const PERSONA: &str = "/v1/personas/{id}";
const COPY: &str = "/v1/personas/from-preset/{preset_id}";

/// The vendor's gateway has a page of health for each service, and nothing else outside `/v1`.
const TEAMS_HEALTH: &str = "/teams/healthz";
const EVALUATIONS_HEALTH: &str = "/evaluations/healthz";
const CONSOLE_HEALTH: &str = "/console/healthz";

pub(super) fn mounts() -> Vec<Mount> {
    vec![
        Mount::at(PREFIX),
        Mount::only(TEAMS_HEALTH),
        Mount::only(EVALUATIONS_HEALTH),
        Mount::only(CONSOLE_HEALTH),
        Mount::at("/auth").when(UNPREFIXED.0, UNPREFIXED.1),
        Mount::at("/users").when(UNPREFIXED.0, UNPREFIXED.1),
        Mount::at("/personas").when(UNPREFIXED.0, UNPREFIXED.1),
    ]
}

pub(super) static ROUTES: [Route<State, VijilError>; 18] = [
    documented("vijil.login", "POST", "/v1/auth/jwt/login", "Sign in with e-mail address and password", |call| {
        noting(call, accounts::login)
    }),
    documented("vijil.logout", "POST", "/v1/auth/jwt/logout", "Clear the cookie of the sign-in", |call| {
        noting(call, accounts::logout)
    }),
    documented("vijil.get_auth_user", "GET", "/v1/auth/users/me", "Get the caller", |call| {
        noting(call, accounts::get_user)
    }),
    documented("vijil.refresh_token", "POST", "/v1/auth/jwt/refresh", "Exchange a token for a fresh one", |call| {
        noting(call, accounts::refresh)
    }),
    documented("vijil.change_password", "POST", "/v1/auth/change-password", "Change the caller's password", |call| {
        noting(call, accounts::change_password)
    }),
    observed("vijil.exchange_key_pair", "POST", "/v1/auth/token", "Exchange an API key pair for a token", |call| {
        noting(call, accounts::exchange_key_pair)
    }),
    documented("vijil.get_user", "GET", "/v1/users/me", "Get the caller", |call| noting(call, accounts::get_user)),
    documented("vijil.list_teams", "GET", "/v1/users/me/teams", "List the caller's memberships", |call| {
        noting(call, accounts::list_teams)
    }),
    documented("vijil.get_persona", "GET", PERSONA, "Get a persona", |call| noting(call, personas::get)),
    documented("vijil.update_persona", "PUT", PERSONA, "Change the given fields of a persona", |call| {
        noting(call, personas::update)
    }),
    documented("vijil.delete_persona", "DELETE", PERSONA, "Delete a persona", |call| noting(call, personas::delete)),
    documented("vijil.list_personas", "GET", PERSONAS, "List a team's personas", |call| noting(call, personas::list)),
    Route::with(
        Operation::new("vijil.create_persona", "POST", PERSONAS, "Create a persona", Documented),
        |call| noting(call, personas::create),
        hints::team_in_the_body,
    ),
    documented("vijil.list_presets", "GET", "/v1/personas/presets/", "List the system's presets", |call| {
        noting(call, personas::list_presets)
    }),
    Route::with(
        Operation::new("vijil.create_persona_from_preset", "POST", COPY, "Create a persona from a preset", Documented),
        |call| noting(call, personas::create_from_preset),
        hints::team_of_the_token,
    ),
    observed("vijil.get_teams_health", "GET", TEAMS_HEALTH, "Ask whether sign-in is up", |call| {
        noting(call, health::get)
    }),
    observed("vijil.get_evaluations_health", "GET", EVALUATIONS_HEALTH, "Ask whether evaluations are up", |call| {
        noting(call, health::get)
    }),
    observed("vijil.get_console_health", "GET", CONSOLE_HEALTH, "Ask whether the console is up", |call| {
        noting(call, health::get)
    }),
];

type Answer = fn(&Call<'_, State>) -> Result<Response, VijilError>;

const fn documented(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    answer: Answer,
) -> Route<State, VijilError> {
    Route::new(Operation::new(name, method, path, summary, Documented), answer)
}

const fn observed(
    name: &'static str,
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    answer: Answer,
) -> Route<State, VijilError> {
    Route::new(Operation::new(name, method, path, summary, Observed), answer)
}

/// Whether a request signs in: its body holds the credential.
pub(super) fn signs_in(request: &Request<'_>) -> bool {
    request.rest.ends_with("/jwt/login") || request.rest.ends_with("/token")
}

pub(super) fn find<'r>(request: &Request<'r>) -> Routed<Matched<'r, State, VijilError>> {
    if !knows_method(request.method) {
        return Routed::Refused(Refusal::BadRequest);
    }
    let prefix = if request.mount == PREFIX { "" } else { PREFIX };
    let routes = ROUTES.iter().map(|route| {
        let Operation { method, path, .. } = &route.operation;
        (route, &**method, path.strip_prefix(prefix).unwrap_or(path))
    });
    match fastapi::find(routes, request.method, request.path) {
        Found::Route(route, params) => Routed::Operation(Matched { route, params }),
        Found::WrongMethod(route) => {
            Routed::Refused(Refusal::MethodNotAllowed { allow: vec![route.operation.method.clone()] })
        }
        Found::Redirect(path) => {
            let location = location(&request.base_url(), &path, request.query);
            Routed::Answered(Response::new(307).header(LOCATION, location))
        }
        Found::Nothing => Routed::Refused(Refusal::NoRoute),
    }
}
