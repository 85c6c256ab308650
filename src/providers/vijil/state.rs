//! What the vendor remembers, and every change of it.

use std::cmp::Reverse;
use std::sync::Arc;

use bytes::Bytes;
use uuid::Uuid;

use super::claims::Claims;
use super::directory::Directory;
use super::fixture::{ApiKey, Fixture, Membership, Team, Token, User};
use super::persona::{Changes, Persona, PresetRow};
use super::query::{Filter, PresetFilter};
use super::rules::NewPersona;
use crate::json::{self, Escaping};
use crate::provider::records::{self, Record, Referrers};
use crate::provider::{Loading, Seed, Sequence};
use crate::world::table::{BETWEEN_TEXTS, Made, Row, Table};
use crate::world::weight::{self, Charges};

const PERSONA_ID: &str = "vijil.persona";

/// What the mark takes that a password was chosen.
const CHOSEN: usize = 64;

/// A persona in its lists. Its JSON is made where it is shown: one of a million that is never shown takes nothing for it.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) persona: Persona,
}

impl Entry {
    pub(super) fn new(persona: Persona) -> Self {
        Self { persona }
    }

    /// Its JSON.
    pub(super) fn json(&self) -> Vec<u8> {
        // A persona always has a JSON form: its one free field is JSON text already.
        json::write(&self.persona, Escaping::Least).unwrap_or_default()
    }

    /// What a search looks at.
    fn texts(&self) -> impl Iterator<Item = &String> {
        let Persona { name, description, role, .. } = &self.persona;
        [Some(name), description.as_ref(), Some(role)].into_iter().flatten()
    }

    /// Whether the persona is one that a list is to show, by all but its texts.
    fn passes(&self, filter: &Filter<'_>) -> bool {
        (filter.intents.is_empty() || filter.intents.contains(&self.persona.intent.name()))
            && filter.is_preset.is_none_or(|wanted| self.persona.is_preset == wanted)
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.persona == other.persona
    }
}

impl Row for Entry {
    type Id = Uuid;
    type Group = Group;
    type Order = Reverse<(i64, Made)>;

    fn id(&self) -> Uuid {
        self.persona.id
    }

    fn groups(&self) -> Vec<Group> {
        let team = Group::Team(self.persona.team_id);
        // No user made a preset.
        if self.persona.created_by.is_nil() { vec![team] } else { vec![team, Group::User(self.persona.created_by)] }
    }

    /// The newest first, and within a second the last made. Inferred: the vendor states no order, and
    /// stable paging needs one.
    fn order(&self, made: Made) -> Self::Order {
        Reverse((self.persona.created_at, made))
    }

    /// Its texts stand in the persona and in what a search reads.
    fn weight(&self) -> usize {
        size_of::<Self>() + weight::length(&self.persona) + self.texts().map(|text| text.len() + 1).sum::<usize>()
    }

    fn push_text(&self, out: &mut Vec<u8>) {
        for text in self.texts() {
            out.extend_from_slice(text.to_lowercase().as_bytes());
            out.push(BETWEEN_TEXTS);
        }
    }
}

/// The lists that show a persona.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Team(Uuid),
    /// Those that a user made.
    User(Uuid),
}

/// Everything, as one value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct State {
    pub(super) directory: Arc<Directory>,
    pub(super) personas: Table<Entry>,
    pub(super) presets: Table<Entry>,
    ids: Sequence,
    /// The users whose password a request set. A fixture states a password and not where it comes from: this is no part
    /// of what two states are compared by, and an export knows nothing of it.
    chosen: Charges<Uuid>,
}

/// Who creates a persona, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Creation {
    pub(super) user: Uuid,
    pub(super) now: i64,
    pub(super) seed: Seed,
}

impl State {
    /// Takes out what another state has too.
    pub(super) fn drop_shared(&mut self, other: &mut Self) {
        self.personas.drop_shared(&mut other.personas);
        self.presets.drop_shared(&mut other.presets);
        if Arc::ptr_eq(&self.directory, &other.directory) {
            (self.directory, other.directory) = (Arc::default(), Arc::default());
            return;
        }
        let (ours, theirs) = (Arc::make_mut(&mut self.directory), Arc::make_mut(&mut other.directory));
        ours.teams.drop_shared(&mut theirs.teams);
        ours.users.drop_shared(&mut theirs.users);
        ours.memberships.drop_shared(&mut theirs.memberships);
        ours.tokens.drop_shared(&mut theirs.tokens);
        ours.api_keys.drop_shared(&mut theirs.api_keys);
    }

    /// The state that a fixture describes.
    pub(super) fn load(fixture: Fixture, loading: &mut Loading<'_>) -> Self {
        let mut state = Self {
            directory: Arc::default(),
            personas: Table::default(),
            presets: Table::default(),
            ids: Sequence::default(),
            chosen: Charges::default(),
        };
        records::load(fixture.teams, &mut state, loading);
        records::load(fixture.users, &mut state, loading);
        User::check_list(&state, loading);
        records::load(fixture.memberships, &mut state, loading);
        records::load(fixture.tokens, &mut state, loading);
        records::load(fixture.api_keys, &mut state, loading);
        records::load_newest_first(fixture.personas, &mut state, loading);
        records::load_newest_first(fixture.presets, &mut state, loading);
        state.ids = Sequence::load(&fixture.next_ids, &[(PERSONA_ID, 1)], loading);
        state
    }

    /// The fixture that loads to an equal state.
    pub(super) fn export(&self) -> Fixture {
        let Directory { teams, users, memberships, tokens, api_keys, .. } = &*self.directory;
        Fixture {
            teams: teams.iter().map(|row| Team::clone(row)).collect(),
            users: users.iter().map(|row| User::clone(row)).collect(),
            memberships: memberships.iter().map(|row| Membership::clone(row)).collect(),
            tokens: tokens.iter().map(|row| Token::clone(row)).collect(),
            api_keys: api_keys.iter().map(|row| ApiKey::clone(row)).collect(),
            personas: self.personas.in_order_made().rev().map(|entry| entry.persona.clone()).collect(),
            presets: self.presets.in_order_made().rev().map(|entry| PresetRow(entry.persona.clone())).collect(),
            next_ids: self.ids.export(),
        }
    }

    /// The people, to be changed.
    pub(super) fn directory_mut(&mut self) -> &mut Directory {
        Arc::make_mut(&mut self.directory)
    }

    /// Notes the personas of a list as those that refer to something.
    pub(super) fn personas_of(&self, group: Group, found: &mut Referrers) {
        let names = self.personas.list(&group).map(|entry| entry.persona.id);
        found.add("personas", self.personas.count(&group), names);
    }

    pub(super) fn user(&self, id: Uuid) -> Option<&User> {
        self.directory.users.get(&id).map(AsRef::as_ref)
    }

    /// The user with this e-mail address, and what the user may do.
    pub(super) fn login(&self, email: &str) -> Option<(&User, Arc<Claims>)> {
        self.directory.login(email)
    }

    /// Gives a user another password, which the user chose: no change is required any more.
    pub(super) fn change_password(&mut self, user: Uuid, password: &str) {
        self.chosen.set(user, CHOSEN);
        let Some(mut changed) = self.user(user).cloned() else { return };
        password.clone_into(&mut changed.password);
        changed.password_change_required = false;
        let made = self.directory_mut().take_user(user);
        self.directory_mut().put_user(changed, made);
    }

    /// Whether a request set the password of a user: it is the client's own, and no page shows it.
    pub(super) fn has_chosen_password(&self, user: Uuid) -> bool {
        self.chosen.contains(&user)
    }

    /// A persona of a team.
    pub(super) fn persona(&self, id: Uuid) -> Option<&Arc<Entry>> {
        self.personas.get(&id)
    }

    /// A system preset.
    pub(super) fn preset(&self, id: Uuid) -> Option<&Arc<Entry>> {
        self.presets.get(&id)
    }

    /// The category of each preset that has one.
    pub(super) fn preset_categories(&self) -> impl Iterator<Item = &str> {
        self.presets.iter().filter_map(|entry| entry.persona.preset_category.as_deref())
    }

    /// Whether an id names a persona or a preset.
    pub(super) fn is_taken(&self, id: Uuid) -> bool {
        self.personas.contains(&id) || self.presets.contains(&id)
    }

    /// A page of a team's personas, and how many there are on all pages.
    pub(super) fn list(&self, team: Uuid, filter: &Filter<'_>) -> (Vec<&Arc<Entry>>, usize) {
        let (group, page) = (Group::Team(team), filter.page);
        let all_pass = filter.intents.is_empty() && filter.is_preset.is_none();
        let passes = |entry: &Entry| entry.passes(filter);
        match filter.search.as_deref() {
            None if all_pass => (page.take(self.personas.list(&group)), self.personas.count(&group)),
            None => page.of(self.personas.list(&group).filter(|entry| passes(entry))),
            Some(text) => self.personas.search(&group, text, page, (!all_pass).then_some(&passes)),
        }
    }

    /// A page of the presets, and how many there are on all pages.
    pub(super) fn list_presets(&self, filter: &PresetFilter<'_>) -> (Vec<&Arc<Entry>>, usize) {
        let category = |entry: &&Arc<Entry>| {
            filter.category.is_none_or(|category| entry.persona.preset_category.as_deref() == Some(category))
        };
        filter.page.of(self.presets.list(&Group::Team(Uuid::nil())).filter(category))
    }

    /// Adds a persona; its id is drawn where the client chose none.
    pub(super) fn create(&mut self, new: NewPersona, creation: Creation) -> Bytes {
        let mut persona = Persona { team_id: new.team_id, ..Persona::unstated() };
        new.fields.apply(&mut persona);
        self.add(persona, new.id, creation)
    }

    /// Adds a copy of a preset to a team.
    pub(super) fn copy_preset(
        &mut self,
        preset: &Persona,
        name: Option<String>,
        team_id: Uuid,
        creation: Creation,
    ) -> Bytes {
        let persona =
            Persona { team_id, name: name.unwrap_or_else(|| preset.name.clone()), is_preset: false, ..preset.clone() };
        self.add(persona, None, creation)
    }

    fn add(&mut self, mut persona: Persona, id: Option<Uuid>, creation: Creation) -> Bytes {
        let Self { ids, personas, presets, .. } = self;
        let is_taken = |id: &Uuid| personas.contains(id) || presets.contains(id);
        persona.id = id.unwrap_or_else(|| ids.uuid(creation.seed, PERSONA_ID, is_taken));
        persona.created_by = creation.user;
        persona.created_at = creation.now;
        persona.updated_at = creation.now;
        self.put(persona)
    }

    /// Changes what was stated of a persona, and when it was last changed, even if nothing was.
    pub(super) fn update(&mut self, entry: &Entry, changes: Changes, now: i64) -> Bytes {
        let mut persona = entry.persona.clone();
        changes.apply(&mut persona);
        persona.updated_at = now;
        self.put(persona)
    }

    /// Removes a persona.
    pub(super) fn delete(&mut self, id: Uuid) {
        self.personas.remove(&id);
    }

    fn put(&mut self, persona: Persona) -> Bytes {
        let entry = Entry::new(persona);
        let json = entry.json().into();
        self.personas.insert(entry);
        json
    }
}

#[cfg(test)]
mod tests;
