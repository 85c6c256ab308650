//! What the site remembers, and every change of it.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::directory::Directory;
use super::error::VendorError;
use super::rules::{ActionChange, Changes, ConditionChange, PersonaName};
use crate::dialects::sql_datetime;
use crate::provider::Sequence;
use crate::world::table::{Made, Row, Table};

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
    sequence: Sequence,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Persona {
    pub(super) id: i32,
    pub(super) name: String,
    pub(super) created_by: i32,
    pub(super) updated_by: i32,
    pub(super) created: Timestamp,
    pub(super) updated: Timestamp,
    pub(super) is_enabled: bool,
    pub(super) include_actions: bool,
    pub(super) match_condition: i32,
    pub(super) conditions: Vec<Condition>,
    pub(super) actions: Vec<Action>,
    pub(super) run_actions_on_save: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    pub(super) id: i32,
    pub(super) profile_field: i32,
    pub(super) value: Option<String>,
    pub(super) created_by: i32,
    pub(super) updated_by: i32,
    pub(super) updated: Timestamp,
    pub(super) operator: i32,
    pub(super) parent: i32,
    pub(super) match_condition: i32,
    pub(super) group: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Action {
    pub(super) id: i32,
    pub(super) value: Option<String>,
    pub(super) created_by: i32,
    pub(super) updated_by: i32,
    pub(super) updated: Timestamp,
    pub(super) kind: i32,
    pub(super) index: i32,
}

impl Row for Persona {
    type Id = i32;
    type Group = ();
    type Order = i32;

    fn id(&self) -> i32 {
        self.id
    }
    fn groups(&self) -> Vec<()> {
        vec![()]
    }
    /// By id, which counts up as personas are made.
    fn order(&self, _: Made) -> i32 {
        self.id
    }
}

/// Who saves, and when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Save {
    pub(super) by: i32,
    pub(super) at: Timestamp,
}

impl Site {
    /// A site of these.
    pub(super) fn new(directory: Directory, personas: Table<Persona>, sequence: Sequence) -> Self {
        Self { directory: Arc::new(directory), personas, sequence }
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
        self.personas.list(&())
    }

    /// How many personas it has.
    pub(super) fn count(&self) -> usize {
        self.personas.len()
    }

    /// The persona with this id.
    ///
    /// # Errors
    ///
    /// [`VendorError::ParameterInvalid`]: no text of Axero's for a missing persona is known.
    pub(super) fn persona(&self, id: i32) -> Result<&Arc<Persona>, VendorError> {
        self.personas.get(&id).ok_or(VendorError::ParameterInvalid)
    }

    /// Adds a persona.
    pub(super) fn add(&mut self, name: PersonaName, changes: Changes, save: Save) -> Result<Arc<Persona>, VendorError> {
        let id = self.draw(PERSONA)?;
        let persona = Persona {
            id,
            name: name.into_string(),
            created_by: save.by,
            updated_by: save.by,
            created: sql_datetime::round(save.at),
            updated: sql_datetime::round(save.at),
            is_enabled: false,
            include_actions: false,
            match_condition: 0,
            conditions: Vec::new(),
            actions: Vec::new(),
            run_actions_on_save: false,
        };
        self.save(persona, changes, save)
    }

    /// Changes a persona.
    pub(super) fn update(&mut self, id: i32, changes: Changes, save: Save) -> Result<Arc<Persona>, VendorError> {
        let persona = Persona::clone(self.persona(id)?);
        self.save(persona, changes, save)
    }

    /// Deletes a persona.
    pub(super) fn delete(&mut self, id: i32) -> Result<(), VendorError> {
        self.personas.remove(&id).map(|_| ()).ok_or(VendorError::ParameterInvalid)
    }

    fn save(&mut self, mut persona: Persona, changes: Changes, save: Save) -> Result<Arc<Persona>, VendorError> {
        if let Some(name) = changes.name {
            persona.name = name.into_string();
        }
        persona.is_enabled = changes.is_enabled.unwrap_or(persona.is_enabled);
        persona.include_actions = changes.include_actions.unwrap_or(persona.include_actions);
        persona.run_actions_on_save = changes.run_actions_on_save.unwrap_or(persona.run_actions_on_save);
        persona.match_condition = changes.match_condition.unwrap_or(persona.match_condition);
        if let Some(conditions) = changes.conditions {
            persona.conditions = self.conditions(&persona.conditions, conditions, save)?;
        }
        if let Some(actions) = changes.actions {
            persona.actions = self.actions(&persona.actions, actions, save)?;
        }
        persona.touch(save);
        let id = persona.id;
        self.personas.insert(persona);
        self.persona(id).cloned()
    }

    fn conditions(
        &mut self,
        former: &[Condition],
        changes: Vec<ConditionChange>,
        save: Save,
    ) -> Result<Vec<Condition>, VendorError> {
        let mut known = former.iter().map(|condition| (condition.id, condition.created_by)).collect();
        let replaced = changes.into_iter().map(|change| {
            let (id, created_by) = self.identity(&mut known, change.id, CONDITION, save)?;
            Ok(Condition {
                id,
                profile_field: change.profile_field,
                value: change.value,
                created_by,
                updated_by: save.by,
                updated: save.at,
                operator: change.operator,
                parent: change.parent,
                match_condition: change.match_condition,
                group: change.group,
            })
        });
        replaced.collect()
    }

    fn actions(
        &mut self,
        former: &[Action],
        changes: Vec<ActionChange>,
        save: Save,
    ) -> Result<Vec<Action>, VendorError> {
        let mut known = former.iter().map(|action| (action.id, action.created_by)).collect();
        let replaced = (0..).zip(changes).map(|(place, change)| {
            let (id, created_by) = self.identity(&mut known, change.id, ACTION, save)?;
            Ok(Action {
                id,
                value: change.value,
                created_by,
                updated_by: save.by,
                updated: save.at,
                kind: change.kind,
                index: change.index.unwrap_or(place),
            })
        });
        replaced.collect()
    }

    /// The id and the creator of a child: those of the former child with this id, which is then taken; else new ones.
    fn identity(
        &mut self,
        known: &mut HashMap<i32, i32>,
        id: i32,
        kind: &'static str,
        save: Save,
    ) -> Result<(i32, i32), VendorError> {
        match known.remove_entry(&id) {
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
        self.updated = sql_datetime::round(save.at);
        let later = sql_datetime::round(save.at.saturating_add(CHILDREN_LATER).unwrap_or(save.at));
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
