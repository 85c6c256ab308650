//! What Equals Money knows about: accounts, people, personas and what hangs on them.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::words::{Access, EmailTheme, KeyLevel, PersonaStatus, RoleName, RoleType, Standing, Title};
use crate::world::table::{Made, Row};

/// An account's id, such as `F50091`.
pub(super) type AccountId = Arc<str>;

/// How long an invite is valid. At exactly this age it still is.
const INVITE_LIFE: SignedDuration = SignedDuration::from_hours(14 * 24);

/// A customer's account.
#[derive(Debug, PartialEq)]
pub(super) struct Account {
    pub(super) id: AccountId,
    pub(super) name: String,
    pub(super) primary_owner: Option<Uuid>,
    /// Lowercase; empty switches the rule off.
    pub(super) approved_domains: Vec<String>,
}

/// A set of permissions.
#[derive(Debug, PartialEq)]
pub(super) struct Role {
    pub(super) id: Uuid,
    pub(super) name: RoleName,
    /// The one account that has it; every account where absent.
    pub(super) account: Option<AccountId>,
    pub(super) kind: Option<RoleType>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

impl Role {
    /// Whether personas of the account can have this role.
    pub(super) fn is_enabled_on(&self, account: &str) -> bool {
        self.account.as_deref().is_none_or(|only| only == account)
    }
}

/// A team of an account.
#[derive(Debug, PartialEq)]
pub(super) struct Team {
    pub(super) id: Uuid,
    pub(super) account: AccountId,
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) enabled: bool,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// An address of an account.
#[derive(Debug, PartialEq)]
pub(super) struct Address {
    pub(super) id: Uuid,
    pub(super) account: AccountId,
    pub(super) kind: String,
    pub(super) nick_name: Option<String>,
    pub(super) line1: String,
    pub(super) line2: Option<String>,
    pub(super) line3: Option<String>,
    pub(super) contact: Option<String>,
    pub(super) city: String,
    pub(super) postcode: String,
    pub(super) country: String,
    pub(super) country_code: Option<String>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// An API key.
#[derive(Debug, PartialEq)]
pub(super) struct Key {
    pub(super) key: Uuid,
    pub(super) name: String,
    pub(super) level: KeyLevel,
    pub(super) accounts: Vec<AccountId>,
    /// The persona that a user-level key acts as.
    pub(super) persona: Option<Uuid>,
    pub(super) access: Access,
    pub(super) expires: Option<Timestamp>,
}

/// A human being with one login.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Person {
    pub(super) id: Uuid,
    pub(super) product_id: Option<Uuid>,
    pub(super) sub: Option<Uuid>,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) title: Option<Title>,
    pub(super) middle_initials: Option<String>,
    /// As it was sent: a request that creates a person may say anything.
    pub(super) dob: Option<String>,
    pub(super) gender: Option<String>,
    pub(super) nationality: Option<String>,
    pub(super) nationalities: Vec<String>,
    pub(super) country_of_residence: Option<String>,
    pub(super) status: Standing,
    pub(super) primary_mobile_number: Option<String>,
    pub(super) primary_email_address: String,
    pub(super) avatar: Avatar,
    pub(super) avatar_id: Option<Uuid>,
    pub(super) avatar_cdn_url: Option<String>,
    pub(super) email_theme: Option<EmailTheme>,
    pub(super) locale: Option<String>,
    pub(super) preferred_2fa_method: Option<String>,
    pub(super) send_invite: bool,
    pub(super) verify_email_address: bool,
    pub(super) verify_mobile_number: bool,
    pub(super) has_people_card: bool,
    pub(super) card: Option<Card>,
    pub(super) address: Option<HomeAddress>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// A person's picture: two empty texts where there is none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Avatar {
    /// Where it is.
    pub url: String,
    /// What it is called.
    pub file_name: String,
}

/// A person's card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Card {
    /// Its id.
    pub id: Uuid,
}

/// Where a person lives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct HomeAddress {
    pub id: Uuid,
    pub street_name: Option<String>,
    pub building_number: Option<String>,
    pub building_name: Option<String>,
    pub postcode: Option<String>,
    pub city: Option<String>,
    pub region: Option<String>,
    pub country_code: Option<String>,
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

/// A person's place in one account.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Persona {
    pub(super) id: Uuid,
    pub(super) account: AccountId,
    pub(super) person: Uuid,
    /// The person's `createdAt` and turn, by which an account lists its people. People are never deleted,
    /// so that an export leaves the turns as they are.
    pub(super) listed_at: (Timestamp, Made),
    pub(super) email_address: Option<String>,
    pub(super) employee_number: Option<String>,
    pub(super) work_number: Option<String>,
    pub(super) job_title: Option<String>,
    /// As last set; what is shown depends on the time, see [`Persona::status_at`].
    pub(super) status: PersonaStatus,
    pub(super) role: RoleName,
    pub(super) addresses: Vec<Uuid>,
    pub(super) teams: Vec<Uuid>,
    pub(super) budgets: Vec<Budget>,
    pub(super) created_by: Map<String, Value>,
    pub(super) created_by_persona: Option<Uuid>,
    pub(super) primary_owner_of: Map<String, Value>,
    pub(super) transactional_emails: Option<bool>,
    pub(super) card_push_notifications: bool,
    pub(super) invite_sent_at: Option<Timestamp>,
    pub(super) marketing_emails: bool,
    pub(super) security_notifications: bool,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) found_by: SearchText,
}

impl Persona {
    /// The status at a moment: an invite that is older than 14 days has expired.
    pub(super) fn status_at(&self, now: Timestamp) -> PersonaStatus {
        match (self.status, self.invite_sent_at) {
            (PersonaStatus::Invited, Some(sent)) if now.duration_since(sent) > INVITE_LIFE => {
                PersonaStatus::InviteExpired
            }
            (status, _) => status,
        }
    }
}

/// The texts a search looks at, lowercased ahead, so that a list costs no more than a byte search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SearchText(Box<[u8]>);

/// No UTF-8 text holds this byte, so no search finds across two texts.
const BETWEEN_TEXTS: u8 = 0xFF;

impl SearchText {
    /// The text by which a person is found on an account where the persona has this e-mail address.
    pub(super) fn of(person: &Person, persona_email: Option<&str>) -> Self {
        let mut text = searched(&format!("{} {}", person.first_name, person.last_name)).into_bytes();
        for email in [Some(person.primary_email_address.as_str()), persona_email].into_iter().flatten() {
            text.push(BETWEEN_TEXTS);
            text.extend(searched(email).bytes());
        }
        Self(text.into_boxed_slice())
    }

    /// Whether a search, prepared from a text that went through [`searched`], finds this.
    pub(super) fn is_found_by(&self, needle: &memchr::memmem::Finder<'_>) -> bool {
        needle.find(&self.0).is_some()
    }
}

/// The form in which a search and what it looks at are compared: lowercase, one character at a time, as a
/// Greek sigma is spelled otherwise at the end of a word, and a search does not know where words end.
pub(super) fn searched(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c }).collect()
}

/// The form in which login e-mail addresses are compared: letter case does not count.
pub(super) fn login(email: &str) -> String {
    email.to_lowercase()
}

impl Row for Person {
    type Id = Uuid;
    type Group = String;
    type Order = Made;

    fn id(&self) -> Uuid {
        self.id
    }

    /// A person is found by login.
    fn groups(&self) -> Vec<String> {
        vec![login(&self.primary_email_address)]
    }

    fn order(&self, made: Made) -> Made {
        made
    }
}

/// The lists that show a persona.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum PersonasOf {
    /// All of an account.
    Account(AccountId),
    /// All of a person.
    Person(Uuid),
}

impl Row for Persona {
    type Id = Uuid;
    type Group = PersonasOf;
    type Order = (Timestamp, Made, Made);

    fn id(&self) -> Uuid {
        self.id
    }

    fn groups(&self) -> Vec<PersonasOf> {
        vec![PersonasOf::Account(self.account.clone()), PersonasOf::Person(self.person)]
    }

    /// By the person's `createdAt`, then in the order in which the people were made.
    fn order(&self, made: Made) -> Self::Order {
        let (created_at, person) = self.listed_at;
        (created_at, person, made)
    }
}

#[cfg(test)]
mod tests {
    use super::searched;

    #[test]
    fn a_part_of_a_word_is_found_in_any_letter_case() {
        for (text, part) in [("ΑΣΟΦ", "ας"), ("Οδος", "ΟΔΟΣ"), ("Müller", "ÜLL"), ("O'Neill", "o'n")] {
            assert!(searched(text).contains(&searched(part)), "{part} in {text}");
        }
    }
}
