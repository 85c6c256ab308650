//! The JSON of a person: what requests may set and what answers show.

use super::answers::{Second, View};
use super::persona::{EmbeddedPersona, required_role};
use super::reader::{ACCOUNT, Body, Reader};
use super::tables::{patch, shown};
use crate::providers::equals_money::error::VendorError;
use crate::providers::equals_money::model::{Avatar, HomeAddress, LINE, PHONE, Person, Persona};
use crate::providers::equals_money::state::NewPerson;
use crate::providers::equals_money::words::{EmailTheme, PersonaStatus, Standing, Title};

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
pub(crate) fn new_person(body: &Body<'_>) -> Result<NewPerson, VendorError> {
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
    persona.transactional_email_preference = Some(reader.flag("notifyEmailTrans").unwrap_or(true));
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
    reader.finish_whole(NewPerson { person, persona, add_to_user_pool })
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

patch! {
    /// What `PATCH /people/{personId}` changes.
    ///
    /// The guide lets null clear most of a person. A row of `GET /people` is taken back whole: null stands
    /// for what it has not, also where the guide does not say so, and a value that the person already has is
    /// no change, whatever its form (inferred).
    PersonPatch of Person, by |reader, own| {
        first_name: String = reader.text("firstName", LINE),
        last_name: String = reader.text("lastName", LINE),
        title: Option<Title> = reader.nullable_word("title"),
        middle_initials: Option<String> = reader.nullable_text("middleInitials", 10),
        dob: Option<String> = reader.nullable_date("dob", own.dob.as_deref()).filter(|dob| *dob != own.dob),
        gender: Option<String> = reader.nullable_text("gender", 20),
        nationality: Option<String> = reader.nullable_text("nationality", LINE),
        nationalities: Vec<String> =
            reader.countries("nationalities", &own.nationalities).filter(|codes| *codes != own.nationalities),
        country_of_residence: Option<String> = reader.nullable_text("countryOfResidence", LINE),
        primary_mobile_number: Option<String> = reader.nullable_text("primaryMobileNumber", PHONE),
        email_theme: Option<EmailTheme> = reader.nullable_word("emailTheme"),
        locale: Option<String> = reader.nullable_any_text("locale"),
    }
}

/// The body of `PATCH /people/{personId}`, its `accountId` apart: the change of the person, and of the preference
/// that stands on all their personas.
pub(crate) fn person_patch(
    body: &Body<'_>,
    person: &Person,
) -> Result<(PersonPatch, Option<Option<bool>>), VendorError> {
    let mut reader = body.members()?;
    reader.account("accountId");
    let patch = PersonPatch::read(&mut reader, person);
    let emails = reader.nullable_flag("transactionalEmailPreference");
    reader.finish_whole((patch, emails))
}

shown! {
    /// A person as every people operation answers it, with the persona of one account.
    PersonRow { person: &'a Person, persona: Option<&'a Persona>, view: View<'a> } {
        "id" => person.id,
        "productId" => person.product_id,
        "sub" => person.sub,
        "firstName" => person.first_name,
        "lastName" => person.last_name,
        "title" => person.title,
        "middleInitials" => person.middle_initials,
        "dob" => person.dob,
        "gender" => person.gender,
        "nationality" => person.nationality,
        "nationalities" => person.nationalities,
        "countryOfResidence" => person.country_of_residence,
        "status" => person.status,
        "primaryMobileNumber" => person.primary_mobile_number,
        "primaryEmailAddress" => person.primary_email_address,
        "avatar" => person.avatar.as_ref().unwrap_or(&Avatar::default()),
        "avatarId" => person.avatar_id,
        "avatarCdnUrl" => person.avatar_cdn_url,
        "emailTheme" => person.email_theme,
        "locale" => person.locale,
        "preferred2FAMethod" => person.preferred_2fa_method,
        "sendInvite" => person.send_invite,
        "roleId" => persona.and_then(|persona| view.state.role(&persona.account_id, persona.role_name)).map(|role| role.id),
        "verifyEmailAddress" => person.verify_email_address,
        "verifyMobileNumber" => person.verify_mobile_number,
        "hasPeopleCard" => person.has_people_card,
        "card" => person.card,
        "createdAt" => Second(person.created_at),
        "updatedAt" => person.updated_at.map(Second),
        "address" => person.address.as_ref().map(|address| Home { person, address }),
        "persona" if persona.is_some() => persona.map(|persona| EmbeddedPersona { persona, view }),
    }
}

shown! {
    /// Where a person lives.
    Home { person: &'a Person, address: &'a HomeAddress } {
        "id" => address.id,
        "personId" => person.id,
        "streetName" => address.street_name,
        "buildingNumber" => address.building_number,
        "buildingName" => address.building_name,
        "postcode" => address.postcode,
        "city" => address.city,
        "region" => address.region,
        "countryCode" => address.country_code,
    }
}
