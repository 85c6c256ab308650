//! What Equals Money remembers: one value, cloned in O(1).

use std::sync::Arc;

use indexmap::IndexMap;
use jiff::Timestamp;
use uuid::Uuid;

use super::filter::Filter;
use super::model::{Account, AccountId, Address, Key, Person, Persona, PersonasOf, Role, Team, login};
use super::words::RoleName;
use crate::provider::{Seed, Sequence};
use crate::world::page::Page;
use crate::world::table::{Made, Table};

/// The kinds of ids that this provider draws.
pub(super) const PERSON_ID: &str = "equals_money.person";
pub(super) const PERSONA_ID: &str = "equals_money.persona";
pub(super) const SUB_ID: &str = "equals_money.sub";
pub(super) const ADDRESS_ID: &str = "equals_money.address";

/// Accounts, people and personas. What the API cannot change is shared between all moments.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State {
    /// The product that every new person belongs to.
    pub(super) product_id: Option<Uuid>,
    pub(super) accounts: Arc<IndexMap<AccountId, Arc<Account>>>,
    /// By name, then in the order of the accounts.
    pub(super) roles: Arc<Vec<Role>>,
    pub(super) teams: Arc<IndexMap<Uuid, Team>>,
    pub(super) addresses: Arc<IndexMap<Uuid, Address>>,
    pub(super) keys: Arc<IndexMap<Uuid, Arc<Key>>>,
    pub(super) people: Table<Person>,
    pub(super) personas: Table<Persona>,
    pub(super) sequence: Sequence,
}

/// A person and their persona on the account that is looked at.
pub(super) type Member<'a> = (&'a Arc<Person>, &'a Arc<Persona>);

impl State {
    /// The key of the fixture that is spelled so.
    pub(super) fn key(&self, key: Uuid) -> Option<&Arc<Key>> {
        self.keys.get(&key)
    }

    /// The account with this id, letter case included.
    pub(super) fn account(&self, id: &str) -> Option<&Arc<Account>> {
        self.accounts.get(id)
    }

    /// The role of this name that an account's personas can have.
    pub(super) fn role(&self, account: &str, name: RoleName) -> Option<&Role> {
        self.roles.iter().find(|role| role.name == name && role.is_enabled_on(account))
    }

    /// The accounts whose personas can have this role, in the order of the accounts.
    pub(super) fn accounts_with<'s>(&'s self, role: &'s Role) -> impl Iterator<Item = &'s str> + use<'s> {
        self.accounts.keys().map(|account| &**account).filter(|account| role.is_enabled_on(account))
    }

    /// The team with this id.
    pub(super) fn team(&self, id: &Uuid) -> Option<&Team> {
        self.teams.get(id)
    }

    /// The address with this id.
    pub(super) fn address(&self, id: &Uuid) -> Option<&Address> {
        self.addresses.get(id)
    }

    /// The person with this id.
    pub(super) fn person(&self, id: Uuid) -> Option<&Arc<Person>> {
        self.people.get(&id)
    }

    /// The person who signs in with this e-mail address; letter case does not count.
    pub(super) fn person_by_login(&self, email: &str) -> Option<&Arc<Person>> {
        self.people.list(&login(email)).next()
    }

    /// The persona with this id, of whatever account.
    pub(super) fn persona(&self, id: Uuid) -> Option<&Arc<Persona>> {
        self.personas.get(&id)
    }

    /// The persona with this id, if it is the account's.
    pub(super) fn persona_in(&self, account: &str, id: Uuid) -> Option<Member<'_>> {
        let persona = self.persona(id).filter(|persona| *persona.account == *account)?;
        Some((self.person(persona.person)?, persona))
    }

    /// The person with this id, if they have a persona on the account.
    pub(super) fn person_in(&self, account: &str, id: Uuid) -> Option<Member<'_>> {
        let persona = self.personas.list(&PersonasOf::Person(id)).find(|persona| *persona.account == *account)?;
        Some((self.person(id)?, persona))
    }

    /// Where an account lists the person: by `createdAt`, then in the order in which the people were made.
    pub(super) fn listed_at(&self, person: &Person) -> (Timestamp, Made) {
        (person.created_at, self.people.made(&person.id).unwrap_or_default())
    }

    /// Copies of all personas of a person.
    pub(super) fn personas_of(&self, person: Uuid) -> Vec<Persona> {
        self.personas.list(&PersonasOf::Person(person)).map(|persona| Persona::clone(persona)).collect()
    }

    /// A page of an account's people and the number of all that match. A list without a filter
    /// costs what its page costs, and so do people who are asked for by id.
    pub(super) fn members(
        &self,
        account: &Account,
        filter: &Filter,
        page: Page,
        now: Timestamp,
    ) -> (Vec<Member<'_>>, usize) {
        let group = PersonasOf::Account(account.id.clone());
        let (personas, count) = if let Some(people) = &filter.people {
            let mut named: Vec<_> = people.iter().filter_map(|id| Some(self.person_in(&account.id, *id)?.1)).collect();
            named.sort_by_key(|persona| persona.listed_at);
            named.dedup_by_key(|persona| persona.person);
            let accept = filter.accepts(&self.roles, account, now);
            page.of(named.into_iter().filter(|persona| accept(persona)))
        } else if filter.is_empty() {
            (page.take(self.personas.list(&group)), self.personas.count(&group))
        } else {
            let accept = filter.accepts(&self.roles, account, now);
            page.of(self.personas.list(&group).filter(|persona| accept(persona)))
        };
        let members = personas.into_iter().filter_map(|persona| Some((self.person(persona.person)?, persona)));
        (members.collect(), count)
    }

    /// Puts a person in, in place of the one with the same id.
    pub(super) fn put_person(&mut self, person: Person) {
        self.people.insert(person);
    }

    /// Puts a persona in, in place of the one with the same id.
    pub(super) fn put_persona(&mut self, persona: Persona) {
        self.personas.insert(persona);
    }

    /// Draws the next id of a kind that is not taken.
    pub(super) fn draw(&mut self, seed: Seed, kind: &'static str, taken: impl Fn(&Self, Uuid) -> bool) -> Uuid {
        let mut sequence = std::mem::take(&mut self.sequence);
        let id = sequence.uuid(seed, kind, |id| taken(self, *id));
        self.sequence = sequence;
        id
    }
}
