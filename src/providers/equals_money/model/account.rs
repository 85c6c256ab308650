//! Accounts and what the API shows of them and cannot change: roles, teams, addresses, keys.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::provider::FixtureTime;
use crate::providers::equals_money::words::{Access, KeyLevel, RoleName, RoleType};

/// An account's id, such as `F50091`.
pub(crate) type AccountId = Arc<str>;

/// An account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Account {
    /// Such as `F50091`.
    #[schemars(length(min = 1, max = 36), regex(pattern = r"\S"))]
    pub id: AccountId,
    /// What it is called; no answer shows it.
    pub name: String,
    /// The persona that owns the account first of all: it stays active, and `Owner`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_owner_persona_id: Option<Uuid>,
    /// The domains that new people's e-mail addresses must have; empty allows all.
    #[serde(default)]
    pub approved_email_domains: Vec<String>,
}

/// A role.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Role {
    /// Its id.
    pub id: Uuid,
    /// Its name, once for each account.
    pub name: RoleName,
    /// The account that has this role; every account where absent, each under its own id.
    #[serde(default)]
    pub account_id: Option<AccountId>,
    /// `core` or null.
    #[serde(default)]
    pub r#type: Option<RoleType>,
    /// When it was made.
    #[schemars(with = "FixtureTime")]
    pub created_at: Timestamp,
    /// When it was last changed; as `createdAt` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<FixtureTime>")]
    pub updated_at: Option<Timestamp>,
}

impl Role {
    /// Whether personas of the account can have this role.
    pub(crate) fn is_enabled_on(&self, account: &str) -> bool {
        self.account_id.as_deref().is_none_or(|only| only == account)
    }
}

/// A team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Team {
    /// Its id.
    pub id: Uuid,
    /// The account it belongs to.
    pub account_id: AccountId,
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
    /// Whether it is in use.
    pub enabled: bool,
    /// When it was made.
    #[schemars(with = "FixtureTime")]
    pub created_at: Timestamp,
    /// When it was last changed; as `createdAt` where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<FixtureTime>")]
    pub updated_at: Option<Timestamp>,
}

/// An address of an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Address {
    pub id: Uuid,
    pub account_id: AccountId,
    pub r#type: String,
    #[serde(default)]
    pub nick_name: Option<String>,
    pub address_line1: String,
    #[serde(default)]
    pub address_line2: Option<String>,
    #[serde(default)]
    pub address_line3: Option<String>,
    #[serde(default)]
    pub address_contact: Option<String>,
    pub city: String,
    pub postcode: String,
    pub country: String,
    #[serde(default)]
    pub country_code: Option<String>,
    #[schemars(with = "FixtureTime")]
    pub created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<FixtureTime>")]
    pub updated_at: Option<Timestamp>,
}

/// An API key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Key {
    /// The key itself.
    pub key: Uuid,
    /// What it is for; no answer shows it.
    pub name: String,
    /// `product` sees all accounts, `user` those in `accountIds`.
    pub level: KeyLevel,
    /// The accounts of a user-level key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub account_ids: Vec<AccountId>,
    /// The persona that a user-level key acts as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub persona_id: Option<Uuid>,
    /// `write`, or `read` for a key that gets 403 for every change.
    #[serde(default)]
    pub access: Access,
    /// From when on it is refused with 403.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<FixtureTime>")]
    pub expires: Option<Timestamp>,
}
