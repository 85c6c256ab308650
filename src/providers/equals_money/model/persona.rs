//! Personas: people's places in accounts.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::account::AccountId;
use super::directory::View;
use super::moving::Moving;
use crate::json;
use crate::provider::FixtureTime;
use crate::provider::entity::{Shown, entity};
use crate::providers::equals_money::wire::{Millisecond, Reader, Second};
use crate::providers::equals_money::words::{Include, PersonaStatus, RoleName, Standing, Word};
use crate::world::objects;

/// The longest e-mail address, name, number of an employee and so on.
pub(crate) const LINE: usize = 256;
/// The longest telephone number.
pub(crate) const PHONE: usize = 50;
/// How long an invite is valid. At exactly this age it still is.
const INVITE_LIFE: SignedDuration = SignedDuration::from_hours(14 * 24);

// The answer is that of the vendor's reference, which has members that the tutorials lack. Two preferences have other
// names in the request (docs/providers/equals-money.md, "Names that differ"); null, which the answer cannot show,
// there stands for false (inferred).
entity! {
    /// A persona.
    pub(crate) struct Persona, patch PersonaPatch by |reader: Reader<'_>|, shown by |persona, view: View<'_>| {
        "id" =
            /// Its id.
            id: Uuid;
        "accountId" =
            /// The account it is a place in.
            account_id: AccountId;
        "personId" in fixture
            /// Whose it is.
            person_id: Uuid;
        "roleName" in fixture
            /// The name of its role, which the account must have.
            role_name: RoleName;
        "status" in fixture
            /// Where it stands. `invited` shows as `inviteExpired` once `inviteSentDate` is more than 14 days ago.
            status: PersonaStatus;
        "emailAddress" =
            /// The e-mail address on this account.
            #[serde(default)]
            #[schemars(length(max = LINE))]
            email_address: Option<String>, set nullable_text(LINE);
        "employeeNumber" =
            /// The number of the employee.
            #[serde(default)]
            #[schemars(length(max = LINE))]
            employee_number: Option<String>, set nullable_text(LINE);
        "workNumber" =
            /// The telephone number at work.
            #[serde(default)]
            #[schemars(length(max = PHONE))]
            work_number: Option<String>, set nullable_text(PHONE);
        "jobTitle" =
            /// What they do.
            #[serde(default)]
            #[schemars(length(max = LINE))]
            job_title: Option<String>, set nullable_text(LINE);
        "status",
            sets status: PersonaStatus = reader.word::<Standing>("status").map(PersonaStatus::from),
            shown persona.status_at(view.now);
        "addressIds" in fixture
            /// Addresses of the account, in the order they are shown.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            address_ids: Vec<Uuid>;
        "addresses", shown view.addresses(&persona.address_ids);
        "teamIds" in fixture
            /// Teams of the account, in the order they are shown.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            team_ids: Vec<Uuid>;
        "budgets" in fixture
            /// Budgets, which only the two budget filters of a list look at.
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            budgets: Vec<Budget>;
        "createdBy" =
            /// What `createdBy` shows; the vendor's samples only have an empty object.
            #[serde(default, deserialize_with = "objects::any", skip_serializing_if = "Map::is_empty")]
            created_by: Map<String, Value>;
        "createdByPersonaId" =
            /// The persona that made this one. It need not be here: the vendor's samples name one that is not.
            #[serde(default)]
            created_by_persona_id: Option<Uuid>;
        "primaryOwnerOf" =
            /// What `primaryOwnerOf` shows; the vendor's samples only have an empty object.
            #[serde(default, deserialize_with = "objects::any", skip_serializing_if = "Map::is_empty")]
            primary_owner_of: Map<String, Value>;
        "teams", shown view.teams(&persona.team_ids);
        "transactionalEmailPreference" =
            /// Whether e-mails on transactions are wanted.
            #[serde(default)]
            transactional_emails: Option<bool>, set nullable_flag();
        "cardTransactionPushNotificationPreference" =
            /// Whether push notifications on card transactions are wanted.
            #[serde(default)]
            card_push_notifications: bool;
        "inviteSentDate" =
            /// When the invite was sent.
            #[serde(default, serialize_with = "json::exact_or_null")]
            #[schemars(with = "Option<FixtureTime>")]
            invite_sent_at: Option<Timestamp>, shown persona.invite_sent_at.map(Millisecond);
        "marketingEmails" =
            /// Whether marketing e-mails are wanted.
            #[serde(default)]
            marketing_emails: bool;
        "marketingEmailsPreference", sets marketing_emails: bool = reader.flag_or_null("marketingEmailsPreference");
        "securityNotifications" =
            /// Whether security notifications are wanted.
            #[serde(default)]
            security_notifications: bool;
        "securityNotificationsPreference",
            sets security_notifications: bool = reader.flag_or_null("securityNotificationsPreference");
        // Read last: what is wrong is told in the order of the reference.
        "cardTransactionPushNotificationPreference",
            sets card_push_notifications: bool = reader.flag("cardTransactionPushNotificationPreference");
        "createdAt" =
            /// When it was made.
            #[serde(serialize_with = "json::exact")]
            #[schemars(with = "FixtureTime")]
            created_at: Timestamp, shown Second(persona.created_at);
        "updatedAt" =
            /// When it was last changed; as `createdAt` where absent.
            #[serde(default, skip_serializing_if = "Option::is_none", serialize_with = "json::exact_or_null")]
            #[schemars(with = "Option<FixtureTime>")]
            updated_at: Option<Timestamp>, shown persona.updated_at.map(Second);
    }
}

/// A persona inside a person: the smaller shape of the vendor's tutorials. What was asked for besides follows it.
pub(super) struct Embedded<'a>(pub(super) &'a Persona);

impl Serialize for Embedded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(persona) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &persona.id)?;
        map.serialize_entry("emailAddress", &persona.email_address)?;
        map.serialize_entry("employeeNumber", &persona.employee_number)?;
        map.serialize_entry("workNumber", &persona.work_number)?;
        map.serialize_entry("status", &Moving::Status)?;
        map.serialize_entry("jobTitle", &persona.job_title)?;
        map.serialize_entry("createdByPersonaId", &persona.created_by_persona_id)?;
        map.serialize_entry("transactionalEmailPreference", &persona.transactional_emails)?;
        map.serialize_entry("cardTransactionPushNotificationPreference", &persona.card_push_notifications)?;
        map.serialize_entry("createdAt", &Second(persona.created_at))?;
        map.serialize_entry("updatedAt", &persona.updated_at.map(Second))?;
        map.serialize_entry("inviteSentDate", &persona.invite_sent_at.map(Millisecond))?;
        map.end()
    }
}

/// What was asked for besides of a persona inside a person.
pub(super) struct Further<'a>(pub(super) &'a Persona, pub(super) &'a View<'a>);

impl Serialize for Further<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(persona, view) = self;
        let mut map = serializer.serialize_map(None)?;
        for (_, include) in Include::ALL.iter().filter(|(_, include)| view.include.contains(include)) {
            match include {
                Include::Addresses => map.serialize_entry("addresses", &view.addresses(&persona.address_ids))?,
                Include::CreatedBy => map.serialize_entry("createdBy", &persona.created_by)?,
                Include::Teams => map.serialize_entry("teams", &view.teams(&persona.team_ids))?,
                Include::PrimaryOwnerOf => map.serialize_entry("primaryOwnerOf", &persona.primary_owner_of)?,
                Include::Roles => {
                    let account = &*persona.account_id;
                    let role = view.directory.role(&persona.account_id, persona.role_name);
                    map.serialize_entry("roles", &role.map(|role| Shown(role, &account)).as_slice())?;
                }
            }
        }
        map.end()
    }
}

/// A budget that a persona takes part in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    /// Its id.
    pub id: Uuid,
    /// Whether it is this persona's own.
    #[serde(default)]
    pub individual: bool,
}

impl Persona {
    /// The status at a moment: an invite that is older than 14 days has expired.
    pub(crate) fn status_at(&self, now: Timestamp) -> PersonaStatus {
        match (self.status, self.invite_sent_at) {
            (PersonaStatus::Invited, Some(sent)) if now.duration_since(sent) > INVITE_LIFE => {
                PersonaStatus::InviteExpired
            }
            (status, _) => status,
        }
    }
}
