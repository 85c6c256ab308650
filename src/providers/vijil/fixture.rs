//! `fixtures/vijil.json`: teams, users, credentials, personas, presets.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::access::AccessPermissions;
use super::claims::{Scope, TeamRole};
use super::wire::{Intent, KnowledgeLevel, Persona, SkillLevel, english};
use crate::provider::{FixtureTime, NextIds};

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
    pub presets: Vec<Preset>,
    /// The next number of each kind of id.
    #[serde(default)]
    pub next_ids: NextIds,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Team {
    /// What names it.
    #[schemars(with = "String", extend("format" = "uuid"))]
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
    #[schemars(with = "String", extend("format" = "uuid"))]
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
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub id: Uuid,
    /// The team.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub team_id: Uuid,
    /// The user.
    #[schemars(with = "String", extend("format" = "uuid"))]
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
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub user_id: Uuid,
    /// The rights it is narrowed to; absent: all of the user's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<Scope>>,
    /// Until when it works; absent: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<FixtureTime>,
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
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub user_id: Uuid,
    /// The rights it is narrowed to; absent: all of the user's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<Scope>>,
    /// Until when it works; absent: always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires: Option<FixtureTime>,
}

/// A system preset: a persona without team and creator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Preset {
    /// What names it.
    #[schemars(with = "String", extend("format" = "uuid"))]
    pub id: Uuid,
    /// Its name.
    #[schemars(length(min = 1, max = 255))]
    pub name: String,
    /// Who it is.
    #[serde(default)]
    pub description: Option<String>,
    /// What it does.
    #[schemars(length(min = 1, max = 100))]
    pub role: String,
    /// What that means.
    #[serde(default)]
    pub role_description: Option<String>,
    /// What it knows of its field.
    #[serde(default)]
    pub knowledge_level: KnowledgeLevel,
    /// What it can do.
    #[serde(default)]
    pub skill_level: SkillLevel,
    /// What it is up to.
    #[serde(default)]
    pub intent: Intent,
    /// What it speaks.
    #[serde(default = "english")]
    pub language: String,
    /// What it should have access to.
    #[serde(default)]
    pub access_permissions: Option<AccessPermissions>,
    /// The kind of preset.
    #[serde(default)]
    pub preset_category: Option<String>,
    /// Words to find it by.
    #[serde(default)]
    pub tags: Option<Vec<String>>,
    /// The file of its picture.
    #[serde(default)]
    pub icon_filename: Option<String>,
    /// When it was made, in seconds since 1970.
    pub created_at: i64,
    /// When it was last changed, in seconds since 1970.
    pub updated_at: i64,
}

fn yes() -> bool {
    true
}

impl From<Preset> for Persona {
    /// The preset as it is answered: of the nil team, created by the nil user.
    fn from(preset: Preset) -> Self {
        Self {
            id: preset.id,
            team_id: Uuid::nil(),
            name: preset.name,
            description: preset.description,
            role: preset.role,
            role_description: preset.role_description,
            knowledge_level: preset.knowledge_level,
            skill_level: preset.skill_level,
            intent: preset.intent,
            language: preset.language,
            access_permissions: preset.access_permissions,
            is_preset: true,
            preset_category: preset.preset_category,
            tags: preset.tags,
            icon_filename: preset.icon_filename,
            created_at: preset.created_at,
            updated_at: preset.updated_at,
            created_by: Uuid::nil(),
        }
    }
}

impl From<&Persona> for Preset {
    fn from(persona: &Persona) -> Self {
        let persona = persona.clone();
        Self {
            id: persona.id,
            name: persona.name,
            description: persona.description,
            role: persona.role,
            role_description: persona.role_description,
            knowledge_level: persona.knowledge_level,
            skill_level: persona.skill_level,
            intent: persona.intent,
            language: persona.language,
            access_permissions: persona.access_permissions,
            preset_category: persona.preset_category,
            tags: persona.tags,
            icon_filename: persona.icon_filename,
            created_at: persona.created_at,
            updated_at: persona.updated_at,
        }
    }
}
