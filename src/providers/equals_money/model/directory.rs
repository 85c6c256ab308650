//! All that the API shows and cannot change.

use std::sync::Arc;

use indexmap::IndexMap;
use jiff::Timestamp;
use uuid::Uuid;

use super::account::{Account, AccountId, Address, Key, Role, Team};
use crate::provider::entity::Shown;
use crate::providers::equals_money::words::{Include, RoleName};

/// What the fixture states once and for all.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Directory {
    /// The product that every new person belongs to.
    pub product_id: Option<Uuid>,
    pub accounts: IndexMap<AccountId, Account>,
    /// By name, then in the order of the accounts.
    pub roles: Vec<Role>,
    pub teams: IndexMap<Uuid, Team>,
    pub addresses: IndexMap<Uuid, Address>,
    pub keys: IndexMap<Uuid, Arc<Key>>,
}

impl Directory {
    /// The role of this name that an account's personas can have.
    pub(crate) fn role(&self, account: &str, name: RoleName) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name && role.is_enabled_on(account))
    }

    /// The accounts whose personas can have this role, in the order of the accounts.
    pub(crate) fn accounts_with<'s>(&'s self, role: &'s Role) -> impl Iterator<Item = &'s str> + use<'s> {
        self.accounts.keys().map(|account| &**account).filter(|account| role.is_enabled_on(account))
    }
}

/// From where people and personas are looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View<'a> {
    pub directory: &'a Directory,
    pub now: Timestamp,
    /// What is embedded in the personas of people.
    pub include: &'a [Include],
}

impl<'a> View<'a> {
    /// The addresses with these ids.
    pub(super) fn addresses(&self, ids: &[Uuid]) -> Vec<Shown<'a, Address, ()>> {
        ids.iter().filter_map(|id| self.directory.addresses.get(id)).map(|address| Shown(address, &())).collect()
    }

    /// The teams with these ids.
    pub(super) fn teams(&self, ids: &[Uuid]) -> Vec<Shown<'a, Team, ()>> {
        ids.iter().filter_map(|id| self.directory.teams.get(id)).map(|team| Shown(team, &())).collect()
    }
}
