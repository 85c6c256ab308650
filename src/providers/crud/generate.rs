//! Further personas for a fixture: users of a product, as its designers imagine them.

use serde_json::json;
use uuid::Uuid;

use super::fixture::Fixture;
use super::persona::Persona;
use super::verbatim::Block;
use crate::dialects::ecma_json::Text;
use crate::provider::generate::{Draw, Generator, Generators};

const AGES: [&str; 6] = ["18-24", "25-34", "35-44", "45-54", "55-64", "65-79"];
const DEVICES: [&str; 4] = ["laptop", "phone", "tablet", "desktop, two monitors"];

pub(super) fn generators(embedded: &Fixture) -> Generators {
    let projects: Vec<Uuid> = embedded.projects.iter().map(|project| project.id).collect();
    let row = move |draw: &Draw<'_>| {
        let (words, human) = (draw.words, draw.human());
        let created = draw.moment("created");
        let goal = draw.text("goal", words.goals);
        let trouble = draw.text("trouble", words.troubles);
        Persona {
            id: draw.uuid("persona"),
            project: draw.one("project", &projects).copied().unwrap_or_default(),
            name: Text::from(&*human.full),
            user_role: Some(Text::from(human.work)),
            tagline: Some(Text::from(goal)),
            demographics: block(&json!({
                "age_range": draw.text("age", &AGES),
                "gender": if human.is_woman { "female" } else { "male" },
                "location": draw.text("city", words.cities),
                "occupation": human.work,
            })),
            behavioral_patterns: block(&json!({
                "primary_device": draw.text("device", &DEVICES),
                "hours_online_per_day": draw.below("hours", 12) + 1,
            })),
            goals_and_needs: block(&json!({"primary_objectives": [goal]})),
            pain_points: block(&json!({"current_challenges": [trouble]})),
            narrative: block(&json!({"quote": draw.text("quote", words.quotes), "key_frustrations": trouble})),
            created_at: Some(created),
            updated_at: Some(draw.later("updated", created)),
            ..Persona::default()
        }
    };
    Generators { lists: vec![Generator::of("personas", row)], left_out: &[] }
}

fn block(object: &serde_json::Value) -> Option<Block> {
    serde::Deserialize::deserialize(object).ok()
}
