//! People: human beings, each with one login.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::moving::Moving;
use super::persona::{LINE, PHONE};
use crate::provider::FixtureTime;
use crate::provider::entity::{Shown, entity};
use crate::providers::equals_money::wire::{Reader, Second};
use crate::providers::equals_money::words::{EmailTheme, Standing, Title};
use crate::world::table::{Made, Row};
use crate::world::weight;

const INITIALS: usize = 10;
const GENDER: usize = 20;

entity! {
    /// A person.
    pub(crate) struct Person, patch PersonPatch by |reader: Reader<'_>, own|, shown by |person, beside: Beside| {
        "id" = id: Uuid;
        "productId" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            product_id: Option<Uuid>;
        "sub" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            sub: Option<Uuid>;
        "firstName" = #[schemars(length(max = LINE))] first_name: String, set text(LINE);
        "lastName" = #[schemars(length(max = LINE))] last_name: String, set text(LINE);
        "title" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            title: Option<Title>, set nullable_word();
        "middleInitials" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(length(max = INITIALS))]
            middle_initials: Option<String>, set nullable_text(INITIALS);
        "dob" =
            /// `YYYY-MM-DD`; a request that creates a person may have said anything else.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            dob: Option<String>, set nullable_date(own.dob.as_deref());
        "gender" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(length(max = GENDER))]
            gender: Option<String>, set nullable_text(GENDER);
        "nationality" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(length(max = LINE))]
            nationality: Option<String>, set nullable_text(LINE);
        "nationalities" =
            #[serde(default, skip_serializing_if = "Vec::is_empty")]
            nationalities: Vec<String>, set countries(&own.nationalities);
        "countryOfResidence" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(length(max = LINE))]
            country_of_residence: Option<String>, set nullable_text(LINE);
        "status" = #[serde(default)] status: Standing;
        "primaryMobileNumber" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(length(max = PHONE))]
            primary_mobile_number: Option<String>, set nullable_text(PHONE);
        "primaryEmailAddress" =
            /// The login: once in the whole file, letter case aside.
            #[schemars(length(max = LINE))]
            primary_email_address: String;
        "avatar" =
            /// The picture; two empty texts where absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            avatar: Option<Avatar>, shown person.avatar.as_ref().unwrap_or(&Avatar::default());
        "avatarId" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            avatar_id: Option<Uuid>;
        "avatarCdnUrl" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            avatar_cdn_url: Option<String>;
        "emailTheme" =
            /// `em-light` where absent; null where it was cleared.
            #[serde(default = "light")]
            email_theme: Option<EmailTheme>, set nullable_word();
        "locale" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            locale: Option<String>, set nullable_any_text();
        "preferred2FAMethod" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            preferred_2fa_method: Option<String>;
        "sendInvite" = #[serde(default)] send_invite: bool;
        "roleId", shown Moving::RoleId;
        "verifyEmailAddress" = #[serde(default)] verify_email_address: bool;
        "verifyMobileNumber" = #[serde(default)] verify_mobile_number: bool;
        "hasPeopleCard" = #[serde(default)] has_people_card: bool;
        "card" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            card: Option<Card>;
        "address" in fixture
            #[serde(default, skip_serializing_if = "Option::is_none")]
            address: Option<HomeAddress>;
        "createdAt" = #[schemars(with = "FixtureTime")] created_at: Timestamp, shown Second(person.created_at);
        "updatedAt" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(with = "Option<FixtureTime>")]
            updated_at: Option<Timestamp>, shown person.updated_at.map(Second);
        "address", shown person.address.as_ref().map(|home| Shown(home, &person.id));
        "persona", shown Moving::Persona, if *beside == Beside::Persona;
    }
}

/// What stands beside a person in an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Beside {
    Nothing,
    /// The persona of one account.
    Persona,
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

entity! {
    /// Where a person lives.
    pub(crate) struct HomeAddress, shown by |home, person: Uuid| {
        "id" = id: Uuid;
        "personId", shown person;
        "streetName" = street_name: Option<String>;
        "buildingNumber" = building_number: Option<String>;
        "buildingName" = building_name: Option<String>;
        "postcode" = postcode: Option<String>;
        "city" = city: Option<String>;
        "region" = region: Option<String>;
        "countryCode" = country_code: Option<String>;
    }
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

    fn weight(&self) -> usize {
        weight::of(self)
    }
}
