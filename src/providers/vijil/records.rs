//! The lists of the fixture: what a row of each must be, and who refers to it.

use uuid::Uuid;

use super::directory::MembersOf;
use super::fixture::{ApiKey, Fixture, Membership, Team, Token, User};
use super::persona::{Persona, PresetRow};
use super::state::{Group, State};
use crate::provider::Loading;
use crate::provider::records::{At, Record, Records, Referrers, kept_in};
use crate::world::table::Made;

const A_TEAM: &str = "the id of a team of this file";
const A_USER: &str = "the id of a user of this file";

/// Every list.
pub(super) static LISTS: [Records<State>; 7] = [
    Records::of::<Team>(),
    Records::of::<User>(),
    Records::of::<Membership>(),
    Records::of::<Token>(),
    Records::of::<ApiKey>(),
    Records::of::<Persona>(),
    Records::of::<PresetRow>(),
];

/// States that rows of a list are kept in the directory, which has its own ways to take and put them.
macro_rules! in_directory {
    ($list:ident, $take:ident, $put:ident) => {
        const NAMED_BY: Option<&'static str> = Some("id");

        fn id(&self) -> Uuid {
            self.id
        }

        fn parse(text: &str) -> Option<Uuid> {
            text.parse().ok()
        }

        fn find(state: &State, id: &Uuid) -> Option<Self> {
            state.directory.$list.get(id).map(|row| Self::clone(row))
        }

        fn is_taken(state: &State, id: &Uuid) -> bool {
            state.directory.$list.contains(id)
        }

        fn count(state: &State) -> usize {
            state.directory.$list.len()
        }

        fn all_from(state: &State, place: usize) -> Box<dyn Iterator<Item = Self> + '_> {
            Box::new(state.directory.$list.iter().skip(place).map(|row| Self::clone(row)))
        }

        fn take(state: &mut State, id: &Uuid) -> Option<Made> {
            state.directory_mut().$take(*id)
        }

        fn put(self, state: &mut State, made: Option<Made>) {
            state.directory_mut().$put(self, made);
        }
    };
}

impl Record for Team {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "teams";

    in_directory!(teams, take_team, put_team);

    fn check(&mut self, _: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        loading.unique(at.is_taken, self.id, format_args!("{}.id", at.path), "team id");
    }

    fn referrers(&self, state: &State, found: &mut Referrers) {
        let (memberships, group) = (&state.directory.memberships, MembersOf::Team(self.id));
        found.add("memberships", memberships.count(&group), memberships.list(&group).map(|row| row.id));
        state.personas_of(Group::Team(self.id), found);
    }
}

impl Record for User {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "users";

    in_directory!(users, take_user, put_user);

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        loading.unique(at.is_taken, self.id, format_args!("{}.id", at.path), "user id");
        let is_taken = state.directory.has_email(&self.email);
        loading.unique(is_taken, self.email.to_lowercase(), format_args!("{}.email", at.path), "e-mail address");
    }

    fn referrers(&self, state: &State, found: &mut Referrers) {
        let (directory, group) = (&state.directory, MembersOf::User(self.id));
        let (memberships, tokens, keys) = (&directory.memberships, &directory.tokens, &directory.api_keys);
        found.add("memberships", memberships.count(&group), memberships.list(&group).map(|row| row.id));
        let places = tokens.list(&self.id).filter_map(|row| tokens.place(&row.token));
        found.add("tokens", tokens.count(&self.id), places);
        found.add("api_keys", keys.count(&self.id), keys.list(&self.id).map(|row| row.client_id.clone()));
        state.personas_of(Group::User(self.id), found);
    }

    fn check_list(state: &State, loading: &mut Loading<'_>) {
        if state.directory.first_active().is_none() {
            let found = if state.directory.users.is_empty() { "no user" } else { "no active user" };
            loading.report("$.users", found, "at least one: the first is whom a free credential stands for");
        }
    }
}

impl Record for Membership {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "memberships";

    in_directory!(memberships, take_membership, put_membership);

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        let (path, team, user) = (at.path, self.team_id, self.user_id);
        let directory = &state.directory;
        loading.unique(at.is_taken, self.id, format_args!("{path}.id"), "membership id");
        let pair = format_args!("user {user} in team {team}");
        loading.unique(directory.is_in(user, team), pair, path, "membership of a user in a team");
        loading.refers(directory.has_team(team), team, format_args!("{path}.team_id"), A_TEAM);
        loading.refers(directory.has_user(user), user, format_args!("{path}.user_id"), A_USER);
    }
}

impl Record for Token {
    type State = State;
    type Fixture = Fixture;
    type Id = String;
    const LIST: &'static str = "tokens";

    kept_in!(by place, |state| state.directory.tokens, |state| state.directory_mut().tokens);

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        loading.unique(at.is_taken, &self.token, format_args!("{}.token", at.path), "token");
        let is_known = state.directory.has_user(self.user_id);
        loading.refers(is_known, self.user_id, format_args!("{}.user_id", at.path), A_USER);
    }
}

impl Record for ApiKey {
    type State = State;
    type Fixture = Fixture;
    type Id = String;
    const LIST: &'static str = "api_keys";

    kept_in!(by "client_id", |state| state.directory.api_keys, |state| state.directory_mut().api_keys);

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        loading.unique(at.is_taken, &self.client_id, format_args!("{}.client_id", at.path), "client id");
        loading.nameable(&self.client_id, format_args!("{}.client_id", at.path));
        let is_known = state.directory.has_user(self.user_id);
        loading.refers(is_known, self.user_id, format_args!("{}.user_id", at.path), A_USER);
    }
}

impl Record for Persona {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "personas";

    kept_in!(table by "id", |state| state.personas, |state| state.personas, as |entry| entry.persona.clone(), newest_first);

    fn id(&self) -> Uuid {
        self.id
    }

    fn is_taken(state: &State, id: &Uuid) -> bool {
        state.is_taken(*id)
    }

    fn check(&mut self, state: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        let (path, team, user) = (at.path, self.team_id, self.created_by);
        // A reader leaves room for more items than there are.
        self.tags.iter_mut().for_each(Vec::shrink_to_fit);
        loading.unique(at.is_taken, self.id, format_args!("{path}.id"), "persona id");
        loading.refers(state.directory.has_team(team), team, format_args!("{path}.team_id"), A_TEAM);
        loading.refers(state.directory.has_user(user), user, format_args!("{path}.created_by"), A_USER);
    }

    fn put(self, state: &mut State, made: Option<Made>) {
        state.personas.put_in(made, super::state::Entry::new(self));
    }
}

impl Record for PresetRow {
    type State = State;
    type Fixture = Fixture;
    type Id = Uuid;
    const LIST: &'static str = "presets";

    kept_in!(table by "id", |state| state.presets, |state| state.presets, as |entry| Self(entry.persona.clone()), newest_first);

    fn id(&self) -> Uuid {
        self.0.id
    }

    fn is_taken(state: &State, id: &Uuid) -> bool {
        state.is_taken(*id)
    }

    fn check(&mut self, _: &State, at: &At<'_>, loading: &mut Loading<'_>) {
        self.0.is_preset = true;
        loading.unique(at.is_taken, self.0.id, format_args!("{}.id", at.path), "persona id");
    }

    fn put(self, state: &mut State, made: Option<Made>) {
        state.presets.put_in(made, super::state::Entry::new(self.0));
    }
}
