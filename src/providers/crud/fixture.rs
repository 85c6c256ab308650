//! The fixture file, and the state it is.

use std::collections::HashSet;
use std::fmt::Display;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::auth;
use super::state::{Block, Content, Credential, PERSONA_ID, Persona, Project, State, TAGLINE, User, searchable};
use super::verbatim::{VerbatimBlock, VerbatimText};
use crate::dialects::ecma_json::Text;
use crate::dialects::zod::Version;
use crate::provider::{FixtureTime, Loading, NextIds, Sequence};

/// `crud.json`: users with their tokens, their projects, and the projects' personas.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fixture {
    /// The first is whom a token stands for that is not listed.
    #[schemars(length(min = 1))]
    users: Vec<UserRow>,
    /// The tokens.
    #[serde(default)]
    credentials: Vec<CredentialRow>,
    /// The projects.
    #[serde(default)]
    projects: Vec<ProjectRow>,
    /// The personas.
    #[serde(default)]
    personas: Vec<PersonaRow>,
    /// The number of the next id of each kind.
    #[serde(default, skip_serializing_if = "NextIds::is_empty")]
    next_ids: NextIds,
}

/// Somebody who owns projects.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UserRow {
    #[schemars(schema_with = "uuid_schema")]
    id: Uuid,
    name: String,
    email: String,
}

/// A personal access token, or the JWT of a web session.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct CredentialRow {
    /// `vm_` and letters or digits, or three parts with dots between.
    token: String,
    /// The id of the user who signs in with it.
    #[schemars(schema_with = "uuid_schema")]
    user: Uuid,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    /// Never, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires_at: Option<FixtureTime>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    revoked: bool,
}

/// What personas belong to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ProjectRow {
    #[schemars(schema_with = "uuid_schema")]
    id: Uuid,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// The id of the user who owns it.
    #[schemars(schema_with = "uuid_schema")]
    owner: Uuid,
}

/// A persona.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct PersonaRow {
    #[schemars(schema_with = "uuid_schema")]
    id: Uuid,
    #[schemars(schema_with = "uuid_schema")]
    project_id: Uuid,
    name: VerbatimText,
    #[serde(default)]
    user_role: Option<VerbatimText>,
    #[serde(default)]
    tagline: Option<VerbatimText>,
    #[serde(default)]
    avatar_description: Option<VerbatimText>,
    #[serde(default)]
    demographics: Option<VerbatimBlock>,
    #[serde(default)]
    psychographics: Option<VerbatimBlock>,
    #[serde(default)]
    behavioral_patterns: Option<VerbatimBlock>,
    #[serde(default)]
    goals_and_needs: Option<VerbatimBlock>,
    #[serde(default)]
    pain_points: Option<VerbatimBlock>,
    #[serde(default)]
    narrative: Option<VerbatimBlock>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    product_specific: Option<VerbatimBlock>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    communication_preferences: Option<VerbatimBlock>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    persona_data: Option<VerbatimBlock>,
    /// What lists are ordered by, the newest first; the moment of loading if absent. Personas of one moment
    /// are listed as they stand in the file.
    #[serde(default)]
    created_at: Option<FixtureTime>,
    /// The moment of making if absent.
    #[serde(default)]
    updated_at: Option<FixtureTime>,
}

fn uuid_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "format": "uuid" })
}

/// The state that a fixture describes. References that lead nowhere are faults.
pub(super) fn load(fixture: Fixture, loading: &mut Loading<'_>) -> State {
    let mut state = State { ids: Sequence::load(&fixture.next_ids, &[(PERSONA_ID, 1)], loading), ..State::default() };
    let mut users = HashSet::new();
    for (number, row) in fixture.users.into_iter().enumerate() {
        once(users.insert(row.id), format_args!("$.users[{number}].id"), row.id, loading);
        state.users.push_back(User { id: row.id, name: row.name, email: row.email });
    }
    for (number, row) in fixture.credentials.into_iter().enumerate() {
        let path = format!("$.credentials[{number}]");
        known(users.contains(&row.user), format_args!("{path}.user"), row.user, "users", loading);
        if !auth::has_form(&row.token) {
            let expected = "`vm_` and letters or digits, or three parts with dots between";
            loading.report(format_args!("{path}.token"), format_args!("{:?}", row.token), expected);
        }
        let expires_at = row.expires_at.map(|time| loading.instant(&time));
        let credential = Credential { number, user: row.user, note: row.note, expires_at, revoked: row.revoked };
        let token: Arc<str> = row.token.into();
        let first = state.credentials.insert(token.clone(), credential).is_none();
        once(first, format_args!("{path}.token"), token, loading);
    }
    for (number, row) in fixture.projects.into_iter().enumerate() {
        let path = format!("$.projects[{number}]");
        known(users.contains(&row.owner), format_args!("{path}.owner"), row.owner, "users", loading);
        let first = state.projects.insert(row.id, Project { name: row.name, owner: row.owner }).is_none();
        once(first, format_args!("{path}.id"), row.id, loading);
        nameable(format_args!("{path}.id"), row.id, loading);
    }
    let (mut ids, mut personas) = (HashSet::new(), Vec::new());
    for (number, row) in fixture.personas.into_iter().enumerate() {
        let path = format!("$.personas[{number}]");
        let owner = state.projects.get(&row.project_id).map(|project| project.owner);
        known(owner.is_some(), format_args!("{path}.project_id"), row.project_id, "projects", loading);
        let persona = persona(row, owner.unwrap_or_default(), loading);
        if persona.name.is_empty() {
            loading.report(format_args!("{path}.name"), "nothing but blanks", "at least 1 character");
        }
        once(ids.insert(persona.id), format_args!("{path}.id"), persona.id, loading);
        nameable(format_args!("{path}.id"), persona.id, loading);
        personas.push(persona);
    }
    // A file stands as its lists do, the newest first.
    state.personas = personas.into_iter().rev().collect();
    state
}

fn persona(row: PersonaRow, owner: Uuid, loading: &Loading<'_>) -> Persona {
    let texts = [row.user_role, row.tagline, row.avatar_description];
    let blocks = [
        row.demographics,
        row.psychographics,
        row.behavioral_patterns,
        row.goals_and_needs,
        row.pain_points,
        row.narrative,
        row.product_specific,
        row.communication_preferences,
        row.persona_data,
    ];
    let name = row.name.0.trimmed();
    let content =
        Content { texts: texts.map(|text| text.map(|text| text.0)), blocks: blocks.map(|block| block.map(|it| it.0)) };
    let created_at = row.created_at.map_or(loading.now(), |time| loading.instant(&time));
    Persona {
        id: row.id,
        project: row.project_id,
        owner,
        searchable: searchable(&name, content.texts[TAGLINE].as_ref()),
        name,
        content,
        created_at,
        updated_at: row.updated_at.map_or(created_at, |time| loading.instant(&time)),
    }
}

fn known(is_known: bool, path: impl Display, id: Uuid, list: &str, loading: &mut Loading<'_>) {
    if !is_known {
        loading.report(path, format_args!("the unknown id {id}"), format_args!("the id of one of $.{list}"));
    }
}

fn once(is_first: bool, path: impl Display, value: impl Display, loading: &mut Loading<'_>) {
    if !is_first {
        loading.report(path, format_args!("{value} a second time"), "each once");
    }
}

/// Warns of an id that the vendor's reader refuses from a client, as it does where nothing else is set.
fn nameable(path: impl Display, id: Uuid, loading: &mut Loading<'_>) {
    if Version::default().uuid_text(&id.to_string()).is_err() {
        let found = format_args!("{id}, which no request can name unless crud.zod is 3");
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
    let mut credentials: Vec<_> = state.credentials.iter().collect();
    credentials.sort_by_key(|(_, credential)| credential.number);
    Fixture {
        users: state
            .users
            .iter()
            .map(|user| UserRow { id: user.id, name: user.name.clone(), email: user.email.clone() })
            .collect(),
        credentials: credentials
            .into_iter()
            .map(|(token, credential)| CredentialRow {
                token: token.to_string(),
                user: credential.user,
                note: credential.note.clone(),
                expires_at: credential.expires_at.map(FixtureTime::from),
                revoked: credential.revoked,
            })
            .collect(),
        projects: state
            .projects
            .iter()
            .map(|(id, project)| ProjectRow { id: *id, name: project.name.clone(), owner: project.owner })
            .collect(),
        personas: state.personas.in_order_made().rev().map(|persona| row(persona)).collect(),
        next_ids: state.ids.export(),
    }
}

fn row(persona: &Persona) -> PersonaRow {
    let [user_role, tagline, avatar_description] =
        persona.content.texts.each_ref().map(|text| text.as_ref().map(|text: &Text| VerbatimText(text.clone())));
    let [
        demographics,
        psychographics,
        behavioral_patterns,
        goals_and_needs,
        pain_points,
        narrative,
        product_specific,
        communication_preferences,
        persona_data,
    ] = persona.content.blocks.each_ref().map(|block| block.as_ref().map(|block: &Block| VerbatimBlock(block.clone())));
    PersonaRow {
        id: persona.id,
        project_id: persona.project,
        name: VerbatimText(persona.name.clone()),
        user_role,
        tagline,
        avatar_description,
        demographics,
        psychographics,
        behavioral_patterns,
        goals_and_needs,
        pain_points,
        narrative,
        product_specific,
        communication_preferences,
        persona_data,
        created_at: Some(persona.created_at.into()),
        updated_at: Some(persona.updated_at.into()),
    }
}
