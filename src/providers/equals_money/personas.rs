//! `/v2/personas`: update a persona, change its role. A persona is read through `/v2/people`.

use uuid::Uuid;

use super::auth::{self, Caller};
use super::error::{Quoted, VendorError};
use super::model::{Account, Persona, View};
use super::rules;
use super::state::State;
use super::wire::{self, Body, Query, RoleGiven};
use super::words::Access;
use crate::provider::entity::Shown;
use crate::provider::{Call, Response, Unread};

/// `PATCH /v2/personas/{personaId}`
pub(super) fn update(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let (asked, (patch, hint)) = Asked::read(call, unread, wire::persona_patch)?;
    let state = call.write(|state| {
        let (account, persona) = asked.find(state)?;
        rules::may_patch(account, persona, &patch, &asked.caller)?;
        let mut persona = persona.clone();
        patch.apply(&mut persona);
        // `updatedAt` moves with every patch, also an empty one; `inviteSentDate` never does (inferred from the
        // vendor's tutorial).
        persona.updated_at = Some(call.now);
        state.put_persona(persona);
        Ok(state.clone())
    })?;
    let (_, persona) = asked.find(&state)?;
    let view = View { directory: &state.directory, now: call.now, include: &[] };
    let answer = wire::answer(200, &Shown(persona, &view));
    Ok(match hint {
        Some(hint) => answer.hint(hint),
        None => answer,
    })
}

/// `PATCH /v2/personas/{personaId}/role`
pub(super) fn update_role(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let (asked, role_name) = Asked::read(call, unread, wire::role_change)?;
    call.write(|state| {
        let (account, persona) = asked.find(state)?;
        rules::may_have_role(state, account, persona, role_name)?;
        let persona = Persona { role_name, updated_at: Some(call.now), ..persona.clone() };
        state.put_persona(persona);
        Ok(())
    })?;
    Ok(wire::answer(200, &RoleGiven { name: role_name }))
}

/// What both operations ask: a caller changes one persona of one account.
struct Asked<'a> {
    caller: Caller<'a>,
    id: Uuid,
    account: String,
}

impl<'a> Asked<'a> {
    /// Reads everything, and tells what is wrong in the order of the vendor's checks (inferred): what is asked for is
    /// found before the body's members are judged, and once more by the write.
    fn read<T>(
        call: &'a Call<'_, State>,
        unread: &mut Unread,
        members: impl FnOnce(&Body<'_>, &mut Unread) -> Result<T, VendorError>,
    ) -> Result<(Self, T), VendorError> {
        let caller = auth::identify(call)?;
        Body::check_type(&call.request)?;
        let id = wire::path_id("personaId", call.param(0));
        let account = Query::of(&call.request).account_alone(unread);
        let body = Body::read(&call.request).map(|body| members(&body, unread));
        let asked = Self { caller, id: id?, account: account? };
        let members = body?;
        asked.find(&call.read())?;
        Ok((asked, members?))
    }

    /// The account and the persona. One of another account is not found, reachable or not (inferred).
    fn find<'s>(&self, state: &'s State) -> Result<(&'s Account, &'s Persona), VendorError> {
        let account = self.caller.enter(state, &self.account, Access::Write)?;
        let missing = || VendorError::NoPersona { id: self.id, account: Quoted::text(&self.account) };
        Ok((account, &state.persona_in(&self.account, self.id).ok_or_else(missing)?.1.row))
    }
}
