//! The fixture file: the rows of the site, as they are kept.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::directory::{Directory, LegacyKey, Role, Token, User};
use super::entities::Persona;
use super::state::{self, Site};
use crate::provider::records::{self, Record};
use crate::provider::{Loading, NextIds, Sequence};
use crate::world::fixture::ReadyMade;

/// An Axero site. Members that Axero's answers have are spelled as there.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AxeroFixture {
    /// What users may do through the API.
    roles: Vec<Role>,
    /// The users. The first is the one that `--auth any` and `--auth off` act as.
    pub(super) users: Vec<User>,
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
    pub(super) next_ids: NextIds,
}

impl ReadyMade for AxeroFixture {
    const SCHEMA: &'static str = include_str!("fixture.schema.json");
}

impl AxeroFixture {
    /// The site that this file describes.
    pub(super) fn load(self, loading: &mut Loading<'_>) -> Site {
        let kinds = self.least();
        let mut site = Site::default();
        records::load(self.roles, &mut site, loading);
        records::load(self.users, &mut site, loading);
        User::check_list(&site, loading);
        records::load(self.tokens, &mut site, loading);
        records::load(self.legacy_keys, &mut site, loading);
        records::load(self.personas, &mut site, loading);
        // A counter of SQL Server's never goes back, and a number drawn twice would join two children.
        for (kind, least) in kinds {
            if let Some(stated) = self.next_ids.get(kind).filter(|stated| **stated < least) {
                loading.report(format_args!("$.next_ids['{kind}']"), stated, format_args!("at least {least}"));
            }
        }
        site.count_from(Sequence::load(&self.next_ids, &kinds, loading));
        site
    }

    /// The file that describes a site.
    pub(super) fn of(site: &Site) -> Self {
        let Directory { roles, users, tokens, legacy_keys } = site.directory();
        Self {
            roles: roles.iter().map(|row| Role::clone(row)).collect(),
            users: users.iter().map(|row| User::clone(row)).collect(),
            tokens: tokens.iter().map(|row| Token::clone(row)).collect(),
            legacy_keys: legacy_keys.iter().map(|row| LegacyKey::clone(row)).collect(),
            personas: site.personas().map(|persona| Persona::clone(persona)).collect(),
            next_ids: site.sequence().export(),
        }
    }

    /// Of each kind of ids, the least that may come next.
    fn least(&self) -> [(&'static str, u64); 3] {
        let conditions = self.personas.iter().flat_map(|persona| &persona.conditions).map(|row| row.id);
        let actions = self.personas.iter().flat_map(|persona| &persona.actions).map(|row| row.id);
        [
            (state::PERSONA, after(self.personas.iter().map(|row| row.id))),
            (state::CONDITION, after(conditions)),
            (state::ACTION, after(actions)),
        ]
    }
}

/// One more than the highest.
fn after(ids: impl Iterator<Item = i32>) -> u64 {
    ids.max().and_then(|highest| u64::try_from(highest).ok()).map_or(1, |highest| highest + 1)
}
