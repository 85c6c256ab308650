//! The bodies that Equals Money reads, property by property.

use crate::providers::equals_money::changes::{NewAddress, NewPerson, PersonPatch, PersonaPatch};
use crate::providers::equals_money::error::VendorError;
use crate::providers::equals_money::model::Person;
use crate::providers::equals_money::words::{GivenRole, PersonaStatus, Standing, Word};

use super::reader::{ACCOUNT, Body, Reader, line};

/// The longest e-mail address, name, number of an employee and so on.
const LINE: usize = 256;
/// The longest telephone number.
const PHONE: usize = 50;

/// The body of `PATCH /personas/{personaId}`, and a hint where it uses the names of the answer.
///
/// Two preferences have other names here than in the answer; null, which the answer cannot show,
/// stands for false (inferred).
pub(in crate::providers::equals_money) fn persona_patch(
    body: &Body<'_>,
) -> Result<(PersonaPatch, Option<&'static str>), VendorError> {
    let mut reader = body.members()?;
    let patch = PersonaPatch {
        email_address: reader.nullable_text("emailAddress", LINE),
        employee_number: reader.nullable_text("employeeNumber", LINE),
        work_number: reader.nullable_text("workNumber", PHONE),
        job_title: reader.nullable_text("jobTitle", LINE),
        status: reader.word::<Standing>("status").map(PersonaStatus::from),
        transactional_emails: reader.nullable_flag("transactionalEmailPreference"),
        marketing_emails: reader.nullable_flag("marketingEmailsPreference").map(Option::unwrap_or_default),
        security_notifications: reader.nullable_flag("securityNotificationsPreference").map(Option::unwrap_or_default),
        card_push_notifications: reader.flag("cardTransactionPushNotificationPreference"),
    };
    let hint = answer_name(&reader);
    reader.finish_whole(Some((patch, hint)))
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
pub(in crate::providers::equals_money) fn role_change(body: &Body<'_>) -> Result<GivenRole, VendorError> {
    let mut reader = body.members()?;
    let role = required_role(&mut reader);
    reader.finish_whole(role)
}

/// The account that a body must name, before anything else in it is looked at.
pub(in crate::providers::equals_money) fn required_account(body: &Body<'_>) -> Result<String, VendorError> {
    let mut reader = body.members()?;
    reader.require("accountId", ACCOUNT);
    let account = reader.account("accountId");
    reader.finish_with(account)
}

/// The account that a body may name, before anything else in it is looked at.
pub(in crate::providers::equals_money) fn optional_account(body: &Body<'_>) -> Result<Option<String>, VendorError> {
    let mut reader = body.members()?;
    let account = reader.account("accountId");
    reader.finish_with(Some(account))
}

/// The body of `POST /people`, its `accountId` apart.
pub(in crate::providers::equals_money) fn new_person(body: &Body<'_>) -> Result<NewPerson, VendorError> {
    let mut reader = body.members()?;
    reader.account("accountId");
    reader.require("firstName", &line(LINE));
    let first_name = reader.text("firstName", LINE);
    reader.require("lastName", &line(LINE));
    let last_name = reader.text("lastName", LINE);
    let role = required_role(&mut reader);
    reader.require("emailAddress", "an e-mail address of at most 256 characters");
    let email_address = reader.email("emailAddress", LINE);
    // "A valid string", says the guide, without a form: any will do (inferred).
    let dob = reader.nullable_any_text("dob").flatten();
    let nationalities = reader.nullable_countries("nationalities").flatten().unwrap_or_default();
    let address = reader.nullable_object("address", home).flatten();
    let primary_mobile_number = reader.nullable_text("primaryMobileNumber", PHONE).flatten();
    let status = reader.word("status").unwrap_or(Standing::Active);
    let employee_number = reader.nullable_text("employeeNumber", LINE).flatten();
    let job_title = reader.nullable_text("jobTitle", LINE).flatten();
    // The reference says true, one guide says false; the reference wins (inferred).
    let transactional_emails = reader.flag("notifyEmailTrans").unwrap_or(true);
    let created_by_persona = reader.id("createdByPersonaId");
    let add_to_user_pool = reader.flag("addToUserPool").unwrap_or(true);
    let send_invite = reader.flag("sendInvite").unwrap_or(true);
    let email_theme = reader.word("emailTheme");
    // Null, which the rows of a list have where there is none, is taken back (inferred).
    let locale = reader.nullable_any_text("locale").flatten();
    for ignored in ["sessionId", "mfaCode", "customerIp"] {
        reader.any_text(ignored);
    }
    let named = first_name.zip(last_name).zip(role).zip(email_address);
    let (((first_name, last_name), role), email_address) = reader.finish_whole(named)?;
    Ok(NewPerson {
        first_name,
        last_name,
        role,
        email_address,
        dob,
        nationalities,
        address,
        primary_mobile_number,
        status,
        employee_number,
        job_title,
        transactional_emails,
        created_by_persona,
        add_to_user_pool,
        send_invite,
        email_theme,
        locale,
    })
}

/// Where a new person lives. The sample has texts; that each may be null or left out is inferred.
fn home(reader: &mut Reader<'_>) -> NewAddress {
    NewAddress {
        street_name: reader.nullable_any_text("address.streetName").flatten(),
        building_number: reader.nullable_any_text("address.buildingNumber").flatten(),
        building_name: reader.nullable_any_text("address.buildingName").flatten(),
        postcode: reader.nullable_any_text("address.postcode").flatten(),
        city: reader.nullable_any_text("address.city").flatten(),
        region: reader.nullable_any_text("address.region").flatten(),
        country_code: reader.nullable_any_text("address.countryCode").flatten(),
    }
}

/// The body of `PATCH /people/{personId}`, its `accountId` apart.
///
/// The guide lets null clear most of a person. A row of `GET /people` is taken back whole: null stands
/// for what it has not, also where the guide does not say so, and a value that the person already has is
/// no change, whatever its form (inferred).
pub(in crate::providers::equals_money) fn person_patch(
    body: &Body<'_>,
    person: &Person,
) -> Result<PersonPatch, VendorError> {
    let mut reader = body.members()?;
    reader.account("accountId");
    let patch = PersonPatch {
        first_name: reader.text("firstName", LINE),
        last_name: reader.text("lastName", LINE),
        title: reader.nullable_word("title"),
        middle_initials: reader.nullable_text("middleInitials", 10),
        dob: reader.nullable_date("dob", person.dob.as_deref()),
        gender: reader.nullable_text("gender", 20),
        nationality: reader.nullable_text("nationality", LINE),
        nationalities: reader.countries("nationalities", &person.nationalities),
        country_of_residence: reader.nullable_text("countryOfResidence", LINE),
        primary_mobile_number: reader.nullable_text("primaryMobileNumber", PHONE),
        email_theme: reader.nullable_word("emailTheme"),
        locale: reader.nullable_any_text("locale"),
        transactional_emails: reader.nullable_flag("transactionalEmailPreference"),
    };
    reader.finish_whole(Some(patch))
}

fn required_role(reader: &mut Reader<'_>) -> Option<GivenRole> {
    reader.require("roleName", &GivenRole::spellings());
    reader.word("roleName")
}
