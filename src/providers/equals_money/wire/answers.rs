//! What Equals Money answers besides rows.

use std::sync::Arc;

use serde::Serialize;

use super::headers::JSON;
use crate::json::{self, Escaping, Written};
use crate::provider::Response;
use crate::provider::kept::{Body, Gap};
use crate::providers::equals_money::model::{Listed, Person, RoleIds, ShownPerson, View};
use crate::providers::equals_money::state::Member;
use crate::providers::equals_money::words::RoleName;
use crate::world::page::Page;

/// A page of a list; `count` is the number of all that match, whatever the limit.
#[derive(Debug, Serialize)]
pub(crate) struct Listing<'a, R> {
    pub(crate) count: usize,
    pub(crate) limit: usize,
    pub(crate) offset: usize,
    pub(crate) rows: Vec<R>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) search: Option<&'a str>,
}

/// What a change of role answers: the name and nothing else.
#[derive(Debug, Serialize)]
pub(crate) struct RoleGiven {
    pub(crate) name: RoleName,
}

/// What a resent invite answers.
#[derive(Debug, Serialize)]
pub(crate) struct Success {
    pub(crate) success: bool,
}

/// A person, with the persona of one account.
pub(crate) fn person(status: u16, person: &Arc<Person>, persona: Option<&Arc<Listed>>, view: &View<'_>) -> Response {
    let shown = ShownPerson::of(person, persona);
    let mut body = Body::with_capacity(shown.length());
    shown.push(&mut body, &mut RoleIds::default(), view);
    body.answer(status, JSON)
}

/// A page of people.
pub(crate) fn people(
    members: &[Member<'_>],
    count: usize,
    page: Page,
    search: Option<&str>,
    view: &View<'_>,
) -> Response {
    let shown: Vec<_> = members.iter().map(|(person, persona)| ShownPerson::of(person, Some(persona))).collect();
    let listing = Listing { count, limit: page.limit, offset: page.offset, rows: vec![ROWS], search };
    // A listing always has a JSON form.
    let Written { text, gaps } = json::written(&listing, Escaping::Least).unwrap_or_default();
    let (before, after) = text.split_at(gaps.first().map_or(text.len(), |(at, _)| *at));
    let mut body = Body::with_capacity(text.len() + shown.iter().map(ShownPerson::length).sum::<usize>());
    body.push(before);
    let mut roles = RoleIds::default();
    for (number, person) in shown.iter().enumerate() {
        if number > 0 {
            body.push_sign(b',');
        }
        person.push(&mut body, &mut roles, view);
    }
    match search {
        // It is the client's.
        Some(_) => body.push_known(after, None),
        None => body.push(after),
    }
    body.answer(200, JSON)
}

/// Where the rows stand in a listing.
const ROWS: Gap = Gap(0);
