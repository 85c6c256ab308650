//! Accounts and what the API shows of them and cannot change: roles, teams, addresses, keys.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::provider::FixtureTime;
use crate::provider::entity::entity;
use crate::providers::equals_money::wire::Second;
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

entity! {
    /// A role.
    pub(crate) struct Role, shown by |role, account: &str| {
        "id" =
            /// Its id.
            id: Uuid;
        "name" =
            /// Its name, once for each account.
            name: RoleName;
        "accountId" =
            /// The account that has this role; every account where absent, each under its own id.
            #[serde(default)]
            account_id: Option<AccountId>, shown account;
        "type" =
            /// `core` or null.
            #[serde(default)]
            kind: Option<RoleType>;
        "createdAt" =
            /// When it was made.
            #[schemars(with = "FixtureTime")]
            created_at: Timestamp, shown Second(role.created_at);
        "updatedAt" =
            /// When it was last changed; as `createdAt` where absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(with = "Option<FixtureTime>")]
            updated_at: Option<Timestamp>, shown role.updated_at.map(Second);
    }
}

impl Role {
    /// Whether personas of the account can have this role.
    pub(crate) fn is_enabled_on(&self, account: &str) -> bool {
        self.account_id.as_deref().is_none_or(|only| only == account)
    }
}

entity! {
    /// A team.
    pub(crate) struct Team, shown by |team, _nothing: ()| {
        "id" =
            /// Its id.
            id: Uuid;
        "accountId" =
            /// The account it belongs to.
            account_id: AccountId;
        "name" =
            /// Its name.
            name: String;
        "description" =
            /// What it is for.
            #[serde(default)]
            description: Option<String>;
        "enabled" =
            /// Whether it is in use.
            enabled: bool;
        "createdAt" =
            /// When it was made.
            #[schemars(with = "FixtureTime")]
            created_at: Timestamp, shown Second(team.created_at);
        "updatedAt" =
            /// When it was last changed; as `createdAt` where absent.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(with = "Option<FixtureTime>")]
            updated_at: Option<Timestamp>, shown team.updated_at.map(Second);
    }
}

entity! {
    /// An address of an account.
    pub(crate) struct Address, shown by |address, _nothing: ()| {
        "id" = id: Uuid;
        "accountId" in fixture account_id: AccountId;
        "type" = kind: String;
        "nickName" = #[serde(default)] nick_name: Option<String>;
        "addressLine1" = line1: String;
        "addressLine2" = #[serde(default)] line2: Option<String>;
        "addressLine3" = #[serde(default)] line3: Option<String>;
        "addressContact" = #[serde(default)] contact: Option<String>;
        "city" = city: String;
        "postcode" = postcode: String;
        "country" = country: String;
        "countryCode" = #[serde(default)] country_code: Option<String>;
        "createdAt" = #[schemars(with = "FixtureTime")] created_at: Timestamp, shown Second(address.created_at);
        "updatedAt" =
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[schemars(with = "Option<FixtureTime>")]
            updated_at: Option<Timestamp>, shown address.updated_at.map(Second);
    }
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
