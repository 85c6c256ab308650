//! The bodies that Equals Money reads.

use super::reader::{ACCOUNT, Body, Reader};
use crate::provider::Unread;
use crate::providers::equals_money::error::VendorError;
use crate::providers::equals_money::model::{HomeAddress, LINE, PHONE, Person, PersonPatch, Persona, PersonaPatch};
use crate::providers::equals_money::state::NewPerson;
use crate::providers::equals_money::words::{GivenRole, PersonaStatus, RoleName, Standing, Word};

/// The body of `PATCH /personas/{personaId}`, and a hint where it uses the names of the answer.
pub(crate) fn persona_patch(
    body: &Body<'_>,
    unread: &mut Unread,
) -> Result<(PersonaPatch, Option<&'static str>), VendorError> {
    let mut reader = body.members()?;
    let patch = PersonaPatch::read(&mut reader);
    let hint = answer_name(&reader);
    reader.finish_whole((patch, hint), unread)
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
pub(crate) fn role_change(body: &Body<'_>, unread: &mut Unread) -> Result<RoleName, VendorError> {
    let mut reader = body.members()?;
    let role = required_role(&mut reader);
    reader.finish_whole(role, unread)
}

/// The role that a body must give.
fn required_role(reader: &mut Reader<'_>) -> RoleName {
    reader.require("roleName", &GivenRole::spellings());
    reader.word::<GivenRole>("roleName").map(RoleName::from).unwrap_or_default()
}

/// The account that a body must name, before anything else in it is looked at.
pub(crate) fn required_account(body: &Body<'_>) -> Result<String, VendorError> {
    let mut reader = body.members()?;
    reader.require("accountId", ACCOUNT);
    let account = reader.account("accountId").unwrap_or_default();
    reader.finish(account)
}

/// The account that a body may name, before anything else in it is looked at.
pub(crate) fn optional_account(body: &Body<'_>) -> Result<Option<String>, VendorError> {
    let mut reader = body.members()?;
    let account = reader.account("accountId");
    reader.finish(account)
}

/// The body of `POST /people`, its `accountId` apart.
///
/// Without a theme or a picture their defaults are there: the tutorials show both.
pub(crate) fn new_person(body: &Body<'_>, unread: &mut Unread) -> Result<NewPerson, VendorError> {
    let mut reader = body.members()?;
    reader.account("accountId");
    let (mut person, mut persona) = (Person::default(), Persona::default());
    person.first_name = reader.required_text("firstName", LINE);
    person.last_name = reader.required_text("lastName", LINE);
    persona.role_name = required_role(&mut reader);
    person.primary_email_address = reader.required_email("emailAddress", LINE);
    persona.email_address = Some(person.primary_email_address.clone());
    // "A valid string", says the guide, without a form: any will do (inferred).
    person.dob = reader.nullable_any_text("dob").flatten();
    person.nationalities = reader.nullable_countries("nationalities").flatten().unwrap_or_default();
    person.address = reader.nullable_object("address", home).flatten();
    person.primary_mobile_number = reader.nullable_text("primaryMobileNumber", PHONE).flatten();
    person.status = reader.word("status").unwrap_or_default();
    persona.employee_number = reader.nullable_text("employeeNumber", LINE).flatten();
    persona.job_title = reader.nullable_text("jobTitle", LINE).flatten();
    // The reference says true, one guide says false; the reference wins (inferred).
    persona.transactional_emails = Some(reader.flag("notifyEmailTrans").unwrap_or(true));
    persona.created_by_persona_id = reader.id("createdByPersonaId");
    let add_to_user_pool = reader.flag("addToUserPool").unwrap_or(true);
    person.send_invite = reader.flag("sendInvite").unwrap_or(true);
    person.email_theme = Some(reader.word("emailTheme").unwrap_or_default());
    // Null, which the rows of a list have where there is none, is taken back (inferred).
    person.locale = reader.nullable_any_text("locale").flatten();
    for ignored in ["sessionId", "mfaCode", "customerIp"] {
        reader.any_text(ignored);
    }
    persona.status = match (person.status, person.send_invite) {
        (Standing::Deactivated, _) => PersonaStatus::Deactivated,
        (Standing::Active, true) => PersonaStatus::Invited,
        (Standing::Active, false) => PersonaStatus::Created,
    };
    reader.finish_whole(NewPerson { person, persona, add_to_user_pool }, unread)
}

/// Where a new person lives. The sample has texts; that each may be null or left out is inferred.
fn home(reader: &mut Reader<'_>) -> HomeAddress {
    HomeAddress {
        street_name: reader.nullable_any_text("address.streetName").flatten(),
        building_number: reader.nullable_any_text("address.buildingNumber").flatten(),
        building_name: reader.nullable_any_text("address.buildingName").flatten(),
        postcode: reader.nullable_any_text("address.postcode").flatten(),
        city: reader.nullable_any_text("address.city").flatten(),
        region: reader.nullable_any_text("address.region").flatten(),
        country_code: reader.nullable_any_text("address.countryCode").flatten(),
        ..HomeAddress::default()
    }
}

/// The body of `PATCH /people/{personId}`, its `accountId` apart: the change of the person, and of the preference
/// that stands on all their personas.
///
/// The guide lets null clear most of a person. A row of `GET /people` is taken back whole: null stands
/// for what it has not, also where the guide does not say so, and a value that the person already has is
/// taken, whatever its form (inferred). So what is acceptable hangs on the person as they are when it is written.
pub(crate) fn person_patch(
    body: &Body<'_>,
    person: &Person,
    unread: &mut Unread,
) -> Result<(PersonPatch, Option<Option<bool>>), VendorError> {
    let mut reader = body.members()?;
    reader.account("accountId");
    let patch = PersonPatch::read(&mut reader, person);
    let emails = reader.nullable_flag("transactionalEmailPreference");
    reader.finish_whole((patch, emails), unread)
}
