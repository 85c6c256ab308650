//! The lists of the fixture: what a row of each must be, and who refers to it.

use uuid::Uuid;

use super::auth;
use super::fixture::{Fixture, nameable};
use super::persona::Persona;
use super::state::{Credential, Group, Project, State, User};
use crate::provider::Loading;
use crate::provider::records::{At, Record, Records, Referrers, kept_in};
use crate::world::table::Made;

/// Every list.
pub(super) static LISTS: [Records<State>; 4] =
    [Records::of::<User>(), Records::of::<Credential>(), Records::of::<Project>(), Records::of::<Persona>()];

const A_USER: &str = "the id of a user of this file";

impl Record for User {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "users";

    kept_in!(by "id", |state| state.users, |state| state.users);

    fn check(&mut self, _: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        loading.unique(at.is_taken, self.id, format_args!("{}.id", at.path), "user id");
    }

    fn referrers(&self, state: &State, found: &mut Referrers) {
        let (credentials, projects) = (&state.credentials, &state.projects);
        let places = credentials.list(&self.id).filter_map(|row| credentials.place(&row.token));
        found.add("credentials", credentials.count(&self.id), places);
        found.add("projects", projects.count(&self.id), projects.list(&self.id).map(|row| row.id));
    }

    fn check_list(state: &State, loading: &mut Loading<'_>) {
        if state.users.is_empty() {
            loading.report("$.users", "[]", "at least 1 item");
        }
    }
}

impl Record for Credential {
    type State = State;
    type Fixture = Fixture;
    type Id = String;
    const LIST: &'static str = "credentials";

    kept_in!(by place, |state| state.credentials, |state| state.credentials);

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        let path = at.path;
        loading.refers(state.users.contains(&self.user), self.user, format_args!("{path}.user"), A_USER);
        if !auth::has_form(&self.token) {
            let expected = "`vm_` and letters or digits, or three parts with dots between";
            loading.report(format_args!("{path}.token"), format_args!("{:?}", self.token), expected);
        }
        loading.unique(at.is_taken, &self.token, format_args!("{path}.token"), "token");
    }
}

impl Record for Project {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "projects";

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        let path = at.path;
        loading.refers(state.users.contains(&self.owner), self.owner, format_args!("{path}.owner"), A_USER);
        loading.unique(at.is_taken, self.id, format_args!("{path}.id"), "project id");
        nameable(format_args!("{path}.id"), self.id, loading);
    }

    fn referrers(&self, state: &State, found: &mut Referrers) {
        let group = Group::Project(self.id);
        found.add("personas", state.personas.count(&group), state.personas.list(&group).map(|row| row.id));
    }

    kept_in!(by "id", |state| state.projects, |state| state.projects, then |project| {
        // Its personas are listed with its owner's.
        let group = Group::Project(project.id);
        let is_other = state.personas.list(&group).next().is_some_and(|persona| persona.owner != project.owner);
        let moved: Vec<_> = state.personas.list(&group).filter(|_| is_other).cloned().collect();
        for persona in moved {
            state.personas.insert(Persona { owner: project.owner, ..Persona::clone(&persona) });
        }
    });
}

impl Record for Persona {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "personas";

    kept_in!(table by "id", |state| state.personas, |state| state.personas, as |row| Self::clone(row), newest_first);

    fn id(&self) -> Uuid {
        self.id
    }

    fn is_taken(state: &State, id: &Uuid) -> bool {
        state.personas.contains(id)
    }

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        let (path, project) = (at.path, state.projects.get(&self.project));
        let a_project = "the id of a project of this file";
        loading.refers(project.is_some(), self.project, format_args!("{path}.project_id"), a_project);
        self.name = self.name.trimmed();
        if self.name.is_empty() {
            loading.report(format_args!("{path}.name"), "nothing but blanks", "at least 1 character");
        }
        loading.unique(at.is_taken, self.id, format_args!("{path}.id"), "persona id");
        nameable(format_args!("{path}.id"), self.id, loading);
        self.owner = project.map(|project| project.owner).unwrap_or_default();
        let created_at = *self.created_at.get_or_insert(loading.now());
        self.updated_at.get_or_insert(created_at);
    }

    fn put(self, state: &mut State, made: Option<Made>) {
        state.personas.put_in(made, self);
    }
}
