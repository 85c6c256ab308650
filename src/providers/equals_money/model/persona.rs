//! Personas: people's places in accounts.

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::account::AccountId;
use super::person::{LINE, PHONE, Person};
use super::search::SearchText;
use crate::provider::FixtureTime;
use crate::providers::equals_money::words::{PersonaStatus, RoleName};
use crate::world::objects;
use crate::world::table::{Made, Row};

/// How long an invite is valid. At exactly this age it still is.
const INVITE_LIFE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A persona.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Persona {
    /// Its id.
    pub id: Uuid,
    /// The account it is a place in.
    pub account_id: AccountId,
    /// Whose it is.
    pub person_id: Uuid,
    /// The name of its role, which the account must have.
    pub role_name: RoleName,
    /// Where it stands. `invited` shows as `inviteExpired` once `inviteSentDate` is more than 14 days ago.
    pub status: PersonaStatus,
    /// The e-mail address on this account.
    #[serde(default)]
    #[schemars(length(max = LINE))]
    pub email_address: Option<String>,
    /// The number of the employee.
    #[serde(default)]
    #[schemars(length(max = LINE))]
    pub employee_number: Option<String>,
    /// The telephone number at work.
    #[serde(default)]
    #[schemars(length(max = PHONE))]
    pub work_number: Option<String>,
    /// What they do.
    #[serde(default)]
    #[schemars(length(max = LINE))]
    pub job_title: Option<String>,
    /// Addresses of the account, in the order they are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub address_ids: Vec<Uuid>,
    /// Teams of the account, in the order they are shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub team_ids: Vec<Uuid>,
    /// Budgets, which only the two budget filters of a list look at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub budgets: Vec<Budget>,
    /// What `createdBy` shows; the vendor's samples only have an empty object.
    #[serde(default, deserialize_with = "objects::any", skip_serializing_if = "Map::is_empty")]
    pub created_by: Map<String, Value>,
    /// The persona that made this one. It need not be here: the vendor's samples name one that is not.
    #[serde(default)]
    pub created_by_persona_id: Option<Uuid>,
    /// What `primaryOwnerOf` shows; the vendor's samples only have an empty object.
    #[serde(default, deserialize_with = "objects::any", skip_serializing_if = "Map::is_empty")]
    pub primary_owner_of: Map<String, Value>,
    /// Whether e-mails on transactions are wanted.
    #[serde(default)]
    pub transactional_email_preference: Option<bool>,
    /// Whether push notifications on card transactions are wanted.
    #[serde(default)]
    pub card_transaction_push_notification_preference: bool,
    /// When the invite was sent.
    #[serde(default)]
    #[schemars(with = "Option<FixtureTime>")]
    pub invite_sent_date: Option<Timestamp>,
    /// Whether marketing e-mails are wanted.
    #[serde(default)]
    pub marketing_emails: bool,
    /// Whether security notifications are wanted.
    #[serde(default)]
    pub security_notifications: bool,
    /// When it was made.
    #[schemars(with = "FixtureTime")]
    pub created_at: Timestamp,
    /// When it was last changed; as `createdAt` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<FixtureTime>")]
    pub updated_at: Option<Timestamp>,
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
        match (self.status, self.invite_sent_date) {
            (PersonaStatus::Invited, Some(sent)) if now.duration_since(sent) > INVITE_LIFE => {
                PersonaStatus::InviteExpired
            }
            (status, _) => status,
        }
    }
}

/// A persona with what its person has to say about its lists.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Listed {
    pub row: Persona,
    /// The person's `createdAt` and turn, by which an account lists its people. People are never deleted,
    /// so that an export leaves the turns as they are.
    pub at: (Timestamp, Made),
    pub found_by: SearchText,
}

impl Listed {
    /// A persona of a person who was made at this turn.
    pub(crate) fn new(row: Persona, person: &Person, made: Made) -> Self {
        let found_by = SearchText::of(person, row.email_address.as_deref());
        Self { row, at: (person.created_at, made), found_by }
    }
}

/// The lists that show a persona.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum PersonasOf {
    /// All of an account.
    Account(AccountId),
    /// All of a person.
    Person(Uuid),
}

impl Row for Listed {
    type Id = Uuid;
    type Group = PersonasOf;
    type Order = (Timestamp, Made, Made);

    fn id(&self) -> Uuid {
        self.row.id
    }

    fn groups(&self) -> Vec<PersonasOf> {
        vec![PersonasOf::Account(self.row.account_id.clone()), PersonasOf::Person(self.row.person_id)]
    }

    /// By the person's `createdAt`, then in the order in which the people were made.
    fn order(&self, made: Made) -> Self::Order {
        let (created_at, person) = self.at;
        (created_at, person, made)
    }
}
