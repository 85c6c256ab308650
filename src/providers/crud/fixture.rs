//! The fixture file, and the state it is.

use std::fmt::Display;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::persona::Persona;
use super::rules;
use super::state::{Credential, PERSONA_ID, Project, State, User};
use crate::provider::records;
use crate::provider::{Loading, NextIds, Sequence};
use crate::world::fixture::ReadyMade;

/// `crud.json`: users with their tokens, their projects, and the projects' personas.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fixture {
    /// The first is whom a token stands for that is not listed.
    #[schemars(length(min = 1))]
    users: Vec<User>,
    /// The tokens.
    #[serde(default)]
    credentials: Vec<Credential>,
    /// The projects.
    #[serde(default)]
    pub(super) projects: Vec<Project>,
    /// The personas.
    #[serde(default)]
    personas: Vec<Persona>,
    /// The number of the next id of each kind.
    #[serde(default, skip_serializing_if = "NextIds::is_empty")]
    next_ids: NextIds,
}

impl ReadyMade for Fixture {
    const SCHEMA: &'static str = include_str!("fixture.schema.json");
}

/// The state that a fixture describes. References that lead nowhere are faults.
pub(super) fn load(fixture: Fixture, loading: &mut Loading<'_>) -> State {
    let mut state = State::empty(Sequence::load(&fixture.next_ids, &[(PERSONA_ID, 1)], loading));
    records::load(fixture.users, &mut state, loading);
    records::load(fixture.credentials, &mut state, loading);
    records::load(fixture.projects, &mut state, loading);
    records::load_newest_first(fixture.personas, &mut state, loading);
    state
}

/// Warns of an id that the vendor's reader, in the version that is set, refuses from a client.
pub(super) fn nameable(path: impl Display, id: Uuid, loading: &mut Loading<'_>) {
    if rules::zod(loading.options()).uuid_text(&id.to_string()).is_err() {
        let found = format_args!("{id}, which no request can name unless crud.zod is 3 (--set crud.zod=3)");
        let mut mended = id.as_u128();
        // Version 4, and the variant.
        mended = mended & !(0xf << 76) | 0x4 << 76;
        mended = mended & !(0b11 << 62) | 0b10 << 62;
        let mended = Uuid::from_u128(mended);
        loading.warn(path, found, format_args!("a UUID of RFC 9562 such as {mended}"));
    }
}

/// The fixture that loads to an equal state.
pub(super) fn export(state: &State) -> Fixture {
    Fixture {
        users: state.users.iter().map(|row| User::clone(row)).collect(),
        credentials: state.credentials.iter().map(|row| Credential::clone(row)).collect(),
        projects: state.projects.iter().map(|row| Project::clone(row)).collect(),
        personas: state.personas.in_order_made().rev().map(|persona| Persona::clone(persona)).collect(),
        next_ids: state.ids.export(),
    }
}
