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
use crate::provider::credential::{Reason, shown};
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

/// Why a login is refused, of which nothing is repeated.
pub(super) fn refused_login(listed: Option<&User>) -> Reason {
    Reason::new(format_args!(
        "{}; persona-mock credentials (GET /_mock/credentials) lists the logins",
        match listed {
            Some(User { is_active: true, .. }) =>
                "this login is listed in the fixture and its password there is another",
            Some(_) => "the user of this login is not active",
            None => "this login is not listed in the fixture, which --auth strict asks for",
        }
    ))
}

/// Why a key pair is refused.
pub(super) fn refused_key_pair(listed: Option<&Credential>, now: Timestamp) -> Reason {
    let found = match listed {
        Some(key) if !key.is_active => "the user of this client id is not active".to_owned(),
        Some(key) => match key.expired(now) {
            Some(since) => format!("the key pair of this client id expired {since:.0}"),
            None => "this client id is listed in the fixture and its secret there is another".to_owned(),
        },
        None => "this client id is not listed in the fixture, which --auth strict asks for".to_owned(),
    };
    Reason::new(format_args!("{found}; persona-mock credentials (GET /_mock/credentials) lists the key pairs"))
}

/// Whose password a sign-in with made-up credentials has to know.
pub(super) fn whose_password(email: &str) -> Reason {
    Reason::new(format_args!(
        "the token acts as {}, and current_password is not that user's; persona-mock credentials lists the passwords",
        shown(email)
    ))
}
