//! The JSON of people and their personas, as answers show them.

use std::sync::Arc;

use super::directory::View;
use super::listed::Listed;
use super::moving::Moving;
use super::person::{Beside, Person};
use super::persona::{Embedded, Further, Persona};
use crate::json::{self, Escaping};
use crate::provider::entity::Shown;
use crate::provider::kept::{Body, Pieces, Texts};
use crate::providers::equals_money::words::{RoleName, Word};

/// The JSON of the people that were shown last, with a persona beside each.
static PEOPLE: Texts<Person> = Texts::new();

/// That of personas inside them.
static PERSONAS: Texts<Listed> = Texts::new();

/// A person who is to be shown, with the persona of one account.
pub(crate) struct ShownPerson {
    person: Arc<Pieces>,
    persona: Option<(Arc<Listed>, Arc<Pieces>)>,
}

/// About how much moves in a person and a persona.
const MOVING: usize = 64;

impl ShownPerson {
    /// The person beside this persona, or beside none.
    pub(crate) fn of(person: &Arc<Person>, persona: Option<&Arc<Listed>>) -> Self {
        let text = |beside| Pieces::of(&Shown(&**person, &beside));
        let Some(persona) = persona else { return Self { person: Arc::new(text(Beside::Nothing)), persona: None } };
        let shown = PERSONAS.get(persona, || Pieces::of(&Embedded(&persona.row)));
        Self { person: PEOPLE.get(person, || text(Beside::Persona)), persona: Some((persona.clone(), shown)) }
    }

    /// About how long its JSON is.
    pub(crate) fn length(&self) -> usize {
        let persona = self.persona.as_ref().map_or(0, |(_, shown)| shown.text().len());
        self.person.text().len() + persona + MOVING
    }

    /// Writes it.
    pub(crate) fn push(&self, body: &mut Body, shown: &mut RoleIds, view: &View<'_>) {
        body.push_record(&self.person, |body, gap| match &self.persona {
            Some((persona, _)) if gap == Moving::RoleId.gap() => shown.push(body, &persona.row, view),
            Some((persona, text)) => push_persona(body, &persona.row, text, view),
            None => body.push("null"),
        });
    }
}

fn push_persona(body: &mut Body, persona: &Persona, text: &Pieces, view: &View<'_>) {
    body.push_record(text, |body, _| {
        body.push_sign(b'"');
        body.push(persona.status_at(view.now).spelling());
        body.push_sign(b'"');
    });
    if !view.include.is_empty() {
        body.reopen();
        // What was asked for always has a JSON form.
        let further = json::write(&Further(persona, view), Escaping::Least).unwrap_or_default();
        body.push(",");
        body.push_known(further.get(1..).unwrap_or_default(), None);
    }
}

/// The ids of the roles that an answer shows as JSON, each looked up once: all its personas are of one account.
#[derive(Default)]
pub(crate) struct RoleIds(Vec<(RoleName, Vec<u8>)>);

impl RoleIds {
    fn push(&mut self, body: &mut Body, persona: &Persona, view: &View<'_>) {
        let name = persona.role_name;
        let number = self.0.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
            let role = view.directory.role(&persona.account_id, name);
            // An id always has a JSON form.
            let json = json::write(&role.map(|role| role.id), Escaping::Least).unwrap_or_default();
            self.0.push((name, json));
            self.0.len() - 1
        });
        body.push(self.0.get(number).map_or(&b"null"[..], |(_, id)| id));
    }
}
