//! Further personas for a fixture: groups of people, picked by what stands in their profiles.

use super::entities::{Action, Column, Condition, Persona};
use super::fixture::AxeroFixture;
use super::state;
use crate::provider::generate::{Draw, Generator, Generators};

/// How many conditions, and how many actions, a persona may have.
const MOST_CHILDREN: u64 = 3;

pub(super) fn generators(embedded: &AxeroFixture) -> Generators {
    let [persona, condition, action] =
        [state::PERSONA, state::CONDITION, state::ACTION].map(|kind| embedded.next_ids.get(kind).copied().unwrap_or(1));
    let users: Vec<i32> = embedded.users.iter().map(|user| user.user_id).collect();
    let row = move |draw: &Draw<'_>| {
        let user = |what| draw.one(what, &users).copied().unwrap_or_default();
        let (created_by, updated_by) = (user("created by"), user("updated by"));
        let created = draw.moment("created");
        let updated = Column::of(draw.later("updated", created));
        let words = draw.words;
        let group =
            |what, of_hundred| draw.chance(what, of_hundred).then(|| draw.text("group", words.groups).to_owned());
        let conditions = (0..draw.below("conditions", MOST_CHILDREN + 1)).map(|number| Condition {
            id: id(condition, draw.number() * MOST_CHILDREN + number),
            profile_field: number_of(60 + draw.below("profile field", 240) + number),
            value: Some((600 + draw.below("value", 900) + number).to_string()),
            created_by,
            updated_by,
            updated,
            group: group("grouped", 50),
            ..Condition::default()
        });
        let actions = (0..draw.below("actions", MOST_CHILDREN + 1)).map(|number| Action {
            id: id(action, draw.number() * MOST_CHILDREN + number),
            value: Some((200 + draw.below("action value", 600) + number).to_string()),
            created_by,
            updated_by,
            updated,
            kind: 1,
            index: number_of(number),
        });
        Persona {
            id: id(persona, draw.number()),
            name: format!("{} {}", draw.text("name", words.groups), draw.text("city", words.cities)),
            created_by,
            updated_by,
            created: Column::of(created),
            updated,
            is_enabled: draw.chance("enabled", 85),
            include_actions: draw.chance("with actions", 60),
            match_condition: number_of(draw.below("match", 2)),
            conditions: conditions.collect(),
            actions: actions.collect(),
            run_actions_on_save: draw.chance("on save", 10),
        }
    };
    // The next numbers follow from the rows.
    Generators { lists: vec![Generator::of("personas", row)], left_out: &["next_ids"] }
}

/// The id of the row of a number, where the first has this one.
fn id(first: u64, number: u64) -> i32 {
    number_of(first.saturating_add(number))
}

fn number_of(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
