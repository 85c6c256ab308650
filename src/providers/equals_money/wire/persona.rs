//! The JSON of a persona: what a request may set and what answers show.

use jiff::Timestamp;

use super::answers::{AddressRow, Millisecond, RoleRow, Second, TeamRow, View};
use super::reader::{Body, Reader};
use super::tables::{patch, shown};
use crate::providers::equals_money::error::VendorError;
use crate::providers::equals_money::model::{LINE, PHONE, Persona};
use crate::providers::equals_money::state::State;
use crate::providers::equals_money::words::{GivenRole, Include, PersonaStatus, RoleName, Standing, Word};

patch! {
    /// What `PATCH /personas/{personaId}` changes.
    ///
    /// Two preferences have other names here than in the answer; null, which the answer cannot show,
    /// stands for false (inferred).
    PersonaPatch of Persona, by |reader| {
        email_address: Option<String> = reader.nullable_text("emailAddress", LINE),
        employee_number: Option<String> = reader.nullable_text("employeeNumber", LINE),
        work_number: Option<String> = reader.nullable_text("workNumber", PHONE),
        job_title: Option<String> = reader.nullable_text("jobTitle", LINE),
        status: PersonaStatus = reader.word::<Standing>("status").map(PersonaStatus::from),
        transactional_email_preference: Option<bool> = reader.nullable_flag("transactionalEmailPreference"),
        marketing_emails: bool = reader.nullable_flag("marketingEmailsPreference").map(Option::unwrap_or_default),
        security_notifications: bool =
            reader.nullable_flag("securityNotificationsPreference").map(Option::unwrap_or_default),
        card_transaction_push_notification_preference: bool =
            reader.flag("cardTransactionPushNotificationPreference"),
    }
}

/// The body of `PATCH /personas/{personaId}`, and a hint where it uses the names of the answer.
pub(crate) fn persona_patch(body: &Body<'_>) -> Result<(PersonaPatch, Option<&'static str>), VendorError> {
    let mut reader = body.members()?;
    let patch = PersonaPatch::read(&mut reader);
    let hint = answer_name(&reader);
    reader.finish_whole((patch, hint))
}

/// The trap of this operation: what it answers under one name it reads under another.
fn answer_name(reader: &Reader<'_>) -> Option<&'static str> {
    match (reader.has("marketingEmails"), reader.has("securityNotifications")) {
        (true, true) => Some(
            "marketingEmails and securityNotifications are ignored: \
             send marketingEmailsPreference and securityNotificationsPreference",
        ),
        (true, false) => Some("marketingEmails is ignored: send marketingEmailsPreference"),
        (false, true) => Some("securityNotifications is ignored: send securityNotificationsPreference"),
        (false, false) => None,
    }
}

/// The body of `PATCH /personas/{personaId}/role`.
pub(crate) fn role_change(body: &Body<'_>) -> Result<RoleName, VendorError> {
    let mut reader = body.members()?;
    let role = required_role(&mut reader);
    reader.finish_whole(role)
}

/// The role that a body must give.
pub(super) fn required_role(reader: &mut Reader<'_>) -> RoleName {
    reader.require("roleName", &GivenRole::spellings());
    reader.word::<GivenRole>("roleName").map(RoleName::from).unwrap_or_default()
}

shown! {
    /// A persona as the persona operations answer it: the shape of the vendor's reference.
    ///
    /// The reference has members that the tutorials lack, and two preferences have other names than in
    /// the request (docs/providers/equals-money.md, "Names that differ").
    FullPersona { persona: &'a Persona, state: &'a State, now: Timestamp } {
        "id" => persona.id,
        "accountId" => persona.account_id,
        "emailAddress" => persona.email_address,
        "employeeNumber" => persona.employee_number,
        "workNumber" => persona.work_number,
        "jobTitle" => persona.job_title,
        "status" => persona.status_at(now),
        "addresses" => addresses(persona, state),
        "createdBy" => persona.created_by,
        "createdByPersonaId" => persona.created_by_persona_id,
        "primaryOwnerOf" => persona.primary_owner_of,
        "teams" => teams(persona, state),
        "transactionalEmailPreference" => persona.transactional_email_preference,
        "cardTransactionPushNotificationPreference" => persona.card_transaction_push_notification_preference,
        "inviteSentDate" => persona.invite_sent_date.map(Millisecond),
        "marketingEmails" => persona.marketing_emails,
        "securityNotifications" => persona.security_notifications,
        "createdAt" => Second(persona.created_at),
        "updatedAt" => persona.updated_at.map(Second),
    }
}

shown! {
    /// A persona inside a person: the smaller shape of the vendor's tutorials, plus what was asked for.
    EmbeddedPersona { persona: &'a Persona, view: View<'a> } {
        "id" => persona.id,
        "emailAddress" => persona.email_address,
        "employeeNumber" => persona.employee_number,
        "workNumber" => persona.work_number,
        "status" => persona.status_at(view.now),
        "jobTitle" => persona.job_title,
        "createdByPersonaId" => persona.created_by_persona_id,
        "transactionalEmailPreference" => persona.transactional_email_preference,
        "cardTransactionPushNotificationPreference" => persona.card_transaction_push_notification_preference,
        "createdAt" => Second(persona.created_at),
        "updatedAt" => persona.updated_at.map(Second),
        "inviteSentDate" => persona.invite_sent_date.map(Millisecond),
        "addresses" if view.embeds(Include::Addresses) => addresses(persona, view.state),
        "createdBy" if view.embeds(Include::CreatedBy) => persona.created_by,
        "teams" if view.embeds(Include::Teams) => teams(persona, view.state),
        "primaryOwnerOf" if view.embeds(Include::PrimaryOwnerOf) => persona.primary_owner_of,
        "roles" if view.embeds(Include::Roles) => role(persona, view.state).as_slice(),
    }
}

fn addresses<'a>(persona: &Persona, state: &'a State) -> Vec<AddressRow<'a>> {
    persona.address_ids.iter().filter_map(|id| state.addresses.get(id)).map(|address| AddressRow { address }).collect()
}

fn teams<'a>(persona: &Persona, state: &'a State) -> Vec<TeamRow<'a>> {
    persona.team_ids.iter().filter_map(|id| state.teams.get(id)).map(|team| TeamRow { team }).collect()
}

fn role<'a>(persona: &'a Persona, state: &'a State) -> Option<RoleRow<'a>> {
    let account = &*persona.account_id;
    state.role(account, persona.role_name).map(|role| RoleRow { role, account })
}
