//! What a client probably did not mean, said in `X-Mock-Hint`: requests that the vendor's own pages show, and that
//! do by its document something else. A hint never touches the vendor's answer.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::directory::Credential;
use super::fixture::User;
use super::query::{Query, names};
use super::state::State;
use super::wire::{Intent, field};
use crate::dialects::pydantic::Choice;
use crate::provider::{Call, HeaderName, Response};

const HINT: HeaderName = HeaderName::from_static("x-mock-hint");

/// Says of a refused creation that a team in the query is not read.
pub(super) fn team_in_the_body(call: &Call<'_, State>, response: Response) -> Response {
    let hint = "team_id in the query is not read here: the vendor's document wants it in the body";
    if response.status() >= 400 { unread_team(call, response, hint) } else { response }
}

/// Says of a preset's copy that a team in the query is not read.
pub(super) fn team_of_the_token(call: &Call<'_, State>, response: Response) -> Response {
    let hint = "team_id in the query is not read here: the persona goes into the first team of the token";
    unread_team(call, response, hint)
}

fn unread_team(call: &Call<'_, State>, response: Response, hint: &str) -> Response {
    if names(call.request.query, field::TEAM_ID) { response.header(HINT, hint) } else { response }
}

/// Says that a parameter is not read, and how it is spelled; else that one comes more than once.
pub(super) fn ignored(query: &Query<'_>) -> Option<String> {
    if let Some((name, meant)) = query.misspelt() {
        let times = if meant == field::INTENTS { ", once for each" } else { "" };
        return Some(format!("{name} is ignored: send {meant}{times}"));
    }
    let name = query.repeated()?;
    Some(format!("{name} is sent more than once: the last one counts, the others are ignored"))
}

/// Says which intents there are, where a list was asked for one that is none.
pub(super) fn unknown_intents(intents: &[&str], response: Response) -> Response {
    let known = || Intent::MEMBERS.iter().map(|(name, _)| *name);
    let is_known = |text: &str| known().any(|name| name == text);
    let Some(unknown) = intents.iter().find(|intent| !is_known(intent)) else { return response };
    let parts: Vec<_> = unknown.split(',').map(str::trim).take(known().count() + 1).collect();
    if parts.len() > 1 && parts.iter().all(|part| is_known(part)) {
        let meant: Vec<_> = parts.iter().map(|part| format!("intents={part}")).collect();
        let hint = format!("intents is one value here, and no intent; repeat the parameter: {}", meant.join("&"));
        return response.header(HINT, hint);
    }
    let known: Vec<_> = known().collect();
    response.header(HINT, format!("an intent finds nothing: expected one of {}", known.join(", ")))
}

/// The most categories that a hint names.
const MOST_CATEGORIES: usize = 8;

/// Says which categories there are, where no preset has the one that was asked for.
pub(super) fn unknown_category<'s>(known: impl Iterator<Item = &'s str>, response: Response) -> Response {
    let known: BTreeSet<_> = known.collect();
    let known: Vec<_> = known.into_iter().take(MOST_CATEGORIES).collect();
    response.header(HINT, format!("preset_category finds nothing: the presets' categories are {}", known.join(", ")))
}

/// Says why a login that the fixture lists is refused: somebody unknown would have come in.
pub(super) fn listed_login(user: &User, response: Response) -> Response {
    let User { email, is_active, .. } = user;
    let why = if *is_active { "has another password there" } else { "is not active" };
    response.header(HINT, format!("{email} is a login of the fixture and {why}; GET /_mock/state/vijil shows it"))
}

/// Says the same of a key pair.
pub(super) fn listed_key_pair(key: &Credential, now: Timestamp, response: Response) -> Response {
    let why = match key {
        key if key.is_expired(now) => "has expired",
        key if !key.is_active => "is of a user who is not active",
        _ => "has another secret there",
    };
    response.header(HINT, format!("this client_id is in the fixture and {why}; GET /_mock/state/vijil shows it"))
}

/// Says whose password a sign-in with made-up credentials has to know.
pub(super) fn whose_password(email: &str, response: Response) -> Response {
    response.header(HINT, format!("the token acts as {email}: current_password is that user's password"))
}
