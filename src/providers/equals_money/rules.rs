//! What Equals Money allows, once a request can be read.

use super::auth::Caller;
use super::error::VendorError;
use super::model::{Account, Persona, PersonaPatch};
use super::state::{NewPerson, State};
use super::words::{PersonaStatus, RoleName, Word};

/// Nobody deactivates their own persona (documented, its status is not). The primary owner of an
/// account stays (documented for the vendor's own pages, inferred here).
pub(super) fn may_patch(
    account: &Account,
    persona: &Persona,
    patch: &PersonaPatch,
    caller: &Caller<'_>,
) -> Result<(), VendorError> {
    if patch.status != Some(PersonaStatus::Deactivated) {
        return Ok(());
    }
    if caller.persona() == Some(persona.id) {
        return Err(VendorError::OwnPersona);
    }
    if account.primary_owner_persona_id == Some(persona.id) {
        return Err(VendorError::PrimaryOwnerLeaves);
    }
    Ok(())
}

/// A role must be one that the account has, and the primary owner stays `Owner` (both inferred).
pub(super) fn may_have_role(
    state: &State,
    account: &Account,
    persona: &Persona,
    role: RoleName,
) -> Result<(), VendorError> {
    is_enabled(state, account, role)?;
    if account.primary_owner_persona_id == Some(persona.id) && role != RoleName::Owner {
        return Err(VendorError::PrimaryOwnerRole);
    }
    Ok(())
}

/// A new person needs an approved e-mail domain (documented), a role that the account has and no other
/// persona on the account (inferred).
///
/// Any `createdByPersonaId` will do: that of both published samples is no persona of the account, and they
/// are answered with 201.
pub(super) fn may_join(state: &State, account: &Account, new: &NewPerson) -> Result<(), VendorError> {
    is_enabled(state, account, new.persona.role_name)?;
    let email = &new.person.primary_email_address;
    let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain).to_lowercase();
    if !account.approved_email_domains.is_empty() && !account.approved_email_domains.contains(&domain) {
        return Err(VendorError::EmailDomain);
    }
    let known = state.person_by_login(email);
    if known.is_some_and(|person| state.person_in(&account.id, person.id).is_some()) {
        return Err(VendorError::SecondPersona);
    }
    Ok(())
}

/// An active persona needs no invite. Whether it accepted one is not said: it may have been invited,
/// deactivated and made active again. An invite is accepted once (documented); the statuses 422 and 423
/// are in the operation's list, what they stand for is inferred.
pub(super) fn may_be_invited(persona: &Persona) -> Result<(), VendorError> {
    match persona.status {
        PersonaStatus::Created | PersonaStatus::Invited | PersonaStatus::InviteExpired => Ok(()),
        PersonaStatus::Active => Err(VendorError::ActiveNeedsNoInvite),
        PersonaStatus::Deactivated => Err(VendorError::InviteLocked),
    }
}

fn is_enabled(state: &State, account: &Account, role: RoleName) -> Result<(), VendorError> {
    if state.directory.role(&account.id, role).is_some() {
        return Ok(());
    }
    Err(VendorError::RoleNotEnabled(role.spelling()))
}
