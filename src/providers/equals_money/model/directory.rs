//! All that the vendor's API shows and cannot change.

use jiff::Timestamp;
use uuid::Uuid;

use super::account::{Account, AccountId, Address, Key, Role, Team};
use crate::provider::entity::Shown;
use crate::providers::equals_money::words::{Include, RoleName, Word};
use crate::world::rows::{Rows, rows};

/// What the fixture states once and for all.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Directory {
    /// The product that every new person belongs to.
    pub product_id: Option<Uuid>,
    pub accounts: Rows<Account>,
    pub roles: Rows<Role>,
    pub teams: Rows<Team>,
    pub addresses: Rows<Address>,
    pub keys: Rows<Key>,
}

impl Default for Directory {
    fn default() -> Self {
        Self {
            product_id: None,
            accounts: Rows::default(),
            roles: Rows::default(),
            teams: Rows::default(),
            addresses: Rows::default(),
            keys: Rows::by_place([]),
        }
    }
}

rows! {
    // The accounts that a persona owns first of all.
    Account, row: AccountId = row.id.clone(), by Uuid = row.primary_owner_persona_id.into_iter().collect();
    Role, row: Uuid = row.id, by RolesOf = row.groups_of();
    Team, row: Uuid = row.id, by AccountId = vec![row.account_id.clone()];
    Address, row: Uuid = row.id, by AccountId = vec![row.account_id.clone()];
    Key, row: Uuid = row.key, by KeysOf = row.groups_of();
}

/// The lists that show a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RolesOf {
    /// Those of a name, whichever accounts have them.
    Named(RoleName),
    /// That of a name which an account has, or which all have.
    Of(RoleName, Option<AccountId>),
    /// Those of an account alone.
    Account(AccountId),
}

/// The lists that show a key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum KeysOf {
    Account(AccountId),
    Persona(Uuid),
}

impl Role {
    fn groups_of(&self) -> Vec<RolesOf> {
        let own = self.account_id.clone().map(RolesOf::Account);
        [RolesOf::Named(self.name), RolesOf::Of(self.name, self.account_id.clone())].into_iter().chain(own).collect()
    }
}

impl Key {
    fn groups_of(&self) -> Vec<KeysOf> {
        let mut groups: Vec<_> = self.persona_id.map(KeysOf::Persona).into_iter().collect();
        for account in &self.account_ids {
            let group = KeysOf::Account(account.clone());
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        groups
    }
}

impl Directory {
    /// The role of this name that an account's personas can have.
    pub(crate) fn role(&self, account: &AccountId, name: RoleName) -> Option<&Role> {
        let shared = self.roles.list(&RolesOf::Of(name, None)).next();
        let own = || self.roles.list(&RolesOf::Of(name, Some(account.clone()))).next();
        shared.or_else(own).map(|role| &**role)
    }

    /// The roles by name, then in the order of the accounts.
    pub(crate) fn sorted_roles(&self) -> Vec<&Role> {
        let mut roles: Vec<_> = self.roles.iter().map(|role| &**role).collect();
        roles.sort_by_cached_key(|role| {
            let place = role.account_id.as_ref().and_then(|account| self.accounts.place(account));
            (role.name.spelling(), place)
        });
        roles
    }

    /// The accounts whose personas can have this role, in the order of the accounts.
    pub(crate) fn accounts_with<'s>(&'s self, role: &'s Role) -> impl Iterator<Item = &'s str> + use<'s> {
        self.accounts.iter().map(|account| &*account.id).filter(|account| role.is_enabled_on(account))
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
        ids.iter().filter_map(|id| self.directory.addresses.get(id)).map(|address| Shown(&**address, &())).collect()
    }

    /// The teams with these ids.
    pub(super) fn teams(&self, ids: &[Uuid]) -> Vec<Shown<'a, Team, ()>> {
        ids.iter().filter_map(|id| self.directory.teams.get(id)).map(|team| Shown(&**team, &())).collect()
    }
}
