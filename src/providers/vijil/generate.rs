//! Further personas for a fixture: people who might talk to an agent.

use serde_json::json;
use uuid::Uuid;

use super::access::AccessPermissions;
use super::fixture::Fixture;
use super::persona::Persona;
use super::wire::{Intent, KnowledgeLevel, SkillLevel};
use crate::dialects::pydantic::Choice;
use crate::provider::generate::{Draw, Generator, Generators};

const LEVELS: [&str; 3] = ["user", "power_user", "admin"];
const SCOPES: [&str; 3] = ["own", "team", "all"];
const TAGS: [&str; 8] =
    ["support", "billing", "security", "onboarding", "analytics", "compliance", "mobile", "escalation"];

pub(super) fn generators(embedded: &Fixture) -> Generators {
    let teams: Vec<Uuid> = embedded.teams.iter().map(|team| team.id).collect();
    let users: Vec<Uuid> = embedded.users.iter().map(|user| user.id).collect();
    let row = move |draw: &Draw<'_>| {
        let (words, human) = (draw.words, draw.human());
        let created = draw.moment("created");
        let tag = draw.text("tag", &TAGS);
        Persona {
            id: draw.uuid("persona"),
            team_id: draw.one("team", &teams).copied().unwrap_or_default(),
            name: human.full,
            description: Some(draw.text("trouble", words.troubles).to_owned()),
            role: human.work.to_owned(),
            role_description: Some(draw.text("goal", words.goals).to_owned()),
            knowledge_level: choice::<KnowledgeLevel>(draw, "knowledge"),
            skill_level: choice::<SkillLevel>(draw, "skill"),
            intent: choice::<Intent>(draw, "intent"),
            language: draw.language().to_owned(),
            access_permissions: draw.chance("access", 40).then(|| access(draw)).flatten(),
            tags: Some(vec![tag.to_owned(), draw.language().to_owned()]),
            icon_filename: Some(format!("{tag}.svg")),
            created_at: created.as_second(),
            updated_at: draw.later("updated", created).as_second(),
            created_by: draw.one("user", &users).copied().unwrap_or_default(),
            ..Persona::unstated()
        }
    };
    Generators { lists: vec![Generator::of("personas", row)], left_out: &[] }
}

fn choice<C: Choice + Copy + Default>(draw: &Draw<'_>, what: &'static str) -> C {
    draw.one(what, C::MEMBERS).map(|(_, member)| *member).unwrap_or_default()
}

fn access(draw: &Draw<'_>) -> Option<AccessPermissions> {
    let object = json!({
        "privilege_level": draw.text("privilege", &LEVELS),
        "allowed_agents": ["support-bot"],
        "allowed_tools": null,
        "restricted_actions": [],
        "data_access_scope": draw.text("scope", &SCOPES),
    });
    serde_json::from_str(&object.to_string()).ok()
}
