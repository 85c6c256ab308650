//! The lists of the fixture: what a row of each must be, and who refers to it.

use std::collections::HashSet;
use std::fmt::{Arguments, Display};

use super::directory::{LegacyKey, Role, Token, User};
use super::entities::Persona;
use super::fixture::AxeroFixture;
use super::rules;
use super::state::{self, Group, Site};
use crate::provider::Loading;
use crate::provider::records::{At, Record, Records, Referrers, kept_in};
use crate::world::table::Made;

/// Every list.
pub(super) static LISTS: [Records<Site>; 5] = [
    Records::of::<Role>(),
    Records::of::<User>(),
    Records::of::<Token>(),
    Records::of::<LegacyKey>(),
    Records::of::<Persona>(),
];

impl Record for Role {
    type State = Site;
    type Fixture = AxeroFixture;
    type Id = String;
    const LIST: &'static str = "roles";

    kept_in!(by "name", |site| site.directory().roles, |site| site.directory_mut().roles);

    fn check(&mut self, _: &Site, at: &At<'_>, loading: &mut Loading<'_>) {
        loading.unique(at.is_taken, &self.name, format_args!("{}.name", at.path), "role");
        loading.nameable(&self.name, format_args!("{}.name", at.path));
    }

    fn referrers(&self, site: &Site, found: &mut Referrers) {
        let users = &site.directory().users;
        found.add("users", users.count(&self.name), users.list(&self.name).map(|user| user.user_id));
    }
}

impl Record for User {
    type State = Site;
    type Fixture = AxeroFixture;
    type Id = i32;
    const LIST: &'static str = "users";

    kept_in!(by "UserID", |site| site.directory().users, |site| site.directory_mut().users);

    fn check(&mut self, site: &Site, at: &At<'_>, loading: &mut Loading<'_>) {
        let path = at.path;
        loading.unique(at.is_taken, self.user_id, format_args!("{path}.UserID"), "UserID");
        let is_known = site.directory().roles.contains(&self.role);
        loading.refers(is_known, &self.role, format_args!("{path}.role"), "the name of a role");
    }

    fn referrers(&self, site: &Site, found: &mut Referrers) {
        let (directory, id) = (site.directory(), &self.user_id);
        let (tokens, keys) = (&directory.tokens, &directory.legacy_keys);
        found.add("tokens", tokens.count(id), tokens.list(id).filter_map(|row| tokens.place(&row.token)));
        found.add("legacy_keys", keys.count(id), keys.list(id).filter_map(|row| keys.place(&row.key)));
        let (personas, by) = (site.table(), Group::By(*id));
        found.add("personas", personas.count(&by), personas.list(&by).map(|persona| persona.id));
    }

    fn check_list(site: &Site, loading: &mut Loading<'_>) {
        if site.directory().users.is_empty() {
            loading.report("$.users", "no user", "at least one: the first is the one that `--auth any` acts as");
        }
    }
}

impl Record for Token {
    type State = Site;
    type Fixture = AxeroFixture;
    type Id = String;
    const LIST: &'static str = "tokens";

    kept_in!(by place, |site| site.directory().tokens, |site| site.directory_mut().tokens);

    fn check(&mut self, site: &Site, at: &At<'_>, loading: &mut Loading<'_>) {
        loading.unique(at.is_taken, &self.token, format_args!("{}.token", at.path), "token");
        known(site, self.user_id, format_args!("{}.UserID", at.path), loading);
    }
}

impl Record for LegacyKey {
    type State = Site;
    type Fixture = AxeroFixture;
    type Id = String;
    const LIST: &'static str = "legacy_keys";

    kept_in!(by place, |site| site.directory().legacy_keys, |site| site.directory_mut().legacy_keys);

    fn check(&mut self, site: &Site, at: &At<'_>, loading: &mut Loading<'_>) {
        loading.unique(at.is_taken, &self.key, format_args!("{}.key", at.path), "key");
        known(site, self.user_id, format_args!("{}.UserID", at.path), loading);
    }
}

impl Record for Persona {
    type State = Site;
    type Fixture = AxeroFixture;
    type Id = i32;
    const LIST: &'static str = "personas";
    const NAMED_BY: Option<&'static str> = Some("PersonaID");

    fn id(&self) -> i32 {
        self.id
    }

    fn parse(text: &str) -> Option<i32> {
        text.parse().ok()
    }

    fn find(site: &Site, id: &i32) -> Option<Self> {
        site.find(*id).map(|row| Self::clone(row))
    }

    fn is_taken(site: &Site, id: &i32) -> bool {
        site.find(*id).is_some()
    }

    fn count(site: &Site) -> usize {
        site.count()
    }

    fn all_from(site: &Site, place: usize) -> Box<dyn Iterator<Item = Self> + '_> {
        Box::new(site.personas().skip(place).map(|row| Self::clone(row)))
    }

    fn check(&mut self, site: &Site, at: &At<'_>, loading: &mut Loading<'_>) {
        let path = at.path;
        // A reader leaves room for more items than there are.
        self.conditions.shrink_to_fit();
        self.actions.shrink_to_fit();
        if rules::is_blank(&self.name) {
            loading.report(format_args!("{path}.Name"), "a blank name", "a name that is not blank");
        }
        let mut row = |path: Arguments<'_>, member: &str, is_taken, [id, created_by, updated_by]: [i32; 3]| {
            loading.unique(is_taken, id, format_args!("{path}.{member}"), member);
            known(site, created_by, format_args!("{path}.CreatedBy"), loading);
            known(site, updated_by, format_args!("{path}.UpdatedBy"), loading);
        };
        row(path, "PersonaID", at.is_taken, [self.id, self.created_by, self.updated_by]);
        let mut seen = HashSet::new();
        for (index, child) in self.conditions.iter().enumerate() {
            let is_taken = !seen.insert(child.id) || site.has_child(state::CONDITION, child.id);
            let ids = [child.id, child.created_by, child.updated_by];
            row(format_args!("{path}.PersonaConditions[{index}]"), "ConditionID", is_taken, ids);
        }
        seen.clear();
        for (index, child) in self.actions.iter().enumerate() {
            let is_taken = !seen.insert(child.id) || site.has_child(state::ACTION, child.id);
            let ids = [child.id, child.created_by, child.updated_by];
            row(format_args!("{path}.PersonaActions[{index}]"), "ActionID", is_taken, ids);
        }
    }

    fn take(site: &mut Site, id: &i32) -> Option<Made> {
        Site::take(site, *id)
    }

    fn put(self, site: &mut Site, made: Option<Made>) {
        Site::put(site, self, made);
    }
}

fn known(site: &Site, user: i32, path: impl Display, loading: &mut Loading<'_>) {
    loading.refers(site.directory().users.contains(&user), user, path, "the UserID of a user");
}
