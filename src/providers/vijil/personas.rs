//! Personas. The order of the checks is FastAPI's: the body as JSON, the credential, every field,
//! and only then the team's rights and the persona itself.

use std::sync::Arc;

use uuid::Uuid;

use super::auth;
use super::claims::{Claims, Scope};
use super::error::{JSON, VijilError};
use super::hints;
use super::query::{self, Query, missing_team};
use super::rules;
use super::state::{Creation, Entry, State};
use super::wire::{field, listing};
use crate::dialects::pydantic::Findings;
use crate::provider::kept::{Pieces, Texts};
use crate::provider::{Call, Response, Unread, pass_over_body};

type Answer = Result<Response, VijilError>;

/// `GET /v1/personas/`
pub(super) fn list(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let state = call.read();
    let caller = auth::caller(call, &state)?;
    let query = Query::of(&call.request, query::PERSONAS, unread);
    pass_over_body(call.request.body, unread);
    let mut findings = Findings::by(rules::pydantic(call.options));
    let filter = query.filter(&mut findings);
    let filter = rules::settled(findings, Some(filter))?;
    let team = readable(call, &state, &caller, filter.team)?;
    let (page, total) = state.list(team, &filter);
    let page: Vec<_> = page.into_iter().map(text).collect();
    let response = listing(&page, total).answer(200, JSON);
    Ok(match hints::ignored(&query) {
        Some(hint) => response.hint(hint),
        None => hints::unknown_intents(&filter.intents, response),
    })
}

/// `GET /v1/personas/presets/`
pub(super) fn list_presets(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let state = call.read();
    let caller = auth::caller(call, &state)?;
    let query = Query::of(&call.request, query::PRESETS, unread);
    pass_over_body(call.request.body, unread);
    let mut findings = Findings::by(rules::pydantic(call.options));
    let filter = query.preset_filter(&mut findings);
    let filter = rules::settled(findings, Some(filter))?;
    readable(call, &state, &caller, filter.team)?;
    let (page, total) = state.list_presets(&filter);
    let page: Vec<_> = page.into_iter().map(text).collect();
    let response = listing(&page, total).answer(200, JSON);
    if let Some(hint) = hints::ignored(&query) {
        return Ok(response.hint(hint));
    }
    if filter.category.is_some() && total == 0 {
        return Ok(hints::unknown_category(state.preset_categories(), response));
    }
    Ok(response)
}

/// `GET /v1/personas/{id}`: a preset, or a persona of the team.
pub(super) fn get(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let state = call.read();
    let caller = auth::caller(call, &state)?;
    let query = Query::of(&call.request, query::PERSONA, unread);
    pass_over_body(call.request.body, unread);
    let mut findings = Findings::by(rules::pydantic(call.options));
    let id = rules::path_id(&mut findings, field::ID, call.param(0));
    let team = query.team(&mut findings);
    let id = rules::settled(findings, id)?;
    let team = readable(call, &state, &caller, team)?;
    let of_team = |entry: &&Arc<Entry>| entry.persona.team_id == team;
    let entry = state.preset(id).or_else(|| state.persona(id).filter(of_team)).ok_or(VijilError::NoPersona)?;
    let text = text(entry);
    let response = Response::new(200).body(JSON, text.text().clone()).with_clean(text.clean());
    Ok(match hints::ignored(&query) {
        Some(hint) => response.hint(hint),
        None => response,
    })
}

/// `POST /v1/personas/`
pub(super) fn create(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let text = rules::body_text(call)?;
    let body = rules::read(call, &text)?;
    let caller = auth::caller(call, &call.read())?;
    query::pass_over(&call.request, unread);
    let mut findings = Findings::by(rules::pydantic(call.options));
    let new = rules::new_persona(&mut findings, &body, unread);
    let new = rules::settled(findings, new)?;
    auth::need(call, &call.read(), &caller, new.team_id, Scope::Write)?;
    let json = call.write(|state| {
        if new.id.is_some_and(|id| state.is_taken(id)) {
            return Err(VijilError::TakenId);
        }
        if new.fields.unencodable {
            return Err(VijilError::Unencodable);
        }
        Ok(state.create(new, creation(call, &caller)))
    })?;
    Ok(Response::new(201).body(JSON, json))
}

/// `PUT /v1/personas/{id}`: changes what the body states, whatever the method's name says.
pub(super) fn update(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let text = rules::body_text(call)?;
    let body = rules::read(call, &text)?;
    let caller = auth::caller(call, &call.read())?;
    query::pass_over(&call.request, unread);
    let mut findings = Findings::by(rules::pydantic(call.options));
    let id = rules::path_id(&mut findings, field::ID, call.param(0));
    let changes = rules::changes(&mut findings, &body, unread);
    let (id, changes) = rules::settled(findings, id.zip(changes))?;
    let json = call.write(|state| {
        let entry = writable(call, state, &caller, id)?;
        if changes.unencodable {
            return Err(VijilError::Unencodable);
        }
        Ok(state.update(&entry, changes, call.now.as_second()))
    })?;
    Ok(Response::new(200).body(JSON, json))
}

/// `DELETE /v1/personas/{id}`
pub(super) fn delete(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let caller = auth::caller(call, &call.read())?;
    query::pass_over(&call.request, unread);
    pass_over_body(call.request.body, unread);
    let mut findings = Findings::by(rules::pydantic(call.options));
    let id = rules::path_id(&mut findings, field::ID, call.param(0));
    let id = rules::settled(findings, id)?;
    call.write(|state| writable(call, state, &caller, id).map(|_| state.delete(id)))?;
    // FastAPI names the media type of the body that a 204 does not have.
    Ok(Response::new(204).body(JSON, bytes::Bytes::new()))
}

/// `POST /v1/personas/from-preset/{preset_id}`: into the caller's first team, because the request
/// names none.
pub(super) fn create_from_preset(call: &Call<'_, State>, unread: &mut Unread) -> Answer {
    let text = rules::body_text(call)?;
    let body = rules::read(call, &text)?;
    let caller = auth::caller(call, &call.read())?;
    query::pass_over(&call.request, unread);
    let mut findings = Findings::by(rules::pydantic(call.options));
    let id = rules::path_id(&mut findings, field::PRESET_ID, call.param(0));
    let name = rules::name_override(&mut findings, &body, unread);
    let (id, name) = rules::settled(findings, id.zip(name))?;
    let team = caller.first_team().ok_or_else(|| auth::no_team(&caller))?;
    auth::need(call, &call.read(), &caller, team, Scope::Write)?;
    let json = call.write(|state| {
        let preset = state.preset(id).cloned().ok_or(VijilError::NoPreset)?;
        let name = name.map_err(|_| VijilError::Unencodable)?.filter(|name| !name.is_empty());
        Ok::<_, VijilError>(state.copy_preset(&preset.persona, name, team, creation(call, &caller)))
    })?;
    Ok(Response::new(201).body(JSON, json))
}

fn creation(call: &Call<'_, State>, caller: &Claims) -> Creation {
    Creation { user: caller.user, now: call.now.as_second(), seed: call.seed }
}

/// The JSON of the personas that were shown last.
static SHOWN: Texts<Entry> = Texts::new();

fn text(entry: &Arc<Entry>) -> Arc<Pieces> {
    SHOWN.get(entry, || Pieces::whole(entry.json()))
}

/// The team of a list, if the caller may read it.
fn readable(call: &Call<'_, State>, state: &State, caller: &Claims, team: Option<Uuid>) -> Result<Uuid, VijilError> {
    let team = team.ok_or_else(|| VijilError::from(missing_team(rules::pydantic(call.options))))?;
    auth::need(call, state, caller, team, Scope::Read)?;
    Ok(team)
}

/// The persona that a caller may change. The request names no team, so it is the persona's.
fn writable(call: &Call<'_, State>, state: &State, caller: &Claims, id: Uuid) -> Result<Arc<Entry>, VijilError> {
    if state.preset(id).is_some() {
        return Err(VijilError::ReadOnlyPreset);
    }
    let visible = state.persona(id).filter(|entry| caller.opens(entry.persona.team_id));
    let entry = visible.ok_or(VijilError::NoPersona)?;
    auth::need(call, state, caller, entry.persona.team_id, Scope::Write)?;
    Ok(entry.clone())
}
