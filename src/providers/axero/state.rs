//! What the site remembers, and every change of it.

use std::collections;
use std::sync::Arc;

use imbl::HashMap;
use jiff::{SignedDuration, Timestamp};

use super::directory::Directory;
use super::entities::{Action, ActionModel, Column, Condition, ConditionModel, Persona};
use super::error::VendorError;
use super::rules::Changes;
use crate::provider::Sequence;
use crate::world::table::{Made, Row, Table};
use crate::world::weight;

/// The kinds of ids that the site counts.
pub(super) const PERSONA: &str = "axero.persona";
pub(super) const CONDITION: &str = "axero.condition";
pub(super) const ACTION: &str = "axero.action";

/// Axero's sample has the children's time 187 ms after the persona's: they are written after it, in one batch.
const CHILDREN_LATER: SignedDuration = SignedDuration::from_millis(187);

/// One Axero site.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Site {
    directory: Arc<Directory>,
    personas: Table<Persona>,
    /// The personas that the conditions and actions are of.
    children: HashMap<Child, i32>,
    sequence: Sequence,
}

/// A condition or an action: the kind of its id, and the id.
type Child = (&'static str, i32);

/// What a place among all children takes.
const CHILD: usize = 48;

/// The lists that show a persona.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    All,
    /// Those that a user made or changed, a condition or an action of theirs included.
    By(i32),
}

impl Row for Persona {
    type Id = i32;
    type Group = Group;
    type Order = i32;

    fn id(&self) -> i32 {
        self.id
    }
    fn groups(&self) -> Vec<Group> {
        let conditions = self.conditions.iter().flat_map(|row| [row.created_by, row.updated_by]);
        let actions = self.actions.iter().flat_map(|row| [row.created_by, row.updated_by]);
        let mut groups = Vec::with_capacity(4);
        groups.push(Group::All);
        for user in [self.created_by, self.updated_by].into_iter().chain(conditions).chain(actions) {
            let group = Group::By(user);
            if !groups.contains(&group) {
                groups.push(group);
            }
        }
        groups
    }
    /// By id, which counts up as personas are made.
    fn order(&self, _: Made) -> i32 {
        self.id
    }
    fn weight(&self) -> usize {
        weight::of(self) + CHILD * (self.conditions.len() + self.actions.len())
    }
}

impl Persona {
    fn children(&self) -> impl Iterator<Item = Child> {
        let conditions = self.conditions.iter().map(|row| (CONDITION, row.id));
        conditions.chain(self.actions.iter().map(|row| (ACTION, row.id)))
    }
}

/// Who saves, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Save {
    pub(super) by: i32,
    pub(super) at: Timestamp,
}

impl Site {
    /// Takes out what another state has too.
    pub(super) fn drop_shared(&mut self, other: &mut Self) {
        self.personas.drop_shared(&mut other.personas);
        if Arc::ptr_eq(&self.directory, &other.directory) {
            (self.directory, other.directory) = (Arc::default(), Arc::default());
            return;
        }
        let (ours, theirs) = (Arc::make_mut(&mut self.directory), Arc::make_mut(&mut other.directory));
        ours.roles.drop_shared(&mut theirs.roles);
        ours.users.drop_shared(&mut theirs.users);
        ours.tokens.drop_shared(&mut theirs.tokens);
        ours.legacy_keys.drop_shared(&mut theirs.legacy_keys);
    }

    /// Counts ids so from now on.
    pub(super) fn count_from(&mut self, sequence: Sequence) {
        self.sequence = sequence;
    }

    /// Its users and their credentials, to be changed.
    pub(super) fn directory_mut(&mut self) -> &mut Directory {
        Arc::make_mut(&mut self.directory)
    }

    /// Whether a condition or an action of any persona has this id.
    pub(super) fn has_child(&self, kind: &'static str, id: i32) -> bool {
        self.children.contains_key(&(kind, id))
    }

    /// The personas, by who made or changed them too.
    pub(super) fn table(&self) -> &Table<Persona> {
        &self.personas
    }

    /// The persona with this id, if it is there.
    pub(super) fn find(&self, id: i32) -> Option<&Arc<Persona>> {
        self.personas.get(&id)
    }

    /// Takes a persona out: when it was made.
    pub(super) fn take(&mut self, id: i32) -> Option<Made> {
        let persona = self.personas.get(&id)?.clone();
        for child in persona.children() {
            self.children.remove(&child);
        }
        self.personas.take_out(&id)
    }

    /// Puts a persona in, as made when one was that was taken out, or as a new one. Its ids are drawn no more.
    pub(super) fn put(&mut self, persona: Persona, made: Option<Made>) {
        self.draw_no_more(&persona);
        for child in persona.children() {
            self.children.insert(child, persona.id);
        }
        self.personas.put_in(made, persona);
    }

    /// Puts a persona in place of the one with the same id. Where it has the same children, nothing else changes.
    fn replace(&mut self, persona: Persona) {
        let has_same_children = |former: &Arc<Persona>| former.children().eq(persona.children());
        if self.personas.get(&persona.id).is_some_and(has_same_children) {
            self.draw_no_more(&persona);
            self.personas.insert(persona);
        } else {
            let made = self.take(persona.id);
            self.put(persona, made);
        }
    }

    /// Counts on from behind the ids of a persona.
    fn draw_no_more(&mut self, persona: &Persona) {
        for (kind, id) in persona.children().chain([(PERSONA, persona.id)]) {
            self.sequence.begin_at(kind, u64::try_from(id).map_or(1, |id| id + 1));
        }
    }

    /// Its users and their credentials.
    pub(super) fn directory(&self) -> &Directory {
        &self.directory
    }

    /// What it counts ids with.
    pub(super) fn sequence(&self) -> &Sequence {
        &self.sequence
    }

    /// Its personas by id.
    pub(super) fn personas(&self) -> impl Iterator<Item = &Arc<Persona>> {
        self.personas.list(&Group::All)
    }

    /// How many personas it has.
    pub(super) fn count(&self) -> usize {
        self.personas.len()
    }

    /// The persona with this id.
    ///
    /// # Errors
    ///
    /// [`VendorError::NoPersona`]: no text of Axero's for a missing persona is known.
    pub(super) fn persona(&self, id: i32) -> Result<&Arc<Persona>, VendorError> {
        self.personas.get(&id).ok_or(VendorError::NoPersona)
    }

    /// Adds a persona.
    pub(super) fn add(&mut self, changes: Changes, save: Save) -> Result<Arc<Persona>, VendorError> {
        let id = self.draw(PERSONA)?;
        let persona = Persona { id, created_by: save.by, created: Column::of(save.at), ..Persona::default() };
        self.save(persona, changes, save)
    }

    /// Changes a persona.
    pub(super) fn update(&mut self, id: i32, changes: Changes, save: Save) -> Result<Arc<Persona>, VendorError> {
        let persona = Persona::clone(self.persona(id)?);
        self.save(persona, changes, save)
    }

    /// Deletes a persona.
    pub(super) fn delete(&mut self, id: i32) -> Result<(), VendorError> {
        self.take(id).map(|_| ()).ok_or(VendorError::NoPersona)
    }

    fn save(&mut self, persona: Persona, changes: Changes, save: Save) -> Result<Arc<Persona>, VendorError> {
        let mut persona = persona.with(changes.persona);
        if let Some(conditions) = changes.conditions {
            persona.conditions = self.conditions(&persona.conditions, conditions, save)?;
        }
        if let Some(actions) = changes.actions {
            persona.actions = self.actions(&persona.actions, actions, save)?;
        }
        persona.touch(save);
        let id = persona.id;
        self.replace(persona);
        self.persona(id).cloned()
    }

    fn conditions(
        &mut self,
        former: &[Condition],
        bodies: Vec<ConditionModel>,
        save: Save,
    ) -> Result<Vec<Condition>, VendorError> {
        let mut known = former.iter().map(|condition| (condition.id, condition.created_by)).collect();
        let replaced = bodies.into_iter().map(|body| {
            let (id, created_by) = self.identity(&mut known, body.id, CONDITION, save)?;
            Ok(Condition { id, created_by, ..Condition::default() }.with(body))
        });
        replaced.collect()
    }

    /// Where a body does not say its place, it is that in the list.
    fn actions(&mut self, former: &[Action], bodies: Vec<ActionModel>, save: Save) -> Result<Vec<Action>, VendorError> {
        let mut known = former.iter().map(|action| (action.id, action.created_by)).collect();
        let replaced = (0..).zip(bodies).map(|(index, body)| {
            let (id, created_by) = self.identity(&mut known, body.id, ACTION, save)?;
            Ok(Action { id, created_by, index, ..Action::default() }.with(body))
        });
        replaced.collect()
    }

    /// The id and the creator of a child: those of the former child with this id, which is then taken; else new ones.
    fn identity(
        &mut self,
        known: &mut collections::HashMap<i32, i32>,
        id: Option<i32>,
        kind: &'static str,
        save: Save,
    ) -> Result<(i32, i32), VendorError> {
        match id.and_then(|id| known.remove_entry(&id)) {
            Some(kept) => Ok(kept),
            None => Ok((self.draw(kind)?, save.by)),
        }
    }

    /// The next id of a kind. A fixture's counters start above its ids, so none is taken yet.
    fn draw(&mut self, kind: &'static str) -> Result<i32, VendorError> {
        i32::try_from(self.sequence.number(kind, |_| false)).map_err(|_| VendorError::Exhausted)
    }
}

impl Persona {
    /// Any save counts as a change of the persona and of all its children.
    fn touch(&mut self, save: Save) {
        self.updated_by = save.by;
        self.updated = Column::of(save.at);
        let later = Column::of(save.at.saturating_add(CHILDREN_LATER).unwrap_or(save.at));
        for condition in &mut self.conditions {
            condition.updated_by = save.by;
            condition.updated = later;
        }
        for action in &mut self.actions {
            action.updated_by = save.by;
            action.updated = later;
        }
    }
}

#[cfg(test)]
mod tests;
