//! Sign-in, tokens, and who the caller is.

use actix_web::http::header::SET_COOKIE;

use super::Vijil;
use super::auth::{self, COOKIE_NAME};
use super::claims::Claims;
use super::error::{JSON, VijilError};
use super::jwt::{self, LIFETIME_S};
use super::rules;
use super::wire::{Token, field};
use crate::dialects::fastapi::BodyText;
use crate::dialects::pydantic::Findings;
use crate::http::provider::{AuthMode, Call, Response};
use crate::world::sandbox::{CREDENTIAL_MARK, split_credential};

type Answer = Result<Response, VijilError>;

/// `POST /v1/auth/jwt/login`
pub(super) fn login(call: &Call<'_, Vijil>) -> Answer {
    let [email, password] = pair(call, [field::EMAIL, field::PASSWORD])?;
    let (email, sandbox) = apart(email);
    let sandbox = sandbox.as_deref();
    let state = call.read();
    let listed = email.zip(password).and_then(|(email, password)| state.directory.login(&email, &password));
    match (listed, call.options.auth) {
        (Some((user, claims)), _) if user.is_active => Ok(session(call, claims, sandbox)),
        (Some(_), _) | (None, AuthMode::Strict) => Err(VijilError::BadLogin),
        (None, AuthMode::Any | AuthMode::Off) => {
            state.directory.anybody().map(|claims| session(call, &claims, sandbox)).ok_or(VijilError::BadLogin)
        }
    }
}

/// `POST /v1/auth/jwt/refresh`: an expired token is as good as a valid one.
pub(super) fn refresh(call: &Call<'_, Vijil>) -> Answer {
    let state = call.read();
    let identity = auth::identify(call, &state.directory)?;
    Ok(session(call, &identity.claims, auth::sandbox(&call.request).as_deref()))
}

/// `POST /v1/auth/token`
pub(super) fn exchange_key_pair(call: &Call<'_, Vijil>) -> Answer {
    let [id, secret] = pair(call, [field::CLIENT_ID, field::CLIENT_SECRET])?;
    let (id, sandbox) = apart(id);
    let state = call.read();
    let listed = id.zip(secret).and_then(|(id, secret)| state.directory.key_pair(&id, &secret));
    let claims = match (listed, call.options.auth) {
        (Some(key), _) if !key.is_expired(call.now) => Some(key.claims.clone()),
        (Some(_), _) | (None, AuthMode::Strict) => None,
        (None, AuthMode::Any | AuthMode::Off) => state.directory.anybody(),
    };
    let claims = claims.ok_or(VijilError::BadKeyPair)?;
    let token = jwt::issue(&claims, call.now, sandbox.as_deref());
    let token = Token { access_token: &token, token_type: "bearer", expires_in: Some(LIFETIME_S) };
    Ok(Response::new(200).json(JSON, &token))
}

/// `GET /v1/users/me`, `GET /v1/auth/users/me`
pub(super) fn get_user(call: &Call<'_, Vijil>) -> Answer {
    let state = call.read();
    let caller = auth::caller(call, &state.directory)?;
    let user = state.directory.user(caller.user).ok_or(VijilError::BadToken)?;
    Ok(Response::new(200).json(JSON, &user.read()))
}

/// `GET /v1/users/me/teams`
pub(super) fn list_teams(call: &Call<'_, Vijil>) -> Answer {
    let state = call.read();
    let caller = auth::caller(call, &state.directory)?;
    Ok(Response::new(200).json(JSON, &state.directory.memberships(caller.user)))
}

/// The sandbox that a login or a key pair names. Looks no further where the body has no such mark.
pub(super) fn named_sandbox(body: &[u8]) -> Option<String> {
    memchr::memmem::find(body, CREDENTIAL_MARK.as_bytes())?;
    let body: serde_json::Value = serde_json::from_slice(body).ok()?;
    [field::EMAIL, field::CLIENT_ID].into_iter().find_map(|name| apart(Some(body.get(name)?.as_str()?.to_owned())).1)
}

/// A login or client id without the sandbox that it names, and that name.
fn apart(credential: Option<String>) -> (Option<String>, Option<String>) {
    match credential.as_deref().and_then(split_credential) {
        Some((credential, sandbox)) => (Some(credential), Some(sandbox.to_owned())),
        None => (credential, None),
    }
}

/// The two texts of a sign-in.
fn pair(call: &Call<'_, Vijil>, names: [&'static str; 2]) -> Result<[Option<String>; 2], VijilError> {
    let text = BodyText::of(call.request.body, call.request.header_text("content-type").as_deref())?;
    let body = text.read()?;
    let mut findings = Findings::default();
    let pair = rules::pair(&mut findings, &body, names).map(|pair| pair.map(|text| text.map(str::to_owned)));
    rules::settled(findings, pair)
}

/// A fresh token, in the body and in a cookie. The cookie's attributes are inferred; it lacks
/// `Secure`, because the mock speaks plain HTTP.
fn session(call: &Call<'_, Vijil>, claims: &Claims, sandbox: Option<&str>) -> Response {
    let token = jwt::issue(claims, call.now, sandbox);
    let cookie = format!("{COOKIE_NAME}={token}; HttpOnly; Max-Age={LIFETIME_S}; Path=/; SameSite=lax");
    let token = Token { access_token: &token, token_type: "bearer", expires_in: None };
    Response::new(200).json(JSON, &token).header(SET_COOKIE, cookie)
}
