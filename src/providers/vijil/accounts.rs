//! Sign-in and sign-out, tokens, passwords, and who the caller is.

use http::header::SET_COOKIE;

use super::auth::{self, COOKIE_NAME};
use super::claims::Claims;
use super::error::{JSON, VijilError};
use super::hints;
use super::jwt::{self, LIFETIME_S};
use super::query;
use super::rules;
use super::state::State;
use super::wire::{Message, Token, field};
use crate::dialects::pydantic::Findings;
use crate::provider::{AuthMode, Call, Response, Unread, pass_over_body};
use crate::world::sandbox::{CREDENTIAL_MARK, split_credential};

type Answer = Result<Response, VijilError>;

/// `POST /v1/auth/jwt/login`
pub(super) fn login(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let [email, password] = pair(call, [field::EMAIL, field::PASSWORD], unread)?;
    // FastAPI Users hashes every password that it is sent; half a surrogate pair has no bytes to hash (measured).
    let password = password.ok_or(VijilError::Unencodable)?;
    let (email, sandbox) = apart(email);
    let state = call.read();
    let listed = email.as_deref().and_then(|email| state.login(email));
    let claims = match (&listed, call.options.auth) {
        (Some((user, _)), _) if !user.is_active => None,
        (Some((user, claims)), _) if user.password == password => Some(claims.clone()),
        (Some(_), AuthMode::Any | AuthMode::Strict) | (None, AuthMode::Strict) => None,
        (Some(_), AuthMode::Off) | (None, AuthMode::Any | AuthMode::Off) => state.directory.anybody(),
    };
    let claims = claims.ok_or_else(|| VijilError::BadLogin(hints::refused_login(listed.map(|(user, _)| user))))?;
    Ok(session(call, &claims, sandbox.as_deref()))
}

/// `POST /v1/auth/jwt/logout`: whoever asks. By the vendor's document the operation takes nothing but the answer
/// that it is to clear the cookie in, so it looks at no credential, and a token in a header goes on working.
pub(super) fn logout(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    takes_nothing(call, unread);
    let message = Message { message: "Successfully logged out" };
    Ok(Response::new(200).json(JSON, &message).header(SET_COOKIE, cookie("\"\"", 0)).inferred())
}

/// `POST /v1/auth/jwt/refresh`: an expired token is as good as a valid one.
pub(super) fn refresh(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let state = call.read();
    let identity = auth::identify(call, &state)?;
    takes_nothing(call, unread);
    Ok(session(call, &identity.claims, auth::sandbox(&call.request).as_deref()))
}

/// `POST /v1/auth/change-password`: the caller's, whoever the token acts as. Tokens go on working, as nothing is
/// remembered of them.
pub(super) fn change_password(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let text = rules::body_text(call)?;
    let body = rules::read(call, &text)?;
    let caller = auth::caller(call, &call.read())?;
    query::pass_over(&call.request, unread);
    let mut findings = Findings::by(rules::pydantic(call.options));
    let passwords = rules::password_change(&mut findings, &body, unread);
    let (current, new) = rules::settled(findings, passwords)?;
    // As with a login, what has no bytes cannot be hashed.
    let current = current.ok_or(VijilError::Unencodable)?;
    call.write(|state| {
        let user = state.user(caller.user).ok_or_else(auth::nobody)?;
        if user.password != current && call.options.auth != AuthMode::Off {
            return Err(VijilError::BadCurrentPassword(hints::whose_password(&caller.email)));
        }
        if user.password == new {
            return Err(VijilError::SamePassword);
        }
        state.change_password(caller.user, new);
        Ok(())
    })?;
    Ok(session(call, &caller, auth::sandbox(&call.request).as_deref()))
}

/// `POST /v1/auth/token`
pub(super) fn exchange_key_pair(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let [id, sent] = pair(call, [field::CLIENT_ID, field::CLIENT_SECRET], unread)?;
    let (id, sandbox) = apart(id);
    let state = call.read();
    let listed = id.as_deref().and_then(|id| state.directory.key_pair(id));
    let claims = match (&listed, call.options.auth) {
        (Some((_, key)), _) if key.is_expired(call.now) || !key.is_active => None,
        (Some((secret, key)), _) if sent.as_deref() == Some(*secret) => Some(key.claims.clone()),
        (Some(_), AuthMode::Any | AuthMode::Strict) | (None, AuthMode::Strict) => None,
        (Some(_), AuthMode::Off) | (None, AuthMode::Any | AuthMode::Off) => state.directory.anybody(),
    };
    let key = listed.as_ref().map(|(_, key)| key);
    let claims = claims.ok_or_else(|| VijilError::BadKeyPair(hints::refused_key_pair(key, call.now)))?;
    let token = jwt::issue(&claims, call.now, sandbox.as_deref());
    let token = Token { access_token: &token, token_type: "bearer", expires_in: Some(LIFETIME_S) };
    Ok(Response::new(200).json(JSON, &token))
}

/// `GET /v1/users/me`, `GET /v1/auth/users/me`
pub(super) fn get_user(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let state = call.read();
    let caller = auth::caller(call, &state)?;
    takes_nothing(call, unread);
    let user = state.user(caller.user).ok_or_else(auth::nobody)?;
    Ok(Response::new(200).json(JSON, &user.read()))
}

/// `GET /v1/users/me/teams`
pub(super) fn list_teams(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let state = call.read();
    let caller = auth::caller(call, &state)?;
    takes_nothing(call, unread);
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

/// Notes what a request has for an operation that looks at the credential alone, or at nothing.
fn takes_nothing(call: &Call<'_, State>, unread: &mut Unread) {
    query::pass_over(&call.request, unread);
    pass_over_body(call.request.body, unread);
}

/// The two texts of a sign-in.
fn pair(
    call: &Call<'_, State>,
    names: [&'static str; 2],
    unread: &mut Unread,
) -> Result<[Option<String>; 2], VijilError> {
    let text = rules::body_text(call)?;
    let body = rules::read(call, &text)?;
    query::pass_over(&call.request, unread);
    let mut findings = Findings::by(rules::pydantic(call.options));
    let pair = rules::pair(&mut findings, &body, names, unread).map(|pair| pair.map(|text| text.map(str::to_owned)));
    rules::settled(findings, pair)
}

/// A fresh token, in the body and in a cookie. That the cookie's attributes are the package's defaults is inferred;
/// it lacks `Secure`, because the mock speaks plain HTTP.
fn session(call: &Call<'_, State>, claims: &Claims, sandbox: Option<&str>) -> Response {
    let token = jwt::issue(claims, call.now, sandbox);
    let cookie = cookie(&token, LIFETIME_S);
    let token = Token { access_token: &token, token_type: "bearer", expires_in: None };
    Response::new(200).json(JSON, &token).header(SET_COOKIE, cookie)
}

/// The cookie of a sign-in as FastAPI Users writes it (measured); it is cleared by an empty one that ends at once.
fn cookie(token: &str, lifetime_s: i64) -> String {
    format!("{COOKIE_NAME}={token}; HttpOnly; Max-Age={lifetime_s}; Path=/; SameSite=lax")
}
