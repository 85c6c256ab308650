//! What the vendor remembers, and how it changes.

use std::cmp::Reverse;
use std::sync::Arc;

use imbl::{HashMap, OrdMap, Vector};
use jiff::Timestamp;
use memchr::memmem;
use uuid::Uuid;

use super::caller::{Caller, Reach, UnknownProject};
use super::error::VendorError;
use crate::dialects::ecma_json::Text;
use crate::dialects::zod::{Findings, Nullish};
use crate::provider::{Call, Seed, Sequence};
use crate::world::page::Page;
use crate::world::table::{Made, Row, Table};

/// The kind of a persona's id.
pub(super) const PERSONA_ID: &str = "crud.persona";

/// One moment's data.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct State {
    pub(super) users: Vector<User>,
    pub(super) credentials: HashMap<Arc<str>, Credential>,
    pub(super) projects: OrdMap<Uuid, Project>,
    pub(super) personas: Table<Persona>,
    pub(super) ids: Sequence,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct User {
    pub id: Uuid,
    pub name: String,
    pub email: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Credential {
    /// Where it stands in the fixture.
    pub number: usize,
    pub user: Uuid,
    pub note: Option<String>,
    pub expires_at: Option<Timestamp>,
    pub revoked: bool,
}

impl Credential {
    pub(super) fn is_valid(&self, now: Timestamp) -> bool {
        !self.revoked && self.expires_at.is_none_or(|end| now < end)
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Project {
    /// None for a project that a create made.
    pub name: Option<String>,
    pub owner: Uuid,
}

/// A JSON object as JavaScript prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block(Box<str>);

impl Block {
    pub(super) fn from_printed(text: Box<str>) -> Self {
        Self(text)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The fields that a persona need not have, in the order of `wire::TEXTS` and `wire::BLOCKS`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Content<T, B> {
    pub texts: [T; 3],
    pub blocks: [B; 9],
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Persona {
    pub id: Uuid,
    pub project: Uuid,
    /// The project's owner, for the list of all that is the owner's.
    pub owner: Uuid,
    pub name: Text,
    pub content: Content<Option<Text>, Option<Block>>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// See [`searchable`].
    pub searchable: Box<[u8]>,
}

/// A persona to be made.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NewPersona {
    pub project: Uuid,
    pub name: Text,
    pub content: Content<Nullish<Text>, Nullish<Block>>,
}

/// A change of a persona.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Change {
    pub id: Uuid,
    pub project: Option<Uuid>,
    pub name: Option<Text>,
    pub content: Content<Nullish<Text>, Nullish<Block>>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Group {
    Everything,
    Owner(Uuid),
    Project(Uuid),
}

impl Row for Persona {
    type Id = Uuid;
    type Group = Group;
    type Order = Reverse<(Timestamp, Made)>;

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
}

impl State {
    /// The user as whom an unlisted token acts.
    pub(super) fn first_user(&self) -> Option<Uuid> {
        self.users.front().map(|user| user.id)
    }

    pub(super) fn credential(&self, token: &str) -> Option<&Credential> {
        self.credentials.get(token)
    }

    /// A listed token that has not been revoked, rather one that never expires.
    pub(super) fn lasting_token(&self) -> Option<&str> {
        let usable = self.credentials.iter().filter(|(_, credential)| !credential.revoked);
        let best = usable.max_by_key(|(_, credential)| {
            (credential.expires_at.is_none(), credential.expires_at, Reverse(credential.number))
        });
        best.map(|(token, _)| &**token)
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
        let personas = self.personas.list(&group);
        let page = listing.page();
        Ok(match &listing.search {
            None => (page.take(personas), self.personas.count(&group)),
            Some(term) => {
                let finder = memmem::Finder::new(term);
                page.of(personas.filter(|persona| finder.find(&persona.searchable).is_some()))
            }
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
                self.projects.insert(new.project, Project { name: None, owner: caller.user });
                caller.user
            }
        };
        let id = self.ids.uuid(moment.seed, PERSONA_ID, |id| self.personas.contains(id));
        let mut content = Content::default();
        merge(&mut content, new.content);
        Ok(self.put(Persona {
            id,
            project: new.project,
            owner,
            searchable: searchable(&new.name, content.texts[TAGLINE].as_ref()),
            name: new.name,
            content,
            created_at: moment.now,
            updated_at: moment.now,
        }))
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
        merge(&mut persona.content, change.content);
        persona.searchable = searchable(&persona.name, persona.content.texts[TAGLINE].as_ref());
        persona.updated_at = moment.now;
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

/// The tagline's place in `wire::TEXTS`.
pub(super) const TAGLINE: usize = 1;

fn may_touch(caller: &Caller, owner: Uuid) -> bool {
    caller.reach == Reach::Everything || caller.user == owner
}

/// Name and tagline in lower case, parted by a byte that no search term holds.
pub(super) fn searchable(name: &Text, tagline: Option<&Text>) -> Box<[u8]> {
    let mut bytes = Vec::new();
    name.push_lowercase(&mut bytes);
    bytes.push(0xff);
    if let Some(tagline) = tagline {
        tagline.push_lowercase(&mut bytes);
    }
    bytes.into()
}

/// Given values replace what was there as a whole, null empties, absent ones leave it.
fn merge(content: &mut Content<Option<Text>, Option<Block>>, change: Content<Nullish<Text>, Nullish<Block>>) {
    for (slot, text) in content.texts.iter_mut().zip(change.texts) {
        set(slot, text);
    }
    for (slot, block) in content.blocks.iter_mut().zip(change.blocks) {
        set(slot, block);
    }
}

fn set<T>(slot: &mut Option<T>, value: Nullish<T>) {
    match value {
        Nullish::Absent => {}
        Nullish::Null => *slot = None,
        Nullish::Given(value) => *slot = Some(value),
    }
}
