//! The fixture file: personas as Axero shows them, and the people and credentials around them.

mod check;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::directory::{Directory, Role, Token, User};
use super::state::{self, Action, Condition, Persona, Site};
use crate::dialects::sql_datetime;
use crate::provider::{FixtureTime, Loading, NextIds, Sequence};

/// An Axero site. Members that Axero's answers have are spelled as there.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AxeroFixture {
    /// What users may do through the API.
    roles: Vec<RoleEntry>,
    /// The users. The first is the one that `--auth any` and `--auth off` act as.
    users: Vec<UserEntry>,
    /// Bearer tokens.
    #[serde(default)]
    tokens: Vec<TokenEntry>,
    /// Keys for the `Rest-Api-Key` header.
    #[serde(default)]
    legacy_keys: Vec<KeyEntry>,
    personas: Vec<PersonaEntry>,
    /// The next PersonaID (`axero.persona`), ConditionID (`axero.condition`) and ActionID (`axero.action`);
    /// one more than the highest where absent.
    #[serde(default)]
    next_ids: NextIds,
}

/// A site role.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct RoleEntry {
    name: String,
    /// Whether the REST API is open to it; without, every call is answered 403.
    rest_api: bool,
    /// Whether it may add, change and delete personas.
    write: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct UserEntry {
    #[serde(rename = "UserID")]
    #[schemars(range(min = 1))]
    user_id: i32,
    #[serde(rename = "DisplayName")]
    display_name: String,
    /// The name of a role.
    role: String,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TokenEntry {
    token: String,
    /// The user as whom it acts.
    #[serde(rename = "UserID")]
    #[schemars(range(min = 1))]
    user_id: i32,
    /// Absent: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expires: Option<FixtureTime>,
    #[serde(default)]
    revoked: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct KeyEntry {
    key: String,
    /// The user as whom it acts.
    #[serde(rename = "UserID")]
    #[schemars(range(min = 1))]
    user_id: i32,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct PersonaEntry {
    #[serde(rename = "PersonaID")]
    #[schemars(range(min = 1))]
    persona_id: i32,
    name: String,
    created_by: i32,
    updated_by: i32,
    date_created: FixtureTime,
    last_updated: FixtureTime,
    is_enabled: bool,
    include_actions: bool,
    #[serde(default)]
    persona_match_condition: i32,
    #[serde(default)]
    persona_conditions: Vec<ConditionEntry>,
    #[serde(default)]
    persona_actions: Vec<ActionEntry>,
    #[serde(default)]
    run_actions_on_save: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct ConditionEntry {
    #[serde(rename = "ConditionID")]
    #[schemars(range(min = 1))]
    condition_id: i32,
    #[serde(rename = "ProfileFieldID")]
    profile_field_id: i32,
    #[serde(default)]
    condition_value: Option<String>,
    created_by: i32,
    updated_by: i32,
    last_updated: FixtureTime,
    #[serde(default)]
    condition_operator_type: i32,
    #[serde(rename = "ParentID", default)]
    parent_id: i32,
    #[serde(default)]
    persona_match_condition: i32,
    #[serde(default)]
    group_name: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "PascalCase")]
struct ActionEntry {
    #[serde(rename = "ActionID")]
    #[schemars(range(min = 1))]
    action_id: i32,
    #[serde(default)]
    action_value: Option<String>,
    created_by: i32,
    updated_by: i32,
    last_updated: FixtureTime,
    action_type: i32,
    #[serde(default)]
    index: i32,
}

impl AxeroFixture {
    /// The site that this file describes.
    pub(super) fn load(self, loading: &mut Loading<'_>) -> Site {
        self.check(loading);
        let after = |ids: &mut dyn Iterator<Item = i32>| {
            ids.max().and_then(|id| u64::try_from(id).ok()).map_or(1, |highest| highest + 1)
        };
        let conditions = || self.personas.iter().flat_map(|persona| &persona.persona_conditions);
        let actions = || self.personas.iter().flat_map(|persona| &persona.persona_actions);
        let kinds = [
            (state::PERSONA, after(&mut self.personas.iter().map(|persona| persona.persona_id))),
            (state::CONDITION, after(&mut conditions().map(|condition| condition.condition_id))),
            (state::ACTION, after(&mut actions().map(|action| action.action_id))),
        ];
        // A counter of SQL Server's never goes back, and a number drawn twice would join two children.
        for (kind, least) in kinds {
            if let Some(stated) = self.next_ids.get(kind).filter(|stated| **stated < least) {
                loading.report(format_args!("$.next_ids['{kind}']"), stated, format_args!("at least {least}"));
            }
        }
        let sequence = Sequence::load(&self.next_ids, &kinds, loading);
        let directory = self.directory(loading);
        let personas = self.personas.into_iter().map(|entry| entry.load(loading)).collect();
        Site::new(directory, personas, sequence)
    }

    /// The file that describes a site.
    pub(super) fn of(site: &Site) -> Self {
        let directory = site.directory();
        let role = |(name, role): (&String, &Role)| RoleEntry {
            name: name.clone(),
            rest_api: role.rest_api,
            write: role.write,
        };
        let user = |(id, user): (&i32, &User)| UserEntry {
            user_id: *id,
            display_name: user.display_name.clone(),
            role: user.role.clone(),
        };
        let token = |(text, token): (&String, &Token)| TokenEntry {
            token: text.clone(),
            user_id: token.user,
            expires: token.expires.map(FixtureTime::from),
            revoked: token.revoked,
        };
        let key = |(key, user): (&String, &i32)| KeyEntry { key: key.clone(), user_id: *user };
        Self {
            roles: directory.roles.iter().map(role).collect(),
            users: directory.users.iter().map(user).collect(),
            tokens: directory.tokens.iter().map(token).collect(),
            legacy_keys: directory.legacy_keys.iter().map(key).collect(),
            personas: site.personas().map(|persona| PersonaEntry::of(persona)).collect(),
            next_ids: site.sequence().export(),
        }
    }

    fn directory(&self, loading: &Loading<'_>) -> Directory {
        let role = |entry: &RoleEntry| Role { rest_api: entry.rest_api, write: entry.write };
        let user = |entry: &UserEntry| User { display_name: entry.display_name.clone(), role: entry.role.clone() };
        let token = |entry: &TokenEntry| Token {
            user: entry.user_id,
            expires: entry.expires.as_ref().map(|time| loading.instant(time)),
            revoked: entry.revoked,
        };
        Directory {
            roles: self.roles.iter().map(|entry| (entry.name.clone(), role(entry))).collect(),
            users: self.users.iter().map(|entry| (entry.user_id, user(entry))).collect(),
            tokens: self.tokens.iter().map(|entry| (entry.token.clone(), token(entry))).collect(),
            legacy_keys: self.legacy_keys.iter().map(|entry| (entry.key.clone(), entry.user_id)).collect(),
        }
    }
}

/// What a `datetime` column would keep of a fixture's time.
fn column(loading: &Loading<'_>, time: FixtureTime) -> Timestamp {
    sql_datetime::round(loading.instant(&time))
}

impl PersonaEntry {
    fn load(self, loading: &Loading<'_>) -> Persona {
        Persona {
            id: self.persona_id,
            name: self.name,
            created_by: self.created_by,
            updated_by: self.updated_by,
            created: column(loading, self.date_created),
            updated: column(loading, self.last_updated),
            is_enabled: self.is_enabled,
            include_actions: self.include_actions,
            match_condition: self.persona_match_condition,
            conditions: self.persona_conditions.into_iter().map(|entry| entry.load(loading)).collect(),
            actions: self.persona_actions.into_iter().map(|entry| entry.load(loading)).collect(),
            run_actions_on_save: self.run_actions_on_save,
        }
    }

    fn of(persona: &Persona) -> Self {
        Self {
            persona_id: persona.id,
            name: persona.name.clone(),
            created_by: persona.created_by,
            updated_by: persona.updated_by,
            date_created: persona.created.into(),
            last_updated: persona.updated.into(),
            is_enabled: persona.is_enabled,
            include_actions: persona.include_actions,
            persona_match_condition: persona.match_condition,
            persona_conditions: persona.conditions.iter().map(ConditionEntry::of).collect(),
            persona_actions: persona.actions.iter().map(ActionEntry::of).collect(),
            run_actions_on_save: persona.run_actions_on_save,
        }
    }
}

impl ConditionEntry {
    fn load(self, loading: &Loading<'_>) -> Condition {
        Condition {
            id: self.condition_id,
            profile_field: self.profile_field_id,
            value: self.condition_value,
            created_by: self.created_by,
            updated_by: self.updated_by,
            updated: column(loading, self.last_updated),
            operator: self.condition_operator_type,
            parent: self.parent_id,
            match_condition: self.persona_match_condition,
            group: self.group_name,
        }
    }

    fn of(condition: &Condition) -> Self {
        Self {
            condition_id: condition.id,
            profile_field_id: condition.profile_field,
            condition_value: condition.value.clone(),
            created_by: condition.created_by,
            updated_by: condition.updated_by,
            last_updated: condition.updated.into(),
            condition_operator_type: condition.operator,
            parent_id: condition.parent,
            persona_match_condition: condition.match_condition,
            group_name: condition.group.clone(),
        }
    }
}

impl ActionEntry {
    fn load(self, loading: &Loading<'_>) -> Action {
        Action {
            id: self.action_id,
            value: self.action_value,
            created_by: self.created_by,
            updated_by: self.updated_by,
            updated: column(loading, self.last_updated),
            kind: self.action_type,
            index: self.index,
        }
    }

    fn of(action: &Action) -> Self {
        Self {
            action_id: action.id,
            action_value: action.value.clone(),
            created_by: action.created_by,
            updated_by: action.updated_by,
            last_updated: action.updated.into(),
            action_type: action.kind,
            index: action.index,
        }
    }
}
