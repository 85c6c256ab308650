//! What a fixture's schema cannot say: references to nothing, and names that stand twice.

use std::collections::HashSet;
use std::fmt::Display;
use std::hash::Hash;

use uuid::Uuid;

use super::directory::Directory;
use super::fixture::User;
use super::wire::Persona;
use crate::provider::Loading;

/// Reports a value that an earlier one of its kind has too.
fn once<T: Hash + Eq + Display>(loading: &mut Loading<'_>, values: impl Iterator<Item = (String, T)>, what: &str) {
    let mut seen = HashSet::new();
    for (path, value) in values {
        let found = format!("{value}, which an earlier {what} has too");
        if !seen.insert(value) {
            loading.report(path, found, format_args!("each {what} once"));
        }
    }
}

fn known(loading: &mut Loading<'_>, path: impl Display, id: Uuid, is_known: bool, what: &str) {
    if !is_known {
        loading.report(path, id, format_args!("the id of a {what} of this file"));
    }
}

/// The faults of teams, users, memberships and credentials.
pub(super) fn people(directory: &Directory, users: &[User], loading: &mut Loading<'_>) {
    fn path(list: &str, number: usize, name: &str) -> String {
        format!("$.{list}[{number}].{name}")
    }
    let Directory { teams, memberships, tokens, api_keys, .. } = directory;
    once(loading, teams.iter().enumerate().map(|(n, team)| (path("teams", n, "id"), team.id)), "team id");
    once(loading, users.iter().enumerate().map(|(n, user)| (path("users", n, "id"), user.id)), "user id");
    let emails = users.iter().enumerate().map(|(n, user)| (path("users", n, "email"), user.email.to_lowercase()));
    once(loading, emails, "e-mail address");
    let ids = memberships.iter().enumerate().map(|(n, membership)| (path("memberships", n, "id"), membership.id));
    once(loading, ids, "membership id");
    let pairs = memberships.iter().enumerate().map(|(n, membership)| {
        (format!("$.memberships[{n}]"), format!("user {} in team {}", membership.user_id, membership.team_id))
    });
    once(loading, pairs, "membership of a user in a team");
    let texts = tokens.iter().enumerate().map(|(n, token)| (path("tokens", n, "token"), token.token.as_str()));
    once(loading, texts, "token");
    let texts = api_keys.iter().enumerate().map(|(n, key)| (path("api_keys", n, "client_id"), key.client_id.as_str()));
    once(loading, texts, "client id");
    for (number, membership) in memberships.iter().enumerate() {
        let (team, user) = (membership.team_id, membership.user_id);
        known(loading, path("memberships", number, "team_id"), team, directory.has_team(team), "team");
        known(loading, path("memberships", number, "user_id"), user, directory.number_of(user).is_some(), "user");
    }
    for (number, token) in tokens.iter().enumerate() {
        let user = token.user_id;
        known(loading, path("tokens", number, "user_id"), user, directory.number_of(user).is_some(), "user");
    }
    for (number, key) in api_keys.iter().enumerate() {
        let user = key.user_id;
        known(loading, path("api_keys", number, "user_id"), user, directory.number_of(user).is_some(), "user");
    }
}

/// The faults of personas and presets, whose ids are of one kind.
pub(super) fn personas(directory: &Directory, personas: &[Persona], presets: &[Uuid], loading: &mut Loading<'_>) {
    let own = personas.iter().enumerate().map(|(n, persona)| (format!("$.personas[{n}].id"), persona.id));
    let system = presets.iter().enumerate().map(|(n, id)| (format!("$.presets[{n}].id"), *id));
    once(loading, own.chain(system), "persona id");
    for (number, persona) in personas.iter().enumerate() {
        let (team, user) = (persona.team_id, persona.created_by);
        known(loading, format_args!("$.personas[{number}].team_id"), team, directory.has_team(team), "team");
        let is_known = directory.number_of(user).is_some();
        known(loading, format_args!("$.personas[{number}].created_by"), user, is_known, "user");
    }
}
