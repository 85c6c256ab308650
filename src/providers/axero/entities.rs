//! What a persona, its conditions and its actions are made of: every member once, in the order of Axero's answers.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::moving::Moving;
use crate::dialects::json_net::Unzoned;
use crate::dialects::sql_datetime;
use crate::json;
use crate::provider::FixtureTime;
use crate::provider::entity::{Shown, entity};

entity! {
    /// A persona of the site.
    pub(super) struct Persona, body PersonaModel, shown by |persona, _nothing: ()| {
        "PersonaID" = #[schemars(range(min = 1))] id: i32, sent id: Int;
        "Name" = name: String, set Text;
        "CreatedBy" = created_by: i32;
        "UpdatedBy" = updated_by: i32;
        "DateCreated" = created: Column, shown Unzoned(persona.created.0);
        "LastUpdated" = updated: Column, shown Unzoned(persona.updated.0);
        "IsEnabled" = is_enabled: bool, set NullableBool;
        "IncludeActions" = include_actions: bool, set NullableBool;
        "PersonaMatchCondition" = #[serde(default)] match_condition: i32, set NullableInt;
        "PersonaConditions" = #[serde(default)] conditions: Vec<Condition>,
            sent conditions: List<ConditionModel>, shown Shown::all(&persona.conditions, &persona.id);
        "PersonaActions" = #[serde(default)] actions: Vec<Action>,
            sent actions: List<ActionModel>, shown Shown::all(&persona.actions, &persona.id);
        "EditAbsoluteURL", shown Moving::EditUrl;
        "DateCreatedString", shown Moving::CreatedAge;
        "LastUpdatedString", shown Moving::UpdatedAge;
        "RunActionsOnSave" = #[serde(default)] run_actions_on_save: bool, set NullableBool;
        // The page's table says RunActionOnSave, its sample and answer RunActionsOnSave.
        "RunActionOnSave", sent run_action_on_save: NullableBool;
        "CreatedByUserDisplayName", shown Moving::CreatedBy;
        "UpdatedByUserDisplayName", shown Moving::UpdatedBy;
    }
}

entity! {
    /// A condition of a persona.
    pub(super) struct Condition, body ConditionModel, shown by |condition, persona_id: i32| {
        "ConditionID" = #[schemars(range(min = 1))] id: i32, sent id: Int;
        "PersonaID", sent persona_id: Int, shown persona_id;
        "ProfileFieldID" = profile_field: i32, set Int;
        "ConditionValue" = #[serde(default)] value: Option<String>, set Text;
        "CreatedBy" = created_by: i32;
        "UpdatedBy" = updated_by: i32;
        "LastUpdated" = updated: Column, shown Unzoned(condition.updated.0);
        "ConditionOperatorType" = #[serde(default)] operator: i32, set Int;
        "ParentID" = #[serde(default)] parent: i32, set Int;
        "PersonaMatchCondition" = #[serde(default)] match_condition: i32, set Int;
        "GroupName" = #[serde(default)] group: Option<String>, set Text;
    }
}

entity! {
    /// An action of a persona.
    pub(super) struct Action, body ActionModel, shown by |action, persona_id: i32| {
        "ActionID" = #[schemars(range(min = 1))] id: i32, sent id: Int;
        "PersonaID", sent persona_id: Int, shown persona_id;
        "ActionValue" = #[serde(default)] value: Option<String>, set Text;
        "CreatedBy" = created_by: i32;
        "UpdatedBy" = updated_by: i32;
        "LastUpdated" = updated: Column, shown Unzoned(action.updated.0);
        "ActionType" = kind: i32, set Int;
        "Index" = #[serde(default)] index: i32, set Int;
    }
}

// What a `datetime` column keeps of an instant. A doc comment would replace what the schema says of a time.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize, JsonSchema)]
#[schemars(inline)]
pub(super) struct Column(
    #[serde(deserialize_with = "rounded")]
    #[schemars(with = "FixtureTime")]
    pub(super) Timestamp,
);

impl Serialize for Column {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json::exact(&self.0, serializer)
    }
}

impl Column {
    pub(super) fn of(instant: Timestamp) -> Self {
        Self(sql_datetime::round(instant))
    }
}

fn rounded<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Timestamp, D::Error> {
    Timestamp::deserialize(deserializer).map(sql_datetime::round)
}
