//! What clients send.

use crate::dialects::json_net::{self, Charset, Model, Slot, Version};
use crate::dialects::web_api::MediaType;
use crate::provider::{Options, Request};
use crate::providers::axero::error::{VendorError, unreadable};

/// The member that no persona can do without.
pub(crate) const NAME: &str = "Name";

/// The body of an add or an update.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct PersonaModel {
    pub(crate) persona_id: Option<i32>,
    pub(crate) name: Option<String>,
    pub(crate) is_enabled: Option<bool>,
    pub(crate) include_actions: Option<bool>,
    pub(crate) run_action_on_save: Option<bool>,
    pub(crate) run_actions_on_save: Option<bool>,
    pub(crate) match_condition: Option<i32>,
    pub(crate) conditions: Option<Vec<Option<ConditionModel>>>,
    pub(crate) actions: Option<Vec<Option<ActionModel>>>,
    pub(crate) misplaced: Misplaced,
}

/// Members of a condition or an action that stand at the top of a body, where they bind to nothing.
///
/// The parameter tables of Axero's two pages list them there, flat beside `Name`; its sample nests them.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Misplaced {
    conditions: Vec<String>,
    actions: Vec<String>,
}

/// A condition of a persona.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ConditionModel {
    pub(crate) condition_id: Option<i32>,
    pub(crate) persona_id: Option<i32>,
    pub(crate) profile_field_id: Option<i32>,
    pub(crate) condition_value: Option<String>,
    pub(crate) condition_operator_type: Option<i32>,
    pub(crate) parent_id: Option<i32>,
    pub(crate) match_condition: Option<i32>,
    pub(crate) group_name: Option<String>,
}

/// An action of a persona.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct ActionModel {
    pub(crate) action_id: Option<i32>,
    pub(crate) persona_id: Option<i32>,
    pub(crate) action_value: Option<String>,
    pub(crate) action_type: Option<i32>,
    pub(crate) index: Option<i32>,
}

impl Model for PersonaModel {
    fn slot(&mut self, member: &str) -> Option<Slot<'_>> {
        Some(match member.to_ascii_lowercase().as_str() {
            "personaid" => Slot::Int(&mut self.persona_id),
            "name" => Slot::Text(&mut self.name),
            "isenabled" => Slot::NullableBool(&mut self.is_enabled),
            "includeactions" => Slot::NullableBool(&mut self.include_actions),
            "runactiononsave" => Slot::NullableBool(&mut self.run_action_on_save),
            "runactionsonsave" => Slot::NullableBool(&mut self.run_actions_on_save),
            "personamatchcondition" => Slot::NullableInt(&mut self.match_condition),
            "personaconditions" => Slot::List(&mut self.conditions),
            "personaactions" => Slot::List(&mut self.actions),
            _ => {
                self.misplaced.note(member);
                return None;
            }
        })
    }
}

impl Misplaced {
    /// Notes a member that a persona does not have, if a condition or an action has it.
    fn note(&mut self, member: &str) {
        let names = if ConditionModel::default().slot(member).is_some() {
            &mut self.conditions
        } else if ActionModel::default().slot(member).is_some() {
            &mut self.actions
        } else {
            return;
        };
        if !names.iter().any(|known| known.eq_ignore_ascii_case(member)) {
            names.push(member.to_owned());
        }
    }

    /// Where the members belong, if there are any.
    pub(crate) fn hint(&self) -> Option<String> {
        let lists = [("PersonaConditions", &self.conditions), ("PersonaActions", &self.actions)];
        let told = lists.into_iter().filter(|(_, names)| !names.is_empty());
        let ignored: Vec<_> = told
            .clone()
            .map(|(list, names)| {
                let belong = if names.len() == 1 { "belongs" } else { "belong" };
                format!("{}, which {belong} in {list}", names.join(", "))
            })
            .collect();
        let right: Vec<_> = told
            .map(|(list, names)| {
                let members: Vec<_> = names.iter().map(|name| format!("\"{name}\": ...")).collect();
                format!("\"{list}\": [{{{}}}]", members.join(", "))
            })
            .collect();
        let (ignored, right) = (ignored.join("; "), right.join(", "));
        (!ignored.is_empty()).then(|| format!("ignored at the top of the body: {ignored}; send {{{right}}}"))
    }
}

impl Model for ConditionModel {
    fn slot(&mut self, member: &str) -> Option<Slot<'_>> {
        Some(match member.to_ascii_lowercase().as_str() {
            "conditionid" => Slot::Int(&mut self.condition_id),
            "personaid" => Slot::Int(&mut self.persona_id),
            "profilefieldid" => Slot::Int(&mut self.profile_field_id),
            "conditionvalue" => Slot::Text(&mut self.condition_value),
            "conditionoperatortype" => Slot::Int(&mut self.condition_operator_type),
            "parentid" => Slot::Int(&mut self.parent_id),
            "personamatchcondition" => Slot::Int(&mut self.match_condition),
            "groupname" => Slot::Text(&mut self.group_name),
            _ => return None,
        })
    }
}

impl Model for ActionModel {
    fn slot(&mut self, member: &str) -> Option<Slot<'_>> {
        Some(match member.to_ascii_lowercase().as_str() {
            "actionid" => Slot::Int(&mut self.action_id),
            "personaid" => Slot::Int(&mut self.persona_id),
            "actionvalue" => Slot::Text(&mut self.action_value),
            "actiontype" => Slot::Int(&mut self.action_type),
            "index" => Slot::Int(&mut self.index),
            _ => return None,
        })
    }
}

/// The model that the framework fills; none of a body without content, and of one that does not bind.
///
/// Trouble with the body is no refusal of the framework's: the action runs without a model, and Axero
/// answers in its envelope (docs/providers/axero.md, Bodies).
///
/// # Errors
///
/// [`VendorError::Unreadable`] for a body that is not JSON by its `Content-Type`.
pub(crate) fn persona_model(request: &Request<'_>, options: &Options) -> Result<Option<PersonaModel>, VendorError> {
    if request.body.is_empty() {
        return Ok(None);
    }
    let header = request.header_text("content-type");
    let Some(media_type) = header.as_deref().and_then(MediaType::parse).filter(|media_type| media_type.is_json())
    else {
        return Err(VendorError::Unreadable(unreadable(request)));
    };
    let text = json_net::decode(request.body, Charset::named(media_type.charset));
    let model = text.and_then(|text| json_net::read(version(options), &text));
    Ok(model.unwrap_or_else(|fault| {
        tracing::debug!(%fault, "the body does not bind");
        None
    }))
}

/// The version of Json.NET that reads bodies: one for all settings.
fn version(_: &Options) -> Version {
    Version::V12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: Option<&str>) {
        let model: PersonaModel = json_net::read(Version::V12, body).expect("binds").expect("an object");
        assert_eq!(model.misplaced.hint().as_deref(), expected, "{body}");
    }

    #[test]
    fn flat_members_are_told_where_they_belong() {
        check(r#"{"Name": "x", "Unknown": 1, "PersonaConditions": [{"GroupName": "A"}]}"#, None);
        check(
            r#"{"Name": "x", "profilefieldid": 67}"#,
            Some(
                "ignored at the top of the body: profilefieldid, which belongs in PersonaConditions; \
                 send {\"PersonaConditions\": [{\"profilefieldid\": ...}]}",
            ),
        );
        check(
            r#"{"ActionValue": {"a": 1}, "ParentID": null, "ACTIONVALUE": 2, "ActionType": 1}"#,
            Some(
                "ignored at the top of the body: ParentID, which belongs in PersonaConditions; \
                 ActionValue, ActionType, which belong in PersonaActions; \
                 send {\"PersonaConditions\": [{\"ParentID\": ...}], \
                 \"PersonaActions\": [{\"ActionValue\": ..., \"ActionType\": ...}]}",
            ),
        );
    }
}
