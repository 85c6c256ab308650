//! What Equals Money remembers: one value, cloned in O(1).

use std::sync::Arc;

use jiff::Timestamp;
use uuid::Uuid;

use super::filter::Filter;
use super::model::{Account, AccountId, Directory, Listed, Person, Persona, PersonasOf, login, searched};
use super::words::PersonaStatus;
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
    pub(super) directory: Arc<Directory>,
    pub(super) people: Table<Person>,
    pub(super) personas: Table<Listed>,
    pub(super) sequence: Sequence,
}

/// A person and their persona on the account that is looked at.
pub(super) type Member<'a> = (&'a Arc<Person>, &'a Arc<Listed>);

/// A person to create, with a persona. What they have no say in, ids and times, is put in when they are added.
#[derive(Debug, Clone, Default)]
pub(super) struct NewPerson {
    pub(super) person: Person,
    pub(super) persona: Persona,
    pub(super) add_to_user_pool: bool,
}

impl State {
    /// Takes out what another state has too.
    pub(super) fn drop_shared(&mut self, other: &mut Self) {
        self.people.drop_shared(&mut other.people);
        self.personas.drop_shared(&mut other.personas);
        if Arc::ptr_eq(&self.directory, &other.directory) {
            (self.directory, other.directory) = (Arc::default(), Arc::default());
            return;
        }
        let (ours, theirs) = (Arc::make_mut(&mut self.directory), Arc::make_mut(&mut other.directory));
        ours.accounts.drop_shared(&mut theirs.accounts);
        ours.roles.drop_shared(&mut theirs.roles);
        ours.teams.drop_shared(&mut theirs.teams);
        ours.addresses.drop_shared(&mut theirs.addresses);
        ours.keys.drop_shared(&mut theirs.keys);
    }

    /// The account with this id, letter case included.
    pub(super) fn account(&self, id: &str) -> Option<&Account> {
        self.directory.accounts.get(id).map(|account| &**account)
    }

    /// The person with this id.
    pub(super) fn person(&self, id: Uuid) -> Option<&Arc<Person>> {
        self.people.get(&id)
    }

    /// The person who signs in with this e-mail address; letter case does not count.
    pub(super) fn person_by_login(&self, email: &str) -> Option<&Person> {
        self.people.list(&login(email)).next().map(|person| &**person)
    }

    /// The persona with this id, if it is the account's.
    pub(super) fn persona_in(&self, account: &str, id: Uuid) -> Option<Member<'_>> {
        self.member(self.personas.get(&id).filter(|persona| *persona.row.account_id == *account)?)
    }

    /// The person with this id, if they have a persona on the account.
    pub(super) fn person_in(&self, account: &str, id: Uuid) -> Option<Member<'_>> {
        self.member(self.listed(account, id)?)
    }

    fn listed(&self, account: &str, person: Uuid) -> Option<&Arc<Listed>> {
        self.personas.list(&PersonasOf::Person(person)).find(|persona| *persona.row.account_id == *account)
    }

    fn member<'s>(&'s self, persona: &'s Arc<Listed>) -> Option<Member<'s>> {
        Some((self.person(persona.row.person_id)?, persona))
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
        let accept = filter.accepts(&self.directory.roles, account, now);
        let search = filter.search.as_deref().map(searched);
        let (personas, count) = match (&filter.people, &search) {
            (Some(people), _) => {
                let mut named: Vec<_> = people.iter().filter_map(|id| self.listed(&account.id, *id)).collect();
                named.sort_by_key(|persona| persona.at);
                named.dedup_by_key(|persona| persona.row.person_id);
                let is_found = |persona: &Listed| search.as_ref().is_none_or(|search| persona.is_found_by(search));
                page.of(named.into_iter().filter(|persona| accept(persona) && is_found(persona)))
            }
            (None, Some(search)) => {
                let accept = (!filter.is_none_but_search()).then_some(&accept as &dyn Fn(&Listed) -> bool);
                self.personas.search(&group, search, page, accept)
            }
            (None, None) if filter.is_none_but_search() => {
                (page.take(self.personas.list(&group)), self.personas.count(&group))
            }
            (None, None) => page.of(self.personas.list(&filter.narrowest(account)).filter(|persona| accept(persona))),
        };
        (personas.into_iter().map(|persona| (&persona.person, persona)).collect(), count)
    }

    /// Puts a persona in, in place of the one with the same id. One whose person is not there is left out.
    pub(super) fn put_persona(&mut self, row: Persona) {
        self.put_persona_made(row, None);
    }

    /// The same as made when one was that was taken out, if one was.
    pub(super) fn put_persona_made(&mut self, row: Persona, made_before: Option<Made>) {
        if let (Some(person), Some(made)) = (self.people.get(&row.person_id), self.people.made(&row.person_id)) {
            let listed = Listed::new(row, person.clone(), made);
            let made = made_before.or_else(|| self.personas.made(&listed.row.id));
            self.personas.put_in(made, listed);
        }
    }

    /// Whether the person has a persona on the account.
    pub(super) fn has_place(&self, account: &str, person: Uuid) -> bool {
        self.listed(account, person).is_some()
    }

    /// Puts a person in, as made when one was that was taken out, and on all their personas what hangs on them.
    pub(super) fn put_person_made(&mut self, person: Person, made: Option<Made>) {
        let of_person = PersonasOf::Person(person.id);
        self.people.put_in(made, person);
        let personas: Vec<Persona> = self.personas.list(&of_person).map(|persona| persona.row.clone()).collect();
        personas.into_iter().for_each(|persona| self.put_persona(persona));
    }

    /// What the API cannot change, to be changed.
    pub(super) fn directory_mut(&mut self) -> &mut Directory {
        Arc::make_mut(&mut self.directory)
    }

    /// Puts a changed person in, and on all their personas what hangs on the person.
    ///
    /// `emails`, where it is there, is their preference on all accounts.
    pub(super) fn put_person(&mut self, person: Person, emails: Option<Option<bool>>, now: Timestamp) {
        let of_person = PersonasOf::Person(person.id);
        self.people.insert(person);
        let personas: Vec<Persona> = self.personas.list(&of_person).map(|persona| persona.row.clone()).collect();
        for mut persona in personas {
            if let Some(emails) = emails {
                persona.transactional_emails = emails;
                persona.updated_at = Some(now);
            }
            self.put_persona(persona);
        }
    }

    /// Adds a persona for the person with this login, who is created if there is none, and returns
    /// the person's id.
    ///
    /// A person who is there keeps all values: the request then only makes the persona.
    pub(super) fn add_person(&mut self, account: AccountId, new: NewPerson, seed: Seed, now: Timestamp) -> Uuid {
        let NewPerson { mut person, mut persona, add_to_user_pool } = new;
        persona.person_id = match self.person_by_login(&person.primary_email_address) {
            Some(known) => known.id,
            None => {
                let people = &self.people;
                person.id = self.sequence.uuid(seed, PERSON_ID, |id| people.contains(id));
                person.product_id = self.directory.product_id;
                person.sub = add_to_user_pool.then(|| self.sequence.uuid(seed, SUB_ID, |_| false));
                if let Some(address) = &mut person.address {
                    address.id = self.sequence.uuid(seed, ADDRESS_ID, |_| false);
                }
                (person.created_at, person.updated_at) = (now, Some(now));
                let id = person.id;
                self.people.insert(person);
                id
            }
        };
        let (id, personas) = (persona.person_id, &self.personas);
        persona.id = self.sequence.uuid(seed, PERSONA_ID, |id| personas.contains(id));
        persona.account_id = account;
        persona.invite_sent_at = (persona.status == PersonaStatus::Invited).then_some(now);
        (persona.created_at, persona.updated_at) = (now, Some(now));
        self.put_persona(persona);
        id
    }
}
