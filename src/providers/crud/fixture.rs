//! The fixture file, and the state it is.

use std::collections::HashSet;
use std::fmt::Display;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::auth;
use super::persona::Persona;
use super::rules;
use super::state::{Credential, PERSONA_ID, Project, State, User};
use crate::provider::{Loading, NextIds, Sequence};

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
    projects: Vec<Project>,
    /// The personas.
    #[serde(default)]
    personas: Vec<Persona>,
    /// The number of the next id of each kind.
    #[serde(default, skip_serializing_if = "NextIds::is_empty")]
    next_ids: NextIds,
}

/// The state that a fixture describes. References that lead nowhere are faults.
pub(super) fn load(mut fixture: Fixture, loading: &mut Loading<'_>) -> State {
    const A_USER: &str = "the id of a user of this file";
    let ids = Sequence::load(&fixture.next_ids, &[(PERSONA_ID, 1)], loading);
    let mut users = HashSet::new();
    for (n, user) in fixture.users.iter().enumerate() {
        loading.once(&mut users, user.id, format_args!("$.users[{n}].id"), "user id");
    }
    let mut tokens = HashSet::new();
    for (n, row) in fixture.credentials.iter().enumerate() {
        loading.refers(users.contains(&row.user), row.user, format_args!("$.credentials[{n}].user"), A_USER);
        if !auth::has_form(&row.token) {
            let expected = "`vm_` and letters or digits, or three parts with dots between";
            loading.report(format_args!("$.credentials[{n}].token"), format_args!("{:?}", row.token), expected);
        }
        loading.once(&mut tokens, &row.token, format_args!("$.credentials[{n}].token"), "token");
    }
    let mut projects = HashSet::new();
    for (n, row) in fixture.projects.iter().enumerate() {
        loading.refers(users.contains(&row.owner), row.owner, format_args!("$.projects[{n}].owner"), A_USER);
        loading.once(&mut projects, row.id, format_args!("$.projects[{n}].id"), "project id");
        nameable(format_args!("$.projects[{n}].id"), row.id, loading);
    }
    let mut state = State::of(fixture.users, fixture.credentials, fixture.projects, ids);
    let mut personas = HashSet::new();
    for (n, persona) in fixture.personas.iter_mut().enumerate() {
        let (id, project) = (persona.id, persona.project);
        let a_project = "the id of a project of this file";
        loading.refers(projects.contains(&project), project, format_args!("$.personas[{n}].project_id"), a_project);
        persona.name = persona.name.trimmed();
        if persona.name.is_empty() {
            loading.report(format_args!("$.personas[{n}].name"), "nothing but blanks", "at least 1 character");
        }
        loading.once(&mut personas, id, format_args!("$.personas[{n}].id"), "persona id");
        nameable(format_args!("$.personas[{n}].id"), id, loading);
        persona.owner = state.projects.get(&project).map(|project| project.owner).unwrap_or_default();
        let created_at = *persona.created_at.get_or_insert(loading.now());
        persona.updated_at.get_or_insert(created_at);
        persona.index();
    }
    // A file stands as its lists do, the newest first.
    state.personas = fixture.personas.into_iter().rev().collect();
    state
}

/// Warns of an id that the vendor's reader, in the version that is set, refuses from a client.
fn nameable(path: impl Display, id: Uuid, loading: &mut Loading<'_>) {
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
        users: state.users.to_vec(),
        credentials: state.credentials.to_vec(),
        projects: state.projects.values().cloned().collect(),
        personas: state.personas.in_order_made().rev().map(|persona| Persona::clone(persona)).collect(),
        next_ids: state.ids.export(),
    }
}
