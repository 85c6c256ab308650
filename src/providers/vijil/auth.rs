//! Who is calling, and what the caller may do.

use std::borrow::Cow;
use std::sync::Arc;

use http::header::{AUTHORIZATION, COOKIE};
use uuid::Uuid;

use super::claims::{Claims, Scope};
use super::directory::Directory;
use super::error::VijilError;
use super::jwt;
use super::state::State;
use crate::dialects::python::last_cookie;
use crate::provider::{AuthMode, Call, Request};

/// The cookie that carries a token. Its name is inferred: the default of the FastAPI Users package.
pub(super) const COOKIE_NAME: &str = "fastapiusersauth";

/// What a token says.
pub(super) struct Identity {
    pub(super) claims: Arc<Claims>,
    pub(super) expired: bool,
}

/// The caller of an operation that needs one.
pub(super) fn caller(call: &Call<'_, State>, state: &State) -> Result<Arc<Claims>, VijilError> {
    let identity = identify(call, state)?;
    if identity.expired { Err(VijilError::BadToken) } else { Ok(identity.claims) }
}

/// Whom the credential of a request stands for, in date or not.
pub(super) fn identify(call: &Call<'_, State>, state: &State) -> Result<Identity, VijilError> {
    let token = presented(&call.request);
    let directory = &state.directory;
    let anybody = || directory.anybody().map(|claims| Identity { claims, expired: false }).ok_or(VijilError::BadToken);
    if call.options.auth == AuthMode::Off {
        // What the mock issued keeps its owner and its life, so that a page's sign-in works as ever.
        return token.and_then(|token| issued(&token, call, directory)).unwrap_or_else(anybody);
    }
    let token = token.ok_or(VijilError::NotAuthenticated)?;
    if let Some(listed) = directory.token(&token) {
        if !listed.is_active {
            return Err(VijilError::BadToken);
        }
        return Ok(Identity { claims: listed.claims.clone(), expired: listed.is_expired(call.now) });
    }
    if let Some(identity) = issued(&token, call, directory) {
        return identity;
    }
    match call.options.auth {
        AuthMode::Strict => Err(VijilError::BadToken),
        AuthMode::Any | AuthMode::Off => anybody(),
    }
}

/// Whom a token of the mock's own making stands for. A user who is not active is refused, as FastAPI Users does.
fn issued(token: &str, call: &Call<'_, State>, directory: &Directory) -> Option<Result<Identity, VijilError>> {
    let issued = jwt::read(token, call.now)?;
    directory.number_of(issued.claims.user)?;
    if !directory.is_active(issued.claims.user) {
        return Some(Err(VijilError::BadToken));
    }
    let mut claims = issued.claims;
    claims.teams.retain(|team, _| directory.has_team(*team));
    Some(Ok(Identity { claims: Arc::new(claims), expired: issued.expired }))
}

/// The sandbox that a request's token was issued for.
pub(super) fn sandbox(request: &Request<'_>) -> Option<String> {
    jwt::sandbox(&presented(request)?)
}

/// The token of `Authorization: Bearer`, else of the cookie.
fn presented<'r>(request: &Request<'r>) -> Option<Cow<'r, str>> {
    bearer(request).or_else(|| cookie(request).map(Cow::Owned))
}

fn bearer<'r>(request: &Request<'r>) -> Option<Cow<'r, str>> {
    let value = request.header_text(AUTHORIZATION.as_str())?;
    let (scheme, token) = value.split_once(' ')?;
    if token.is_empty() || !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let start = scheme.len() + 1;
    Some(match value {
        Cow::Borrowed(value) => Cow::Borrowed(&value[start..]),
        Cow::Owned(value) => Cow::Owned(value[start..].to_owned()),
    })
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

    /// Refuses a caller without a right in a team.
    pub(super) fn need(&self, team: Uuid, scope: Scope) -> Result<(), VijilError> {
        let grant = self.teams.get(&team).ok_or(VijilError::ForeignTeam)?;
        if grant.scopes.contains(&scope) { Ok(()) } else { Err(VijilError::Missing(scope)) }
    }
}
