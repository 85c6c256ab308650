//! What a fixture's schema cannot say: references to nothing, and names that stand twice.

use std::collections::HashSet;

use uuid::Uuid;

use super::directory::Directory;
use super::fixture::User;
use super::persona::{Persona, PresetRow};
use crate::provider::Loading;

const A_TEAM: &str = "the id of a team of this file";
const A_USER: &str = "the id of a user of this file";

/// The faults of teams, users, memberships and credentials.
pub(super) fn people(directory: &Directory, users: &[User], loading: &mut Loading<'_>) {
    let has_user = |id: Uuid| directory.number_of(id).is_some();
    let mut ids = HashSet::new();
    for (n, team) in directory.teams.iter().enumerate() {
        loading.once(&mut ids, team.id, format_args!("$.teams[{n}].id"), "team id");
    }
    let (mut ids, mut emails) = (HashSet::new(), HashSet::new());
    for (n, user) in users.iter().enumerate() {
        loading.once(&mut ids, user.id, format_args!("$.users[{n}].id"), "user id");
        loading.once(&mut emails, user.email.to_lowercase(), format_args!("$.users[{n}].email"), "e-mail address");
    }
    let (mut ids, mut pairs) = (HashSet::new(), HashSet::new());
    for (n, membership) in directory.memberships.iter().enumerate() {
        let (team, user) = (membership.team_id, membership.user_id);
        loading.once(&mut ids, membership.id, format_args!("$.memberships[{n}].id"), "membership id");
        let pair = format!("user {user} in team {team}");
        loading.once(&mut pairs, pair, format_args!("$.memberships[{n}]"), "membership of a user in a team");
        loading.refers(directory.has_team(team), team, format_args!("$.memberships[{n}].team_id"), A_TEAM);
        loading.refers(has_user(user), user, format_args!("$.memberships[{n}].user_id"), A_USER);
    }
    let mut tokens = HashSet::new();
    for (n, row) in directory.tokens.iter().enumerate() {
        loading.once(&mut tokens, &row.token, format_args!("$.tokens[{n}].token"), "token");
        loading.refers(has_user(row.user_id), row.user_id, format_args!("$.tokens[{n}].user_id"), A_USER);
    }
    let mut client_ids = HashSet::new();
    for (n, row) in directory.api_keys.iter().enumerate() {
        loading.once(&mut client_ids, &row.client_id, format_args!("$.api_keys[{n}].client_id"), "client id");
        loading.refers(has_user(row.user_id), row.user_id, format_args!("$.api_keys[{n}].user_id"), A_USER);
    }
}

/// The faults of personas and presets, whose ids are of one kind.
pub(super) fn personas(directory: &Directory, personas: &[Persona], presets: &[PresetRow], loading: &mut Loading<'_>) {
    let mut ids = HashSet::new();
    for (n, persona) in personas.iter().enumerate() {
        let (team, user) = (persona.team_id, persona.created_by);
        loading.once(&mut ids, persona.id, format_args!("$.personas[{n}].id"), "persona id");
        loading.refers(directory.has_team(team), team, format_args!("$.personas[{n}].team_id"), A_TEAM);
        let is_known = directory.number_of(user).is_some();
        loading.refers(is_known, user, format_args!("$.personas[{n}].created_by"), A_USER);
    }
    for (n, PresetRow(preset)) in presets.iter().enumerate() {
        loading.once(&mut ids, preset.id, format_args!("$.presets[{n}].id"), "persona id");
    }
}
