//! The fixture file: the rows of the site, as they are kept.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::directory::{Directory, LegacyKey, Role, Token, User};
use super::entities::Persona;
use super::rules;
use super::state::{self, Site};
use crate::provider::{Loading, NextIds, Sequence};

/// An Axero site. Members that Axero's answers have are spelled as there.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AxeroFixture {
    /// What users may do through the API.
    roles: Vec<Role>,
    /// The users. The first is the one that `--auth any` and `--auth off` act as.
    users: Vec<User>,
    /// Bearer tokens.
    #[serde(default)]
    tokens: Vec<Token>,
    /// Keys for the `Rest-Api-Key` header.
    #[serde(default)]
    legacy_keys: Vec<LegacyKey>,
    personas: Vec<Persona>,
    /// The next PersonaID (`axero.persona`), ConditionID (`axero.condition`) and ActionID (`axero.action`);
    /// one more than the highest where absent.
    #[serde(default)]
    next_ids: NextIds,
}

impl AxeroFixture {
    /// The site that this file describes.
    pub(super) fn load(self, loading: &mut Loading<'_>) -> Site {
        let kinds = self.check(loading);
        // A counter of SQL Server's never goes back, and a number drawn twice would join two children.
        for (kind, least) in kinds {
            if let Some(stated) = self.next_ids.get(kind).filter(|stated| **stated < least) {
                loading.report(format_args!("$.next_ids['{kind}']"), stated, format_args!("at least {least}"));
            }
        }
        let sequence = Sequence::load(&self.next_ids, &kinds, loading);
        let directory = Directory {
            roles: self.roles.into_iter().map(|role| (role.name.clone(), role)).collect(),
            users: self.users.into_iter().map(|user| (user.user_id, user)).collect(),
            tokens: self.tokens.into_iter().map(|token| (token.token.clone(), token)).collect(),
            legacy_keys: self.legacy_keys.into_iter().map(|key| (key.key.clone(), key)).collect(),
        };
        Site::new(directory, self.personas.into_iter().collect(), sequence)
    }

    /// The file that describes a site.
    pub(super) fn of(site: &Site) -> Self {
        let Directory { roles, users, tokens, legacy_keys } = site.directory();
        Self {
            roles: roles.values().cloned().collect(),
            users: users.values().cloned().collect(),
            tokens: tokens.values().cloned().collect(),
            legacy_keys: legacy_keys.values().cloned().collect(),
            personas: site.personas().map(|persona| Persona::clone(persona)).collect(),
            next_ids: site.sequence().export(),
        }
    }

    /// Reports ids stated twice, references to nobody, and blank names; of each kind of ids, the least that may come next.
    fn check(&self, loading: &mut Loading<'_>) -> [(&'static str, u64); 3] {
        if self.users.is_empty() {
            loading.report("$.users", "no user", "at least one: the first is the one that `--auth any` acts as");
        }
        let mut roles = HashSet::new();
        for (index, role) in self.roles.iter().enumerate() {
            loading.once(&mut roles, role.name.as_str(), format_args!("$.roles[{index}].name"), "role");
        }
        let mut users = HashSet::new();
        for (index, user) in self.users.iter().enumerate() {
            loading.once(&mut users, user.user_id, format_args!("$.users[{index}].UserID"), "UserID");
            let is_known = roles.contains(user.role.as_str());
            loading.refers(is_known, &user.role, format_args!("$.users[{index}].role"), "the name of a role");
        }
        let known = |loading: &mut Loading<'_>, user: i32, path: std::fmt::Arguments<'_>| {
            loading.refers(users.contains(&user), user, path, "the UserID of a user");
        };
        let mut tokens = HashSet::new();
        for (index, token) in self.tokens.iter().enumerate() {
            loading.once(&mut tokens, &token.token, format_args!("$.tokens[{index}].token"), "token");
            known(loading, token.user_id, format_args!("$.tokens[{index}].UserID"));
        }
        let mut keys = HashSet::new();
        for (index, key) in self.legacy_keys.iter().enumerate() {
            loading.once(&mut keys, &key.key, format_args!("$.legacy_keys[{index}].key"), "key");
            known(loading, key.user_id, format_args!("$.legacy_keys[{index}].UserID"));
        }
        let (mut personas, mut conditions, mut actions) = (HashSet::new(), HashSet::new(), HashSet::new());
        let row = |loading: &mut Loading<'_>,
                   seen: &mut HashSet<i32>,
                   path: &str,
                   member: &str,
                   [id, created_by, updated_by]: [i32; 3]| {
            loading.once(seen, id, format_args!("{path}.{member}"), member);
            known(loading, created_by, format_args!("{path}.CreatedBy"));
            known(loading, updated_by, format_args!("{path}.UpdatedBy"));
        };
        for (index, persona) in self.personas.iter().enumerate() {
            let path = format!("$.personas[{index}]");
            if rules::is_blank(&persona.name) {
                loading.report(format_args!("{path}.Name"), "a blank name", "a name that is not blank");
            }
            row(loading, &mut personas, &path, "PersonaID", [persona.id, persona.created_by, persona.updated_by]);
            for (index, child) in persona.conditions.iter().enumerate() {
                let path = format!("{path}.PersonaConditions[{index}]");
                row(loading, &mut conditions, &path, "ConditionID", [child.id, child.created_by, child.updated_by]);
            }
            for (index, child) in persona.actions.iter().enumerate() {
                let path = format!("{path}.PersonaActions[{index}]");
                row(loading, &mut actions, &path, "ActionID", [child.id, child.created_by, child.updated_by]);
            }
        }
        [(state::PERSONA, after(&personas)), (state::CONDITION, after(&conditions)), (state::ACTION, after(&actions))]
    }
}

/// One more than the highest.
fn after(ids: &HashSet<i32>) -> u64 {
    ids.iter().max().and_then(|highest| u64::try_from(*highest).ok()).map_or(1, |highest| highest + 1)
}
