//! People: human beings, each with one login.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::provider::FixtureTime;
use crate::providers::equals_money::words::{EmailTheme, Standing, Title};
use crate::world::table::{Made, Row};

/// The longest e-mail address, name, number of an employee and so on.
pub(crate) const LINE: usize = 256;
/// The longest telephone number.
pub(crate) const PHONE: usize = 50;

/// A person.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Person {
    pub id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<Uuid>,
    #[schemars(length(max = LINE))]
    pub first_name: String,
    #[schemars(length(max = LINE))]
    pub last_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Title>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 10))]
    pub middle_initials: Option<String>,
    /// `YYYY-MM-DD`; a request that creates a person may have said anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dob: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 20))]
    pub gender: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = LINE))]
    pub nationality: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nationalities: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = LINE))]
    pub country_of_residence: Option<String>,
    #[serde(default)]
    pub status: Standing,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = PHONE))]
    pub primary_mobile_number: Option<String>,
    /// The login: once in the whole file, letter case aside.
    #[schemars(length(max = LINE))]
    pub primary_email_address: String,
    /// The picture; two empty texts where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar: Option<Avatar>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_id: Option<Uuid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub avatar_cdn_url: Option<String>,
    /// `em-light` where absent; null where it was cleared.
    #[serde(default = "light")]
    pub email_theme: Option<EmailTheme>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    #[serde(default, rename = "preferred2FAMethod", skip_serializing_if = "Option::is_none")]
    pub preferred_2fa_method: Option<String>,
    #[serde(default)]
    pub send_invite: bool,
    #[serde(default)]
    pub verify_email_address: bool,
    #[serde(default)]
    pub verify_mobile_number: bool,
    #[serde(default)]
    pub has_people_card: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card: Option<Card>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<HomeAddress>,
    #[schemars(with = "FixtureTime")]
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<FixtureTime>")]
    pub updated_at: Option<Timestamp>,
}

#[expect(clippy::unnecessary_wraps, reason = "serde asks for the default of a field in the field's own type")]
fn light() -> Option<EmailTheme> {
    Some(EmailTheme::default())
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
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
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

/// The form in which login e-mail addresses are compared: letter case does not count.
pub(crate) fn login(email: &str) -> String {
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
