//! Who is calling, and what the caller may do.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::{AUTHORIZATION, COOKIE};
use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::claims::{Claims, Scope};
use super::directory::Directory;
use super::error::VijilError;
use super::jwt;
use super::state::State;
use super::wire::field;
use crate::api::{Credential, ProviderCredentials};
use crate::dialects::python::last_cookie;
use crate::provider::credential::{Form, Reason, Refused, shown};
use crate::provider::{AuthMode, Call, HeaderValue, Request, latin_1};

/// The cookie that carries a token. Its name is inferred: the default of the FastAPI Users package.
pub(super) const COOKIE_NAME: &str = "fastapiusersauth";

const FORM: Form = Form { scheme: "Bearer", noun: "token", cookie: Some(COOKIE_NAME), header: None };

/// What a token says.
pub(super) struct Identity {
    pub(super) claims: Arc<Claims>,
    /// From when on it is expired, if it is.
    expired: Option<Timestamp>,
}

/// The caller of an operation that needs one.
pub(super) fn caller(call: &Call<'_, State>, state: &State) -> Result<Arc<Claims>, VijilError> {
    let identity = identify(call, state)?;
    let Some(since) = identity.expired else { return Ok(identity.claims) };
    let reason = if bearer(&call.request).is_some() {
        Reason::new(format_args!("the token expired {since:.0}; POST /v1/auth/jwt/refresh takes it and gives another"))
    } else {
        let path = "sign in again with POST /v1/auth/jwt/login";
        Reason::new(format_args!("the token in the cookie {COOKIE_NAME} expired {since:.0}; {path}"))
    };
    Err(VijilError::BadToken(reason))
}

/// Whom the credential of a request stands for, in date or not.
pub(super) fn identify(call: &Call<'_, State>, state: &State) -> Result<Identity, VijilError> {
    let token = presented(&call.request);
    let directory = &state.directory;
    let anybody = || {
        let nobody = || VijilError::BadToken(Reason::new("the fixture has no active user to act as"));
        directory.anybody().map(|claims| Identity { claims, expired: None }).ok_or_else(nobody)
    };
    if call.options.auth == AuthMode::Off {
        // What the mock issued keeps its owner and its life, so that a page's sign-in works as ever.
        return token.and_then(|token| issued(&token, call, directory)).unwrap_or_else(anybody);
    }
    let refused = || Refused::new(call, &FORM, lasting(directory).map(|(token, _)| token.to_owned()));
    let token = token.ok_or_else(|| VijilError::NotAuthenticated(refused().nothing()))?;
    if let Some(listed) = directory.token(&token) {
        if !listed.is_active {
            return Err(VijilError::BadToken(refused().because(INACTIVE)));
        }
        let expired = listed.expired(call.now);
        return Ok(Identity { claims: listed.claims, expired });
    }
    if let Some(identity) = issued(&token, call, directory) {
        return identity;
    }
    match call.options.auth {
        AuthMode::Strict if directory.key_pair(&token).is_some() => Err(VijilError::BadToken(Reason::new(
            "the token is a client id; POST /v1/auth/token takes it with its secret and gives a token",
        ))),
        AuthMode::Strict => Err(VijilError::BadToken(refused().unlisted(&token))),
        AuthMode::Any | AuthMode::Off => anybody(),
    }
}

const INACTIVE: &str = "the user of the token is not active";

/// The listed tokens that never expire and whose user may do everything somewhere, and whom each stands for.
fn lasting(directory: &Directory) -> impl Iterator<Item = (&str, Arc<Claims>)> {
    directory.tokens.iter().filter(|row| row.expires.is_none()).filter_map(|row| {
        let listed = directory.token(&row.token).filter(|listed| listed.is_active)?;
        let may_write = listed.claims.teams.values().any(|grant| grant.scopes.contains(&Scope::Write));
        may_write.then_some((&*row.token, listed.claims))
    })
}

/// Whom a token of the mock's own making stands for. A user who is not active is refused, as FastAPI Users does.
fn issued(token: &str, call: &Call<'_, State>, directory: &Directory) -> Option<Result<Identity, VijilError>> {
    let issued = jwt::read(token, call.now)?;
    if !directory.has_user(issued.claims.user) {
        return None;
    }
    if !directory.is_active(issued.claims.user) {
        let refused = Refused::new(call, &FORM, lasting(directory).map(|(token, _)| token.to_owned()));
        return Some(Err(VijilError::BadToken(refused.because(INACTIVE))));
    }
    let mut claims = issued.claims;
    claims.teams.retain(|team, _| directory.has_team(*team));
    Some(Ok(Identity { claims: Arc::new(claims), expired: issued.expired }))
}

/// A token whose user the state no longer has.
pub(super) fn nobody() -> VijilError {
    VijilError::BadToken(Reason::new("the user of the token is not in this sandbox's data; sign in again"))
}

/// Refuses a caller without a right in a team.
pub(super) fn need(
    call: &Call<'_, State>,
    state: &State,
    caller: &Claims,
    team: Uuid,
    scope: Scope,
) -> Result<(), VijilError> {
    let may = |claims: &Claims| claims.teams.get(&team).is_some_and(|grant| grant.scopes.contains(&scope));
    if may(caller) {
        return Ok(());
    }
    let others = lasting(&state.directory).filter(|(_, claims)| may(claims)).map(|(token, _)| token.to_owned());
    let refused = Refused::new(call, &FORM, others);
    let needed = scope.name();
    Err(match caller.teams.get(&team) {
        None if !state.directory.has_team(team) => {
            VijilError::ForeignTeam(Reason::new("no team has this id; GET /v1/users/me/teams lists the caller's"))
        }
        None => {
            let found = format!("the token acts as {}, who is not in this team", shown(&caller.email));
            VijilError::ForeignTeam(refused.because(found))
        }
        Some(grant) if grant.scopes.contains(&Scope::Read) => {
            let found = format!("the token may only read in this team, and {needed} is needed");
            VijilError::Missing(scope, refused.because(found))
        }
        Some(_) => {
            let found = format!("the token has no scope for {needed} in this team");
            VijilError::Missing(scope, refused.because(found))
        }
    })
}

/// Refuses a caller who is in no team.
pub(super) fn no_team(caller: &Claims) -> VijilError {
    let found = format_args!("the token acts as {}, who is in no team", shown(&caller.email));
    VijilError::ForeignTeam(FORM.because(found, None))
}

/// The credentials of a state, and what passes besides.
pub(super) fn listing(state: &State, auth: AuthMode, now: Timestamp) -> ProviderCredentials {
    let directory = &state.directory;
    let row = |listed: Option<&Claims>, user: Uuid, send: String| {
        let email = state.user(user).map_or("", |user| &user.email);
        let rights = listed.map_or_else(String::new, |claims| rights(claims, directory));
        Credential::new(email, send, rights).revoked(!directory.is_active(user))
    };
    let tokens = directory.tokens.iter().map(|token| {
        let claims = directory.token(&token.token).map(|listed| listed.claims);
        row(claims.as_deref(), token.user_id, format!("Authorization: Bearer {}", token.token))
            .until(token.expires, now)
    });
    let logins = directory.users.iter().map(|user| {
        let claims = directory.login(&user.email).map(|(_, claims)| claims);
        let login = |password: &str| json!({ field::EMAIL: user.email, field::PASSWORD: password });
        let send = match state.has_chosen_password(user.id) {
            true => format!("POST /v1/auth/jwt/login {} with the password that a request changed it to", login("...")),
            false => format!("POST /v1/auth/jwt/login {}", login(&user.password)),
        };
        row(claims.as_deref(), user.id, send)
    });
    let pairs = directory.api_keys.iter().map(|pair| {
        let body = json!({ field::CLIENT_ID: pair.client_id, field::CLIENT_SECRET: pair.client_secret });
        let claims = directory.key_pair(&pair.client_id).map(|(_, listed)| listed.claims);
        row(claims.as_deref(), pair.user_id, format!("POST /v1/auth/token {body}")).until(pair.expires, now)
    });
    let first = directory.anybody().map_or_else(String::new, |claims| claims.email.to_string());
    let others = match auth {
        AuthMode::Off => format!("no credential is looked at; every request acts as {first} with every right"),
        AuthMode::Any => format!("any other token, login or key pair acts as {first} with every right"),
        AuthMode::Strict => "no other passes but tokens that a sign-in gave".to_owned(),
    };
    ProviderCredentials::new(auth, others, tokens.chain(logins).chain(pairs).collect())
}

/// What claims open, team by team.
fn rights(claims: &Claims, directory: &Directory) -> String {
    let teams = claims.teams.iter().map(|(team, grant)| {
        let name = directory.teams.get(team).map_or("", |known| &*known.name);
        let scopes: Vec<_> = grant.scopes.iter().map(|scope| scope.name()).collect();
        let scopes = if scopes.is_empty() { "nothing".to_owned() } else { scopes.join(" and ") };
        format!("{scopes} in {name} ({team})")
    });
    let teams: Vec<_> = teams.collect();
    if teams.is_empty() { "in no team".to_owned() } else { teams.join(", ") }
}

/// The sandbox that a request's token was issued for.
pub(super) fn sandbox(request: &Request<'_>) -> Option<String> {
    // A token that names one has a header of its own, and a dot behind it.
    let may_name = |value: &HeaderValue| memchr::memchr(b'.', value.as_bytes()).is_some();
    let is_asked =
        request.headers.get(&AUTHORIZATION).is_some_and(may_name) || request.headers.get_all(&COOKIE).any(may_name);
    if is_asked { jwt::sandbox(&presented(request)?) } else { None }
}

/// The token of `Authorization: Bearer`, else of the cookie.
fn presented<'r>(request: &Request<'r>) -> Option<Cow<'r, str>> {
    bearer(request).or_else(|| cookie(request).map(Cow::Owned))
}

fn bearer<'r>(request: &Request<'r>) -> Option<Cow<'r, str>> {
    let value = request.headers.get(&AUTHORIZATION)?.as_bytes();
    let (scheme, token) = value.split_at_checked(memchr::memchr(b' ', value)?)?;
    let token = token.get(1..).filter(|token| !token.is_empty())?;
    scheme.eq_ignore_ascii_case(b"bearer").then(|| latin_1(token))
}

/// The last cookie of the name, if it holds anything.
fn cookie(request: &Request<'_>) -> Option<String> {
    let latin_1 = |field: &[u8]| field.iter().copied().map(char::from).collect::<String>();
    let value =
        request.headers.get_all(&COOKIE).filter_map(|field| last_cookie(&latin_1(field.as_bytes()), COOKIE_NAME));
    value.last().filter(|value| !value.is_empty())
}

impl Claims {
    /// Whether the caller may see that a team exists.
    pub(super) fn opens(&self, team: Uuid) -> bool {
        self.teams.contains_key(&team)
    }
}
