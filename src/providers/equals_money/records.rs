//! The lists of the fixture: what a row of each must be, and who refers to it.

use std::fmt::{Arguments, Display};

use jiff::Timestamp;
use uuid::Uuid;

use super::fixture::Fixture;
use super::model::{
    Account, AccountId, Address, Avatar, Key, KeysOf, Person, Persona, PersonasOf, Role, RolesOf, Team, login,
};
use super::state::State;
use super::words::{KeyLevel, PersonaStatus, RoleName, Word};
use crate::provider::Loading;
use crate::provider::records::{At, Record, Records, Referrers, kept_in};
use crate::world::table::Made;

/// Every list.
pub(super) static LISTS: [Records<State>; 7] = [
    Records::of::<Account>(),
    Records::of::<Role>(),
    Records::of::<Team>(),
    Records::of::<Address>(),
    Records::of::<Key>(),
    Records::of::<Person>(),
    Records::of::<Persona>(),
];

impl Record for Account {
    type State = State;
    type Fixture = Fixture;
    type Id = AccountId;
    const LIST: &'static str = "accounts";
    const NAMED_BY: Option<&'static str> = Some("id");

    fn parse(text: &str) -> Option<AccountId> {
        Some(text.into())
    }

    kept_in!(rows, |state| state.directory.accounts, |state| state.directory_mut().accounts);

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        loading.unique(at.is_taken, &self.id, format_args!("{}.id", at.path), "account id");
        loading.nameable(&self.id, format_args!("{}.id", at.path));
        self.approved_email_domains.iter_mut().for_each(|domain| *domain = domain.to_lowercase());
        if at.is_last {
            check_primary_owner(&self.id, self.primary_owner_persona_id, state, at.path, loading);
        }
    }

    fn referrers(&self, state: &State, found: &mut Referrers) {
        let (directory, id) = (&state.directory, &self.id);
        let (roles, own) = (&directory.roles, RolesOf::Account(id.clone()));
        found.add("roles", roles.count(&own), roles.list(&own).map(|row| row.id));
        found.add("teams", directory.teams.count(id), directory.teams.list(id).map(|row| row.id));
        found.add("addresses", directory.addresses.count(id), directory.addresses.list(id).map(|row| row.id));
        personas_of(&PersonasOf::Account(id.clone()), state, found);
        keys_of(&KeysOf::Account(id.clone()), state, found);
    }
}

impl Record for Role {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "roles";

    kept_in!(by "id", |state| state.directory.roles, |state| state.directory_mut().roles);

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        let path = at.path;
        loading.unique(at.is_taken, self.id, format_args!("{path}.id"), "role id");
        if let Some(id) = &mut self.account_id {
            resolve(id, format_args!("{path}.accountId"), state, loading);
        }
        let roles = &state.directory.roles;
        let is_taken = match &self.account_id {
            None => roles.count(&RolesOf::Named(self.name)) > 0,
            own => [&None, own].into_iter().any(|of| roles.count(&RolesOf::Of(self.name, of.clone())) > 0),
        };
        let name = self.name.spelling();
        if is_taken {
            let found = format_args!("`{name}` a second time");
            loading.report(format_args!("{path}.name"), found, "each role once for an account");
        }
        date(&mut self.updated_at, self.created_at);
        if at.is_taken && !at.is_last {
            // The file is refused; under another id the role stays for those that refer to its name.
            self.id = Uuid::from_u128(u128::MAX - roles.len() as u128);
        }
    }

    fn referrers(&self, state: &State, found: &mut Referrers) {
        let group = match &self.account_id {
            Some(account) => PersonasOf::Role(account.clone(), self.name),
            None => PersonasOf::Named(self.name),
        };
        personas_of(&group, state, found);
    }

    fn serves_as(&self, former: &Self) -> bool {
        self.name == former.name && (self.account_id.is_none() || self.account_id == former.account_id)
    }
}

impl Record for Team {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "teams";

    kept_in!(by "id", |state| state.directory.teams, |state| state.directory_mut().teams);

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        loading.unique(at.is_taken, self.id, format_args!("{}.id", at.path), "team id");
        resolve(&mut self.account_id, format_args!("{}.accountId", at.path), state, loading);
        date(&mut self.updated_at, self.created_at);
    }

    fn referrers(&self, state: &State, found: &mut Referrers) {
        personas_of(&PersonasOf::Team(self.id), state, found);
    }

    fn serves_as(&self, former: &Self) -> bool {
        self.account_id == former.account_id
    }
}

impl Record for Address {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "addresses";

    kept_in!(by "id", |state| state.directory.addresses, |state| state.directory_mut().addresses);

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        loading.unique(at.is_taken, self.id, format_args!("{}.id", at.path), "address id");
        resolve(&mut self.account_id, format_args!("{}.accountId", at.path), state, loading);
        date(&mut self.updated_at, self.created_at);
    }

    fn referrers(&self, state: &State, found: &mut Referrers) {
        personas_of(&PersonasOf::Address(self.id), state, found);
    }

    fn serves_as(&self, former: &Self) -> bool {
        self.account_id == former.account_id
    }
}

impl Record for Key {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "keys";

    kept_in!(by place, |state| state.directory.keys, |state| state.directory_mut().keys);

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        let path = at.path;
        loading.unique(at.is_taken, self.key, format_args!("{path}.key"), "key");
        for (number, id) in self.account_ids.iter_mut().enumerate() {
            resolve(id, format_args!("{path}.accountIds[{number}]"), state, loading);
        }
        match (self.level, self.account_ids.is_empty()) {
            (KeyLevel::User, true) => {
                loading.report(format_args!("{path}.accountIds"), "none", "the accounts of a user-level key");
            }
            (KeyLevel::Product, false) => {
                loading.report(format_args!("{path}.accountIds"), "accounts", "none: a product-level key sees all");
            }
            _ => {}
        }
        if let Some(id) = self.persona_id {
            let known = self.account_ids.iter().any(|account| state.persona_in(account, id).is_some());
            let path = format_args!("{path}.personaId");
            loading.refers(known, id, path, "the id of a persona of one of the key's accounts");
        }
    }
}

impl Record for Person {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "people";

    kept_in!(table by "id", |state| state.people, |state| state.people, as |row| Self::clone(row), oldest_first);

    fn id(&self) -> Uuid {
        self.id
    }

    fn is_taken(state: &State, id: &Uuid) -> bool {
        state.people.contains(id)
    }

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        loading.unique(at.is_taken, self.id, format_args!("{}.id", at.path), "person id");
        // A reader leaves room for more items than there are.
        self.nationalities.shrink_to_fit();
        let email = login(&self.primary_email_address);
        let is_taken = state.person_by_login(&email).is_some();
        loading.unique(is_taken, email, format_args!("{}.primaryEmailAddress", at.path), "login");
        self.avatar = self.avatar.take().filter(|avatar| *avatar != Avatar::default());
        date(&mut self.updated_at, self.created_at);
    }

    fn put(self, state: &mut State, made: Option<Made>) {
        state.put_person_made(self, made);
    }

    fn referrers(&self, state: &State, found: &mut Referrers) {
        personas_of(&PersonasOf::Person(self.id), state, found);
    }
}

impl Record for Persona {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "personas";

    kept_in!(table by "id", |state| state.personas, |state| state.personas, as |listed| listed.row.clone(), oldest_first);

    fn id(&self) -> Uuid {
        self.id
    }

    fn is_taken(state: &State, id: &Uuid) -> bool {
        state.personas.contains(id)
    }

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        let path = at.path;
        loading.unique(at.is_taken, self.id, format_args!("{path}.id"), "persona id");
        // A reader leaves room for more items than there are.
        [&mut self.address_ids, &mut self.team_ids].into_iter().for_each(Vec::shrink_to_fit);
        self.budgets.shrink_to_fit();
        let pair = format_args!("{} on {}", self.person_id, self.account_id);
        let has_place = state.has_place(&self.account_id, self.person_id);
        loading.unique(has_place, pair, format_args!("{path}.personId"), "person on an account");
        resolve(&mut self.account_id, format_args!("{path}.accountId"), state, loading);
        check_references(self, path, state, loading);
        date(&mut self.updated_at, self.created_at);
    }

    fn put(self, state: &mut State, made: Option<Made>) {
        state.put_persona_made(self, made);
    }

    fn referrers(&self, state: &State, found: &mut Referrers) {
        let accounts = &state.directory.accounts;
        found.add("accounts", accounts.count(&self.id), accounts.list(&self.id).map(|row| row.id.clone()));
        keys_of(&KeysOf::Persona(self.id), state, found);
    }

    fn serves_as(&self, former: &Self) -> bool {
        self.account_id == former.account_id && (owns(self) || !owns(former))
    }
}

/// Reports an account's first owner who is none.
pub(super) fn check_primary_owner(
    account: &AccountId,
    owner: Option<Uuid>,
    state: &State,
    path: Arguments<'_>,
    loading: &mut Loading<'_>,
) {
    let Some(id) = owner else { return };
    let known = state.persona_in(account, id).is_some_and(|(_, persona)| owns(&persona.row));
    let path = format_args!("{path}.primaryOwnerPersonaId");
    loading.refers(known, id, path, "the id of an `Owner` of the account who is not deactivated");
}

fn owns(persona: &Persona) -> bool {
    persona.role_name == RoleName::Owner && persona.status != PersonaStatus::Deactivated
}

fn check_references(row: &Persona, place: Arguments<'_>, state: &State, loading: &mut Loading<'_>) {
    let directory = &state.directory;
    if directory.role(&row.account_id, row.role_name).is_none() {
        let enabled = directory.sorted_roles().into_iter().filter(|role| role.is_enabled_on(&row.account_id));
        let names: Vec<_> = enabled.map(|role| format!("`{}`", role.name.spelling())).collect();
        let expected = format!("a role that the account has: {}", names.join(", "));
        loading.refers(false, row.role_name.spelling(), format_args!("{place}.roleName"), expected);
    }
    for (number, id) in row.address_ids.iter().enumerate() {
        let known = directory.addresses.get(id).is_some_and(|address| address.account_id == row.account_id);
        loading.refers(known, id, format_args!("{place}.addressIds[{number}]"), "the id of an address of the account");
    }
    for (number, id) in row.team_ids.iter().enumerate() {
        let known = directory.teams.get(id).is_some_and(|team| team.account_id == row.account_id);
        loading.refers(known, id, format_args!("{place}.teamIds[{number}]"), "the id of a team of the account");
    }
    let known = state.person(row.person_id).is_some();
    loading.refers(known, row.person_id, format_args!("{place}.personId"), "the id of a person");
}

/// Puts the directory's own id of an account in place of an equal one. One that is not there is a fault.
fn resolve(id: &mut AccountId, path: impl Display, state: &State, loading: &mut Loading<'_>) {
    match state.directory.accounts.get(&**id) {
        Some(account) => *id = account.id.clone(),
        None => loading.refers(false, id, path, "the id of an account"),
    }
}

/// When a row was last changed: where it does not say, when it was made.
fn date(updated_at: &mut Option<Timestamp>, created_at: Timestamp) {
    updated_at.get_or_insert(created_at);
}

fn personas_of(group: &PersonasOf, state: &State, found: &mut Referrers) {
    found.add("personas", state.personas.count(group), state.personas.list(group).map(|listed| listed.row.id));
}

fn keys_of(group: &KeysOf, state: &State, found: &mut Referrers) {
    let keys = &state.directory.keys;
    found.add("keys", keys.count(group), keys.list(group).filter_map(|row| keys.place(&row.key)));
}
