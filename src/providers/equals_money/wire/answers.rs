//! What Equals Money answers: names, order and spelling of every member.

use jiff::Timestamp;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::providers::equals_money::model::{Address, HomeAddress, Person, Persona, Role, Team};
use crate::providers::equals_money::state::State;
use crate::providers::equals_money::words::{Include, RoleName, Word};

/// A time without milliseconds, as `createdAt` and `updatedAt` are sent.
#[derive(Debug, Clone, Copy)]
struct Second(Timestamp);

impl Serialize for Second {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&whole_seconds(self.0))
    }
}

/// A time with milliseconds, which are always zero: `inviteSentDate`.
#[derive(Debug, Clone, Copy)]
struct Millisecond(Timestamp);

impl Serialize for Millisecond {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.3}", whole_seconds(self.0)))
    }
}

fn whole_seconds(instant: Timestamp) -> Timestamp {
    Timestamp::from_second(instant.as_second()).unwrap_or(instant)
}

/// A persona as the persona operations answer it: the shape of the vendor's reference.
///
/// The reference has members that the tutorials lack, and two preferences have other names than in
/// the request (docs/providers/equals-money.md, "Names that differ").
#[derive(Debug)]
pub(in crate::providers::equals_money) struct FullPersona<'a> {
    pub(in crate::providers::equals_money) persona: &'a Persona,
    pub(in crate::providers::equals_money) state: &'a State,
    pub(in crate::providers::equals_money) now: Timestamp,
}

impl Serialize for FullPersona<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { persona, state, now } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &persona.id)?;
        map.serialize_entry("accountId", &persona.account)?;
        map.serialize_entry("emailAddress", &persona.email_address)?;
        map.serialize_entry("employeeNumber", &persona.employee_number)?;
        map.serialize_entry("workNumber", &persona.work_number)?;
        map.serialize_entry("jobTitle", &persona.job_title)?;
        map.serialize_entry("status", &persona.status_at(now))?;
        map.serialize_entry("addresses", &addresses(persona, state))?;
        map.serialize_entry("createdBy", &persona.created_by)?;
        map.serialize_entry("createdByPersonaId", &persona.created_by_persona)?;
        map.serialize_entry("primaryOwnerOf", &persona.primary_owner_of)?;
        map.serialize_entry("teams", &teams(persona, state))?;
        map.serialize_entry("transactionalEmailPreference", &persona.transactional_emails)?;
        map.serialize_entry("cardTransactionPushNotificationPreference", &persona.card_push_notifications)?;
        map.serialize_entry("inviteSentDate", &persona.invite_sent_at.map(Millisecond))?;
        map.serialize_entry("marketingEmails", &persona.marketing_emails)?;
        map.serialize_entry("securityNotifications", &persona.security_notifications)?;
        map.serialize_entry("createdAt", &Second(persona.created_at))?;
        map.serialize_entry("updatedAt", &Second(persona.updated_at))?;
        map.end()
    }
}

/// A persona inside a person: the smaller shape of the vendor's tutorials, plus what was asked for.
#[derive(Debug)]
struct EmbeddedPersona<'a> {
    persona: &'a Persona,
    view: View<'a>,
}

impl Serialize for EmbeddedPersona<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { persona, view } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &persona.id)?;
        map.serialize_entry("emailAddress", &persona.email_address)?;
        map.serialize_entry("employeeNumber", &persona.employee_number)?;
        map.serialize_entry("workNumber", &persona.work_number)?;
        map.serialize_entry("status", &persona.status_at(view.now))?;
        map.serialize_entry("jobTitle", &persona.job_title)?;
        map.serialize_entry("createdByPersonaId", &persona.created_by_persona)?;
        map.serialize_entry("transactionalEmailPreference", &persona.transactional_emails)?;
        map.serialize_entry("cardTransactionPushNotificationPreference", &persona.card_push_notifications)?;
        map.serialize_entry("createdAt", &Second(persona.created_at))?;
        map.serialize_entry("updatedAt", &Second(persona.updated_at))?;
        map.serialize_entry("inviteSentDate", &persona.invite_sent_at.map(Millisecond))?;
        for (_, include) in Include::ALL {
            if !view.include.contains(include) {
                continue;
            }
            match include {
                Include::Addresses => map.serialize_entry("addresses", &addresses(persona, view.state))?,
                Include::CreatedBy => map.serialize_entry("createdBy", &persona.created_by)?,
                Include::Teams => map.serialize_entry("teams", &teams(persona, view.state))?,
                Include::PrimaryOwnerOf => map.serialize_entry("primaryOwnerOf", &persona.primary_owner_of)?,
                Include::Roles => {
                    let role = view.state.role(&persona.account, persona.role);
                    let account = &*persona.account;
                    map.serialize_entry("roles", &role.map(|role| RoleRow { role, account }).as_slice())?;
                }
            }
        }
        map.end()
    }
}

/// From where people are looked at.
#[derive(Debug, Clone, Copy)]
pub(in crate::providers::equals_money) struct View<'a> {
    pub(in crate::providers::equals_money) state: &'a State,
    pub(in crate::providers::equals_money) now: Timestamp,
    pub(in crate::providers::equals_money) include: &'a [Include],
}

/// A person as every people operation answers it, with the persona of one account.
#[derive(Debug)]
pub(in crate::providers::equals_money) struct PersonRow<'a> {
    pub(in crate::providers::equals_money) person: &'a Person,
    pub(in crate::providers::equals_money) persona: Option<&'a Persona>,
    pub(in crate::providers::equals_money) view: View<'a>,
}

impl Serialize for PersonRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { person, persona, view } = *self;
        let role = persona.and_then(|persona| view.state.role(&persona.account, persona.role));
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &person.id)?;
        map.serialize_entry("productId", &person.product_id)?;
        map.serialize_entry("sub", &person.sub)?;
        map.serialize_entry("firstName", &person.first_name)?;
        map.serialize_entry("lastName", &person.last_name)?;
        map.serialize_entry("title", &person.title)?;
        map.serialize_entry("middleInitials", &person.middle_initials)?;
        map.serialize_entry("dob", &person.dob)?;
        map.serialize_entry("gender", &person.gender)?;
        map.serialize_entry("nationality", &person.nationality)?;
        map.serialize_entry("nationalities", &person.nationalities)?;
        map.serialize_entry("countryOfResidence", &person.country_of_residence)?;
        map.serialize_entry("status", &person.status)?;
        map.serialize_entry("primaryMobileNumber", &person.primary_mobile_number)?;
        map.serialize_entry("primaryEmailAddress", &person.primary_email_address)?;
        map.serialize_entry("avatar", &person.avatar)?;
        map.serialize_entry("avatarId", &person.avatar_id)?;
        map.serialize_entry("avatarCdnUrl", &person.avatar_cdn_url)?;
        map.serialize_entry("emailTheme", &person.email_theme)?;
        map.serialize_entry("locale", &person.locale)?;
        map.serialize_entry("preferred2FAMethod", &person.preferred_2fa_method)?;
        map.serialize_entry("sendInvite", &person.send_invite)?;
        map.serialize_entry("roleId", &role.map(|role| role.id))?;
        map.serialize_entry("verifyEmailAddress", &person.verify_email_address)?;
        map.serialize_entry("verifyMobileNumber", &person.verify_mobile_number)?;
        map.serialize_entry("hasPeopleCard", &person.has_people_card)?;
        map.serialize_entry("card", &person.card)?;
        map.serialize_entry("createdAt", &Second(person.created_at))?;
        map.serialize_entry("updatedAt", &Second(person.updated_at))?;
        map.serialize_entry("address", &person.address.as_ref().map(|address| Home { person, address }))?;
        if let Some(persona) = persona {
            map.serialize_entry("persona", &EmbeddedPersona { persona, view })?;
        }
        map.end()
    }
}

struct Home<'a> {
    person: &'a Person,
    address: &'a HomeAddress,
}

impl Serialize for Home<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { person, address } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &address.id)?;
        map.serialize_entry("personId", &person.id)?;
        map.serialize_entry("streetName", &address.street_name)?;
        map.serialize_entry("buildingNumber", &address.building_number)?;
        map.serialize_entry("buildingName", &address.building_name)?;
        map.serialize_entry("postcode", &address.postcode)?;
        map.serialize_entry("city", &address.city)?;
        map.serialize_entry("region", &address.region)?;
        map.serialize_entry("countryCode", &address.country_code)?;
        map.end()
    }
}

fn addresses<'a>(persona: &Persona, state: &'a State) -> Vec<AddressRow<'a>> {
    persona.addresses.iter().filter_map(|id| state.address(id)).map(AddressRow).collect()
}

struct AddressRow<'a>(&'a Address);

impl Serialize for AddressRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(address) = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &address.id)?;
        map.serialize_entry("type", &address.kind)?;
        map.serialize_entry("nickName", &address.nick_name)?;
        map.serialize_entry("addressLine1", &address.line1)?;
        map.serialize_entry("addressLine2", &address.line2)?;
        map.serialize_entry("addressLine3", &address.line3)?;
        map.serialize_entry("addressContact", &address.contact)?;
        map.serialize_entry("city", &address.city)?;
        map.serialize_entry("postcode", &address.postcode)?;
        map.serialize_entry("country", &address.country)?;
        map.serialize_entry("countryCode", &address.country_code)?;
        map.serialize_entry("createdAt", &Second(address.created_at))?;
        map.serialize_entry("updatedAt", &Second(address.updated_at))?;
        map.end()
    }
}

fn teams<'a>(persona: &Persona, state: &'a State) -> Vec<TeamRow<'a>> {
    persona.teams.iter().filter_map(|id| state.team(id)).map(TeamRow).collect()
}

struct TeamRow<'a>(&'a Team);

impl Serialize for TeamRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(team) = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &team.id)?;
        map.serialize_entry("accountId", &team.account)?;
        map.serialize_entry("name", &team.name)?;
        map.serialize_entry("description", &team.description)?;
        map.serialize_entry("enabled", &team.enabled)?;
        map.serialize_entry("createdAt", &Second(team.created_at))?;
        map.serialize_entry("updatedAt", &Second(team.updated_at))?;
        map.end()
    }
}

/// A role of an account as `GET /roles` lists it.
#[derive(Debug)]
pub(in crate::providers::equals_money) struct RoleRow<'a> {
    pub(in crate::providers::equals_money) role: &'a Role,
    pub(in crate::providers::equals_money) account: &'a str,
}

impl Serialize for RoleRow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { role, account } = *self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &role.id)?;
        map.serialize_entry("name", &role.name)?;
        map.serialize_entry("accountId", account)?;
        map.serialize_entry("type", &role.kind)?;
        map.serialize_entry("createdAt", &Second(role.created_at))?;
        map.serialize_entry("updatedAt", &Second(role.updated_at))?;
        map.end()
    }
}

/// A page of a list; `count` is the number of all that match, whatever the limit.
#[derive(Debug, Serialize)]
pub(in crate::providers::equals_money) struct Listing<'a, R> {
    pub(in crate::providers::equals_money) count: usize,
    pub(in crate::providers::equals_money) limit: usize,
    pub(in crate::providers::equals_money) offset: usize,
    pub(in crate::providers::equals_money) rows: Vec<R>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(in crate::providers::equals_money) search: Option<&'a str>,
}

/// What a change of role answers: the name and nothing else.
#[derive(Debug, Serialize)]
pub(in crate::providers::equals_money) struct RoleGiven {
    pub(in crate::providers::equals_money) name: RoleName,
}

/// What a resent invite answers.
#[derive(Debug, Serialize)]
pub(in crate::providers::equals_money) struct Success {
    pub(in crate::providers::equals_money) success: bool,
}
