//! What Axero answers of personas.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::envelope::succeeded;
use crate::dialects::json_net::Unzoned;
use crate::provider::{Call, Response};
use crate::providers::axero::directory::Directory;
use crate::providers::axero::routes;
use crate::providers::axero::state::{Action, Condition, Persona, Site};

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct PersonaAnswer<'a> {
    #[serde(rename = "PersonaID")]
    persona_id: i32,
    name: &'a str,
    created_by: i32,
    updated_by: i32,
    date_created: Unzoned,
    last_updated: Unzoned,
    is_enabled: bool,
    include_actions: bool,
    persona_match_condition: i32,
    persona_conditions: Vec<ConditionAnswer<'a>>,
    persona_actions: Vec<ActionAnswer<'a>>,
    #[serde(rename = "EditAbsoluteURL")]
    edit_absolute_url: String,
    date_created_string: Cow<'static, str>,
    last_updated_string: Cow<'static, str>,
    run_actions_on_save: bool,
    created_by_user_display_name: &'a str,
    updated_by_user_display_name: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ConditionAnswer<'a> {
    #[serde(rename = "ConditionID")]
    condition_id: i32,
    #[serde(rename = "PersonaID")]
    persona_id: i32,
    #[serde(rename = "ProfileFieldID")]
    profile_field_id: i32,
    condition_value: Option<&'a str>,
    created_by: i32,
    updated_by: i32,
    last_updated: Unzoned,
    condition_operator_type: i32,
    #[serde(rename = "ParentID")]
    parent_id: i32,
    persona_match_condition: i32,
    group_name: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ActionAnswer<'a> {
    #[serde(rename = "ActionID")]
    action_id: i32,
    #[serde(rename = "PersonaID")]
    persona_id: i32,
    action_value: Option<&'a str>,
    created_by: i32,
    updated_by: i32,
    last_updated: Unzoned,
    action_type: i32,
    index: i32,
}

/// A persona that was added or changed.
pub(crate) fn saved(call: &Call<'_, Site>, persona: &Persona) -> Response {
    let site = call.read();
    let view = View::of(call, &site);
    succeeded(CHANGED, view.persona(persona), None)
}

/// A persona that was asked for.
pub(crate) fn found(call: &Call<'_, Site>, site: &Site, persona: &Persona) -> Response {
    succeeded(READ, View::of(call, site).persona(persona), None)
}

/// A page of personas.
pub(crate) fn listed(call: &Call<'_, Site>, site: &Site, page: &[&Arc<Persona>]) -> Response {
    let view = View::of(call, site);
    let personas: Vec<_> = page.iter().map(|persona| view.persona(persona)).collect();
    succeeded(READ, personas, Some(site.count()))
}

/// A persona that was deleted.
pub(crate) fn deleted() -> Response {
    succeeded(CHANGED, true, None)
}

/// Axero's text for a change, which is also what its own interface shows after a save.
const CHANGED: &str = "Changes saved successfully";

/// The text on reads is not known.
const READ: &str = "";

/// What a persona's answer shows beside the persona itself.
struct View<'a> {
    directory: &'a Directory,
    base_url: Cow<'a, str>,
    now: Timestamp,
}

impl<'a> View<'a> {
    fn of(call: &Call<'a, Site>, site: &'a Site) -> Self {
        Self { directory: site.directory(), base_url: call.request.base_url(), now: call.now }
    }

    fn persona<'p>(&'p self, persona: &'p Persona) -> PersonaAnswer<'p> {
        let conditions = persona.conditions.iter().map(|condition| condition_answer(persona.id, condition));
        let actions = persona.actions.iter().map(|action| action_answer(persona.id, action));
        PersonaAnswer {
            persona_id: persona.id,
            name: &persona.name,
            created_by: persona.created_by,
            updated_by: persona.updated_by,
            date_created: Unzoned(persona.created),
            last_updated: Unzoned(persona.updated),
            is_enabled: persona.is_enabled,
            include_actions: persona.include_actions,
            persona_match_condition: persona.match_condition,
            persona_conditions: conditions.collect(),
            persona_actions: actions.collect(),
            edit_absolute_url: routes::edit_url(&self.base_url, persona.id),
            date_created_string: age(self.now, persona.created),
            last_updated_string: age(self.now, persona.updated),
            run_actions_on_save: persona.run_actions_on_save,
            created_by_user_display_name: self.directory.display_name(persona.created_by),
            updated_by_user_display_name: self.directory.display_name(persona.updated_by),
        }
    }
}

fn condition_answer(persona_id: i32, condition: &Condition) -> ConditionAnswer<'_> {
    ConditionAnswer {
        condition_id: condition.id,
        persona_id,
        profile_field_id: condition.profile_field,
        condition_value: condition.value.as_deref(),
        created_by: condition.created_by,
        updated_by: condition.updated_by,
        last_updated: Unzoned(condition.updated),
        condition_operator_type: condition.operator,
        parent_id: condition.parent,
        persona_match_condition: condition.match_condition,
        group_name: condition.group.as_deref(),
    }
}

fn action_answer(persona_id: i32, action: &Action) -> ActionAnswer<'_> {
    ActionAnswer {
        action_id: action.id,
        persona_id,
        action_value: action.value.as_deref(),
        created_by: action.created_by,
        updated_by: action.updated_by,
        last_updated: Unzoned(action.updated),
        action_type: action.kind,
        index: action.index,
    }
}

/// How long ago in words. "just now" and "6 days ago" are Axero's; the steps between are inferred.
fn age(now: Timestamp, then: Timestamp) -> Cow<'static, str> {
    let age: SignedDuration = now.duration_since(then);
    match (age.as_secs() / 60, age.as_hours(), age.as_hours() / 24) {
        (..=0, ..) => Cow::Borrowed("just now"),
        (1, ..) => Cow::Borrowed("1 minute ago"),
        (minutes, 0, _) => Cow::Owned(format!("{minutes} minutes ago")),
        (_, 1, _) => Cow::Borrowed("1 hour ago"),
        (_, hours, 0) => Cow::Owned(format!("{hours} hours ago")),
        (.., 1) => Cow::Borrowed("1 day ago"),
        (.., days) => Cow::Owned(format!("{days} days ago")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_rounded_down() {
        let then: Timestamp = "2026-04-03T13:09:20.917Z".parse().unwrap();
        for (seconds, expected) in [
            (-100_000, "just now"),
            (0, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (119, "1 minute ago"),
            (120, "2 minutes ago"),
            (3_599, "59 minutes ago"),
            (3_600, "1 hour ago"),
            (7_199, "1 hour ago"),
            (7_200, "2 hours ago"),
            (86_399, "23 hours ago"),
            (86_400, "1 day ago"),
            (172_799, "1 day ago"),
            (172_800, "2 days ago"),
            (86_400 * 400, "400 days ago"),
        ] {
            let now = then.checked_add(SignedDuration::from_secs(seconds)).unwrap();
            assert_eq!(age(now, then), expected, "{seconds} s");
        }
    }
}
