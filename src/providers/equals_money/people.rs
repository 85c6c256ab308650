//! `/v2/people`: list, create, update and invite people.
//!
//! What is not there is told before what is wrong with a body's values: a change is found before they are read, and
//! once more by the write.

use std::sync::Arc;

use uuid::Uuid;

use super::auth::{self, Caller};
use super::error::{Quoted, VendorError};
use super::model::{Listed, Person, Persona, View};
use super::rules;
use super::state::{Member, State};
use super::wire::{self, Body, Query, Success};
use super::words::{Access, PersonaStatus};
use crate::provider::{Call, Response, Unread, pass_over_body};

/// `GET /v2/people`
pub(super) fn list(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let caller = auth::identify(call)?;
    Body::check_type(&call.request)?;
    let mut query = Query::of(&call.request);
    let account = query.account();
    let hint = query.hint();
    let asked = query.people(unread);
    pass_over_body(call.request.body, unread);
    let account = account?;
    let state = call.read();
    let account = caller.enter(&state, &account, Access::Read)?;
    let (page, filter, include) = asked?;
    let (members, count) = state.members(account, &filter, page, call.now);
    let view = View { directory: &state.directory, now: call.now, include: &include };
    let answer = wire::people(&members, count, page, filter.search.as_deref(), &view);
    Ok(match hint {
        Some(hint) => answer.hint(hint),
        None => answer,
    })
}

/// `POST /v2/people`
pub(super) fn create(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let caller = auth::identify(call)?;
    Body::check_type(&call.request)?;
    call.request.pass_over_query(unread);
    let body = Body::read(&call.request)?;
    let new = wire::new_person(&body, unread);
    let account = wire::required_account(&body)?;
    caller.enter(&call.read(), &account, Access::Write)?;
    let new = new?;
    let (id, state) = call.write(|state| {
        let account = caller.enter(state, &account, Access::Write)?;
        rules::may_join(state, account, &new)?;
        let id = state.add_person(account.id.clone(), new, call.seed, call.now);
        Ok((id, state.clone()))
    })?;
    let (person, persona) = state.person_in(&account, id).ok_or(VendorError::NoPerson(id))?;
    Ok(wire::person(201, person, Some(persona), &plain(&state, call)))
}

/// `PATCH /v2/people/{personId}`
///
/// The account stands in the body here. The guide requires it, the reference does not: a user-level
/// key, which works with one account at a time, must name it (inferred).
pub(super) fn update(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let caller = auth::identify(call)?;
    Body::check_type(&call.request)?;
    call.request.pass_over_query(unread);
    let id = wire::path_id("personId", call.param(0))?;
    let body = Body::read(&call.request)?;
    let account =
        if caller.is_user_level() { wire::required_account(&body).map(Some) } else { wire::optional_account(&body) };
    let before = call.read();
    let found = account.and_then(|account| {
        let (person, _) = with_or_without_account(&before, &caller, account.as_deref(), id)?;
        Ok((account, person))
    });
    let read = wire::person_patch(&body, found.as_ref().map_or(&Person::default(), |(_, person)| &***person), unread);
    // What nobody reads of a body hangs on no person: it is noted where none is found too.
    let (account, as_read) = found?;
    let read = read?;
    let state = call.write(|state| {
        let (person, _) = with_or_without_account(state, &caller, account.as_deref(), id)?;
        // What a person has may be sent back whatever its form: of one who changed since, the body is judged anew.
        let (patch, emails) =
            if person == as_read { read } else { wire::person_patch(&body, person, &mut Unread::default())? };
        let mut person = Person::clone(person);
        patch.apply(&mut person);
        person.updated_at = Some(call.now);
        state.put_person(person, emails, call.now);
        Ok(state.clone())
    })?;
    let (person, persona) = with_or_without_account(&state, &caller, account.as_deref(), id)?;
    Ok(wire::person(200, person, persona, &plain(&state, call)))
}

/// `POST /v2/people/{personId}/invite`
pub(super) fn invite(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let caller = auth::identify(call)?;
    Body::check_type(&call.request)?;
    let account = Query::of(&call.request).account_alone(unread);
    let body = Body::read_if_there(&call.request);
    let checked = match &body {
        Ok(Some(body)) => body.check_object(unread),
        _ => Ok(()),
    };
    let id = wire::path_id("personId", call.param(0))?;
    let account = account?;
    body?;
    on_account(&call.read(), &caller, &account, id)?;
    checked?;
    call.write(|state| {
        let (_, persona) = on_account(state, &caller, &account, id)?;
        let persona = &persona.row;
        rules::may_be_invited(persona)?;
        let (status, sent) = (PersonaStatus::Invited, Some(call.now));
        let persona = Persona { status, invite_sent_at: sent, updated_at: sent, ..persona.clone() };
        state.put_persona(persona);
        Ok(())
    })?;
    Ok(wire::answer(200, &Success { success: true }))
}

/// The person to change, who must have a persona on the account.
fn on_account<'s>(state: &'s State, caller: &Caller<'_>, account: &str, id: Uuid) -> Result<Member<'s>, VendorError> {
    caller.enter(state, account, Access::Write)?;
    state.person_in(account, id).ok_or_else(|| VendorError::NoPersonHere { id, account: Quoted::text(account) })
}

/// The same where the account need not be named.
fn with_or_without_account<'s>(
    state: &'s State,
    caller: &Caller<'_>,
    account: Option<&str>,
    id: Uuid,
) -> Result<(&'s Arc<Person>, Option<&'s Arc<Listed>>), VendorError> {
    if let Some(account) = account {
        return on_account(state, caller, account, id).map(|(person, persona)| (person, Some(persona)));
    }
    caller.may(state, Access::Write)?;
    Ok((state.person(id).ok_or(VendorError::NoPerson(id))?, None))
}

/// From where a person is looked at, with nothing embedded in the persona.
fn plain<'a>(state: &'a State, call: &Call<'_, State>) -> View<'a> {
    View { directory: &state.directory, now: call.now, include: &[] }
}
