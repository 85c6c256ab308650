//! `/v2/personas`: update a persona, change its role. A persona is read through `/v2/people`.

use std::sync::Arc;

use uuid::Uuid;

use super::auth::{self, Caller};
use super::changes;
use super::error::{Quoted, VendorError};
use super::model::Account;
use super::rules;
use super::state::{Member, State};
use super::wire::{self, Body, FullPersona, Query, RoleGiven};
use super::words::Access;
use crate::provider::{Call, Response};

/// `PATCH /v2/personas/{personaId}`
pub(super) fn update(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let asked = Asked::read(call)?;
    call.write(|state| {
        let (account, (person, persona)) = asked.find(state)?;
        let (patch, hint) = wire::persona_patch(&asked.body)?;
        rules::may_patch(account, persona, &patch, &asked.caller)?;
        let persona = changes::patched_persona(persona, person, patch, call.now);
        state.put_persona(persona.clone());
        let answer = wire::answer(200, &FullPersona { persona: &persona, state, now: call.now });
        Ok(match hint {
            Some(hint) => answer.header(wire::HINT, hint),
            None => answer,
        })
    })
}

/// `PATCH /v2/personas/{personaId}/role`
pub(super) fn update_role(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let asked = Asked::read(call)?;
    call.write(|state| {
        let (account, (_, persona)) = asked.find(state)?;
        let role = wire::role_change(&asked.body)?;
        rules::may_have_role(state, account, persona, role)?;
        let persona = changes::with_role(persona, role.into(), call.now);
        let name = persona.role;
        state.put_persona(persona);
        Ok(wire::answer(200, &RoleGiven { name }))
    })
}

/// What both operations ask: a caller changes one persona of one account.
struct Asked<'a> {
    caller: Caller,
    id: Uuid,
    account: String,
    body: Body<'a>,
}

impl<'a> Asked<'a> {
    /// Reads everything but the body's members, in the order of the vendor's checks (inferred).
    fn read(call: &Call<'a, State>) -> Result<Self, VendorError> {
        let caller = auth::identify(call)?;
        Body::check_type(&call.request)?;
        let id = wire::path_id("personaId", call.param(0))?;
        let account = Query::of(&call.request).account()?;
        let body = Body::read(&call.request)?;
        Ok(Self { caller, id, account, body })
    }

    /// The account and the persona. One of another account is not found, reachable or not (inferred).
    fn find<'s>(&self, state: &'s State) -> Result<(&'s Arc<Account>, Member<'s>), VendorError> {
        let account = self.caller.enter(state, &self.account, Access::Write)?;
        let missing = || VendorError::NoPersona { id: self.id, account: Quoted::text(&self.account) };
        Ok((account, state.persona_in(&self.account, self.id).ok_or_else(missing)?))
    }
}
