//! Who there is: users, their roles and their credentials.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::VendorError;
use crate::provider::FixtureTime;
use crate::provider::credential::Reason;
use crate::world::rows::{Rows, rows};

/// Users, their roles and their credentials, in the fixture's order. No request to the site changes them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Directory {
    pub(super) roles: Rows<Role>,
    pub(super) users: Rows<User>,
    pub(super) tokens: Rows<Token>,
    pub(super) legacy_keys: Rows<LegacyKey>,
}

impl Default for Directory {
    fn default() -> Self {
        let (tokens, legacy_keys) = (Rows::by_place([]), Rows::by_place([]));
        Self { roles: Rows::default(), users: Rows::default(), tokens, legacy_keys }
    }
}

rows! {
    Role, role: String = role.name.clone(), by () = Vec::new();
    User, user: i32 = user.user_id, by String = vec![user.role.clone()];
    Token, row: String = row.token.clone(), by i32 = vec![row.user_id];
    LegacyKey, row: String = row.key.clone(), by i32 = vec![row.user_id];
}

/// A site role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Role {
    pub(super) name: String,
    /// Whether the REST API is open to it; without, every call is answered 403.
    pub(super) rest_api: bool,
    /// Whether it may add, change and delete personas.
    pub(super) write: bool,
}

/// A user of the site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    #[serde(rename = "UserID")]
    #[schemars(range(min = 1))]
    pub(super) user_id: i32,
    #[serde(rename = "DisplayName")]
    pub(super) display_name: String,
    /// The name of a role.
    pub(super) role: String,
}

/// A Bearer token, which acts with the role of the user that owns it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Token {
    pub(super) token: String,
    /// The user as whom it acts.
    #[serde(rename = "UserID")]
    #[schemars(range(min = 1))]
    pub(super) user_id: i32,
    /// Absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<FixtureTime>")]
    pub(super) expires: Option<Timestamp>,
    #[serde(default)]
    pub(super) revoked: bool,
}

/// A key of the older kind, which acts as a Bearer token does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LegacyKey {
    pub(super) key: String,
    /// The user as whom it acts.
    #[serde(rename = "UserID")]
    #[schemars(range(min = 1))]
    pub(super) user_id: i32,
}

impl Directory {
    /// The user with this id.
    pub(super) fn user(&self, user: i32) -> Option<&Arc<User>> {
        self.users.get(&user)
    }

    /// The name that the site shows for a user.
    pub(super) fn display_name(&self, user: i32) -> &str {
        self.user(user).map_or("", |user| user.display_name.as_str())
    }

    /// The tokens that may change personas and never expire.
    pub(super) fn lasting_tokens(&self) -> impl Iterator<Item = &str> {
        let lasts = |token: &&Arc<Token>| {
            token.expires.is_none() && !token.revoked && self.role(token.user_id).is_some_and(|role| role.write)
        };
        self.tokens.iter().filter(lasts).map(|token| token.token.as_str())
    }

    /// The user that a credential acts as which the fixture does not list.
    pub(super) fn first_user(&self) -> Result<i32, VendorError> {
        self.users
            .first()
            .map(|user| user.user_id)
            .ok_or_else(|| VendorError::Unauthorized(Reason::new("the fixture has no user to act as")))
    }

    /// The role of a user to whom the REST API is open.
    pub(super) fn role(&self, user: i32) -> Option<&Role> {
        self.roles.get(&self.users.get(&user)?.role).map(|role| &**role).filter(|role| role.rest_api)
    }
}
