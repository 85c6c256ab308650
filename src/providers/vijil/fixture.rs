//! `fixtures/vijil.json`: teams, users, credentials, personas, presets.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::claims::{Scope, TeamRole};
use super::persona::{Persona, Preset, PresetRow};
use crate::provider::{FixtureTime, NextIds};
use crate::world::fixture::ReadyMade;

/// The file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fixture {
    /// The teams.
    pub teams: Vec<Team>,
    /// The users. The first is whom every credential stands for that is in no list.
    pub users: Vec<User>,
    /// Who is in which team; a user's first membership is its first team.
    pub memberships: Vec<Membership>,
    /// Bearer tokens that act as their user.
    #[serde(default)]
    pub tokens: Vec<Token>,
    /// Key pairs to exchange for a token.
    #[serde(default)]
    pub api_keys: Vec<ApiKey>,
    /// The teams' personas. Lists show the newest first, and those of one second as they stand here.
    #[serde(default)]
    pub personas: Vec<Persona>,
    /// The system's presets, which every team sees and none can change. Listed as personas are.
    #[serde(default)]
    #[schemars(with = "Vec<Preset>")]
    pub presets: Vec<PresetRow>,
    /// The next number of each kind of id.
    #[serde(default)]
    pub next_ids: NextIds,
}

impl ReadyMade for Fixture {
    const SCHEMA: &'static str = include_str!("fixture.schema.json");
}

/// A team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Team {
    /// What names it.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it does.
    #[serde(default)]
    pub description: Option<String>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct User {
    /// What names it.
    pub id: Uuid,
    /// The address it signs in with, in any case.
    pub email: String,
    /// The password it signs in with. One that a user chooses has at least 8 characters; this one may have fewer.
    pub password: String,
    /// Whether it can sign in.
    #[serde(default = "yes")]
    pub is_active: bool,
    /// Answered as it stands; gives no right.
    #[serde(default)]
    pub is_superuser: bool,
    /// Answered as it stands.
    #[serde(default)]
    pub is_verified: bool,
    /// The first name.
    #[serde(default)]
    pub given_name: Option<String>,
    /// The last name.
    #[serde(default)]
    pub family_name: Option<String>,
    /// The id that an identity provider knows the user by.
    #[serde(default)]
    pub external_user_id: Option<String>,
    /// The address of a picture.
    #[serde(default)]
    pub profile_image: Option<String>,
    /// Answered as it stands, until the user changes the password.
    #[serde(default)]
    pub password_change_required: bool,
    /// Answered as it stands; gives no right.
    #[serde(default)]
    pub is_super_admin: bool,
}

/// A user in a team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Membership {
    /// What names it.
    pub id: Uuid,
    /// The team.
    pub team_id: Uuid,
    /// The user.
    pub user_id: Uuid,
    /// The role. It is shown and gives no right; `scopes` do.
    pub role: TeamRole,
    /// What the user may do with the team's personas.
    pub scopes: Vec<Scope>,
    /// When the user joined, in seconds since 1970.
    pub created_at: i64,
    /// When the membership was last changed, in seconds since 1970.
    pub updated_at: i64,
}

/// A bearer token.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Token {
    /// What stands behind `Bearer`.
    #[schemars(length(min = 1))]
    pub token: String,
    /// The user it acts as.
    pub user_id: Uuid,
    /// The rights it is narrowed to; absent: all of the user's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<Scope>>,
    /// Until when it works; absent: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<FixtureTime>")]
    pub expires: Option<Timestamp>,
}

/// A key pair.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ApiKey {
    /// The public half, `vk_…`.
    pub client_id: String,
    /// The secret half.
    pub client_secret: String,
    /// The user it acts as.
    pub user_id: Uuid,
    /// The rights it is narrowed to; absent: all of the user's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<Scope>>,
    /// Until when it works; absent: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<FixtureTime>")]
    pub expires: Option<Timestamp>,
}

fn yes() -> bool {
    true
}
