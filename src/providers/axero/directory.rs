//! Who there is: users, their roles and their credentials.

use indexmap::IndexMap;
use jiff::Timestamp;

use super::error::VendorError;

/// Users, their roles and their credentials, in the fixture's order. No request changes them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Directory {
    pub(super) roles: IndexMap<String, Role>,
    pub(super) users: IndexMap<i32, User>,
    pub(super) tokens: IndexMap<String, Token>,
    pub(super) legacy_keys: IndexMap<String, i32>,
}

/// What a user with this role may do through the API.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Role {
    /// Whether the REST API is open to it at all.
    pub(super) rest_api: bool,
    /// Whether it may change personas.
    pub(super) write: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct User {
    pub(super) display_name: String,
    pub(super) role: String,
}

/// A Bearer token, which acts with the role of the user that owns it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) user: i32,
    pub(super) expires: Option<Timestamp>,
    pub(super) revoked: bool,
}

impl Directory {
    /// The name that the site shows for a user.
    pub(super) fn display_name(&self, user: i32) -> &str {
        self.users.get(&user).map_or("", |user| user.display_name.as_str())
    }

    /// A token that may change personas and never expires.
    pub(super) fn lasting_token(&self) -> Option<&str> {
        let lasts = |token: &Token| {
            token.expires.is_none() && !token.revoked && self.role(token.user).is_some_and(|role| role.write)
        };
        self.tokens.iter().find(|(_, token)| lasts(token)).map(|(text, _)| text.as_str())
    }

    /// The user that a credential acts as which the fixture does not list.
    pub(super) fn first_user(&self) -> Result<i32, VendorError> {
        self.users.first().map(|(id, _)| *id).ok_or(VendorError::Unauthorized)
    }

    /// The role of a user to whom the REST API is open.
    pub(super) fn role(&self, user: i32) -> Option<Role> {
        self.roles.get(&self.users.get(&user)?.role).copied().filter(|role| role.rest_api)
    }
}
