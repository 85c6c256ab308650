//! What the vendor remembers, and how it changes.

use std::cmp::Reverse;
use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::caller::{Caller, Reach, UnknownProject};
use super::error::VendorError;
use super::persona::{Content, Persona};
use crate::dialects::ecma_json::Text;
use crate::dialects::zod::Findings;
use crate::provider::{Call, FixtureTime, Seed, Sequence};
use crate::world::page::Page;
use crate::world::rows::{Rows, rows};
use crate::world::table::{BETWEEN_TEXTS, Made, Row, Table};
use crate::world::weight;

/// The kind of a persona's id.
pub(super) const PERSONA_ID: &str = "crud.persona";

/// One moment's data.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct State {
    pub(super) users: Rows<User>,
    /// By their tokens.
    pub(super) credentials: Rows<Credential>,
    pub(super) projects: Rows<Project>,
    pub(super) personas: Table<Persona>,
    pub(super) ids: Sequence,
}

rows! {
    User, user: Uuid = user.id, by () = Vec::new();
    Credential, row: String = row.token.clone(), by Uuid = vec![row.user];
    Project, project: Uuid = project.id, by Uuid = vec![project.owner];
}

/// Somebody who owns projects.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct User {
    pub id: Uuid,
    pub name: String,
    pub email: String,
}

/// A personal access token, or the JWT of a web session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Credential {
    /// `vm_` and letters or digits, or three parts with dots between.
    pub token: String,
    /// The id of the user who signs in with it.
    pub user: Uuid,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Never, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<FixtureTime>")]
    pub expires_at: Option<Timestamp>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub revoked: bool,
}

impl Credential {
    pub(super) fn is_valid(&self, now: Timestamp) -> bool {
        !self.revoked && self.expires_at.is_none_or(|end| now < end)
    }

    /// Whether it works and goes on doing so.
    pub(super) fn is_lasting(&self) -> bool {
        !self.revoked && self.expires_at.is_none()
    }
}

/// What personas belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Project {
    pub id: Uuid,
    // None for a project that a create made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The id of the user who owns it.
    pub owner: Uuid,
}

/// A persona to be made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NewPersona {
    pub project: Uuid,
    pub name: Text,
    pub content: Content,
}

/// A change of a persona.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    pub id: Uuid,
    pub project: Option<Uuid>,
    pub name: Option<Text>,
    pub content: Content,
}

/// A list that may be asked for.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Listing {
    pub project: Option<Uuid>,
    /// The search term in lower case.
    pub search: Option<String>,
    /// As the answer states it.
    pub limit: f64,
    /// As the answer states it.
    pub offset: f64,
}

impl Listing {
    /// The window of the list.
    pub(super) fn page(&self) -> Page {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "beyond every list it saturates")]
        let rows = |number: f64| number as usize;
        Page { offset: rows(self.offset), limit: rows(self.limit) }
    }
}

/// When a change happens, and where its ids come from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    pub now: Timestamp,
    pub seed: Seed,
}

impl Moment {
    pub(super) fn of(call: &Call<'_, State>) -> Self {
        Self { now: call.now, seed: call.seed }
    }
}

/// The lists that show a persona.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    Everything,
    Owner(Uuid),
    Project(Uuid),
}

impl Row for Persona {
    type Id = Uuid;
    type Group = Group;
    type Order = Reverse<(Option<Timestamp>, Made)>;

    fn id(&self) -> Uuid {
        self.id
    }

    fn groups(&self) -> Vec<Group> {
        vec![Group::Everything, Group::Owner(self.owner), Group::Project(self.project)]
    }

    /// The newest first; of one moment, as of one batch, the last made.
    fn order(&self, made: Made) -> Self::Order {
        Reverse((self.created_at, made))
    }

    fn weight(&self) -> usize {
        weight::of(self) + self.name.len() + 1 + self.tagline.as_ref().map_or(0, Text::len)
    }

    /// Name and tagline in lower case, parted by what no search term holds.
    fn push_text(&self, out: &mut Vec<u8>) {
        self.name.push_lowercase(out);
        out.push(BETWEEN_TEXTS);
        if let Some(tagline) = &self.tagline {
            tagline.push_lowercase(out);
        }
    }
}

impl State {
    /// Takes out what another state has too.
    pub(super) fn drop_shared(&mut self, other: &mut Self) {
        self.users.drop_shared(&mut other.users);
        self.credentials.drop_shared(&mut other.credentials);
        self.projects.drop_shared(&mut other.projects);
        self.personas.drop_shared(&mut other.personas);
    }

    /// A state without a row.
    pub(super) fn empty(ids: Sequence) -> Self {
        Self { credentials: Rows::by_place([]), ids, ..Self::default() }
    }

    /// The user as whom an unlisted token acts.
    pub(super) fn first_user(&self) -> Option<Uuid> {
        self.users.first().map(|user| user.id)
    }

    /// Whether a text is a token that it lists.
    pub(super) fn lists(&self, text: &str) -> bool {
        self.credentials.names(text)
    }

    pub(super) fn credential(&self, token: &str) -> Option<&Credential> {
        self.credentials.get(token).map(|row| &**row)
    }

    /// The tokens that work, those that never expire first.
    pub(super) fn usable_tokens(&self, now: Timestamp) -> impl Iterator<Item = &str> {
        let usable = move |credential: &&Arc<Credential>| credential.is_valid(now);
        let lasting = self.credentials.iter().filter(usable).filter(|credential| credential.is_lasting());
        let others = self.credentials.iter().filter(usable).filter(|credential| !credential.is_lasting());
        lasting.chain(others).map(|credential| &*credential.token)
    }

    /// A listed token that has not been revoked, rather one that never expires.
    pub(super) fn lasting_token(&self) -> Option<&str> {
        // Of equals the last counts, which is the first of the file.
        let usable = self.credentials.iter().rev().filter(|credential| !credential.revoked);
        let best = usable.max_by_key(|credential| (credential.expires_at.is_none(), credential.expires_at));
        best.map(|credential| &*credential.token)
    }

    /// The persona with this id, if the caller may see it.
    pub(super) fn find(&self, caller: &Caller, id: Uuid) -> Result<&Arc<Persona>, VendorError> {
        let persona = self.personas.get(&id).ok_or(VendorError::PersonaNotFound)?;
        if may_touch(caller, persona.owner) { Ok(persona) } else { Err(VendorError::Forbidden) }
    }

    /// A page of the caller's personas, newest first, and how many there are on all pages.
    pub(super) fn list(&self, caller: &Caller, listing: &Listing) -> Result<(Vec<&Arc<Persona>>, usize), VendorError> {
        let group = match (listing.project, caller.reach) {
            (Some(project), _) => {
                self.enter(caller, project)?;
                Group::Project(project)
            }
            (None, Reach::Own) => Group::Owner(caller.user),
            (None, Reach::Everything) => Group::Everything,
        };
        let page = listing.page();
        Ok(match &listing.search {
            None => (page.take(self.personas.list(&group)), self.personas.count(&group)),
            Some(term) => self.personas.search(&group, term, page, None),
        })
    }

    /// Makes a persona, and its project where nobody has made it yet.
    pub(super) fn create(
        &mut self,
        caller: &Caller,
        new: NewPersona,
        moment: Moment,
    ) -> Result<Arc<Persona>, VendorError> {
        let owner = match self.enter(caller, new.project)? {
            Some(project) => project.owner,
            None => {
                self.projects.push(Project { id: new.project, name: None, owner: caller.user });
                caller.user
            }
        };
        let id = self.ids.uuid(moment.seed, PERSONA_ID, |id| self.personas.contains(id));
        let mut persona = Persona {
            id,
            project: new.project,
            owner,
            name: new.name,
            created_at: Some(moment.now),
            updated_at: Some(moment.now),
            ..Persona::default()
        };
        new.content.apply(&mut persona);
        Ok(self.put(persona))
    }

    /// Changes a persona; its project stays.
    pub(super) fn update(
        &mut self,
        caller: &Caller,
        change: Change,
        moment: Moment,
    ) -> Result<Arc<Persona>, VendorError> {
        let former = self.find(caller, change.id)?;
        if change.project.is_some_and(|project| project != former.project) {
            return Err(VendorError::Invalid(Findings::of("project_id", VendorError::PROJECT_STAYS)));
        }
        let mut persona = Persona::clone(former);
        if let Some(name) = change.name {
            persona.name = name;
        }
        change.content.apply(&mut persona);
        persona.updated_at = Some(moment.now);
        Ok(self.put(persona))
    }

    /// Takes a persona out and returns its id.
    pub(super) fn delete(&mut self, caller: &Caller, id: Uuid) -> Result<Uuid, VendorError> {
        self.find(caller, id)?;
        self.personas.remove(&id);
        Ok(id)
    }

    fn put(&mut self, persona: Persona) -> Arc<Persona> {
        let persona = Arc::new(persona);
        self.personas.insert(persona.clone());
        persona
    }

    /// The project, if it is there and the caller may touch it.
    fn enter(&self, caller: &Caller, project: Uuid) -> Result<Option<&Project>, VendorError> {
        match self.projects.get(&project) {
            Some(known) if may_touch(caller, known.owner) => Ok(Some(known)),
            Some(_) => Err(VendorError::Forbidden),
            None if caller.unknown_project == UnknownProject::Made => Ok(None),
            None => Err(VendorError::ProjectNotFound),
        }
    }
}

fn may_touch(caller: &Caller, owner: Uuid) -> bool {
    caller.reach == Reach::Everything || caller.user == owner
}
