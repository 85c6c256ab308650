//! `/v2/people`: list, create, update and invite people.

use super::auth;
use super::changes;
use super::error::{Quoted, VendorError};
use super::rules;
use super::state::State;
use super::wire::{self, Body, Listing, PersonRow, Query, Success, View};
use super::words::Access;
use crate::provider::{Call, Response};

/// `GET /v2/people`
pub(super) fn list(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let caller = auth::identify(call)?;
    Body::check_type(&call.request)?;
    let mut query = Query::of(&call.request);
    let account = query.account()?;
    let state = call.read();
    let account = caller.enter(&state, &account, Access::Read)?;
    let hint = query.hint();
    let (page, filter, include) = query.people()?;
    let (members, count) = state.members(account, &filter, page, call.now);
    let view = View { state: &state, now: call.now, include: &include };
    let rows = members.iter().map(|(person, persona)| PersonRow { person, persona: Some(persona), view }).collect();
    let search = filter.search.as_deref();
    let answer = wire::answer(200, &Listing { count, limit: page.limit, offset: page.offset, rows, search });
    Ok(match hint {
        Some(hint) => answer.hint(hint),
        None => answer,
    })
}

/// `POST /v2/people`
pub(super) fn create(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let caller = auth::identify(call)?;
    Body::check_type(&call.request)?;
    let body = Body::read(&call.request)?;
    let account = wire::required_account(&body)?;
    call.write(|state| {
        let account = caller.enter(state, &account, Access::Write)?.clone();
        let new = wire::new_person(&body)?;
        rules::may_join(state, &account, &new)?;
        let id = state.add_person(account.id.clone(), new, call.seed, call.now);
        let (person, persona) = state.person_in(&account.id, id).ok_or(VendorError::NoPerson(id))?;
        Ok(wire::answer(201, &PersonRow { person, persona: Some(persona), view: plain(state, call) }))
    })
}

/// `PATCH /v2/people/{personId}`
///
/// The account stands in the body here. The guide requires it, the reference does not: a user-level
/// key, which works with one account at a time, must name it (inferred).
pub(super) fn update(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let caller = auth::identify(call)?;
    Body::check_type(&call.request)?;
    let id = wire::path_id("personId", call.param(0))?;
    let body = Body::read(&call.request)?;
    let account =
        if caller.is_user_level() { Some(wire::required_account(&body)?) } else { wire::optional_account(&body)? };
    call.write(|state| {
        let person = match &account {
            Some(account) => {
                caller.enter(state, account, Access::Write)?;
                let missing = || VendorError::NoPersonHere { id, account: Quoted::text(account) };
                state.person_in(account, id).ok_or_else(missing)?.0
            }
            None => {
                caller.may(Access::Write)?;
                state.person(id).ok_or(VendorError::NoPerson(id))?
            }
        };
        state.patch_person(id, wire::person_patch(&body, person)?, call.now);
        let person = state.person(id).ok_or(VendorError::NoPerson(id))?;
        let persona =
            account.as_deref().and_then(|account| state.person_in(account, id)).map(|(_, persona)| &**persona);
        Ok(wire::answer(200, &PersonRow { person, persona, view: plain(state, call) }))
    })
}

/// `POST /v2/people/{personId}/invite`
pub(super) fn invite(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let caller = auth::identify(call)?;
    Body::check_type(&call.request)?;
    let id = wire::path_id("personId", call.param(0))?;
    let account = Query::of(&call.request).account()?;
    let body = Body::read_if_there(&call.request)?;
    call.write(|state| {
        caller.enter(state, &account, Access::Write)?;
        let missing = || VendorError::NoPersonHere { id, account: Quoted::text(&account) };
        let (_, persona) = state.person_in(&account, id).ok_or_else(missing)?;
        body.map_or(Ok(()), |body| body.check_object())?;
        rules::may_be_invited(persona)?;
        let persona = changes::invited(persona, call.now);
        state.put_persona(persona);
        Ok(wire::answer(200, &Success { success: true }))
    })
}

/// A look at a person that embeds nothing in the persona.
fn plain<'a>(state: &'a State, call: &Call<'_, State>) -> View<'a> {
    View { state, now: call.now, include: &[] }
}
