//! The limit of loading: serde_json into plain types, with no check of what the fields mean.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use serde::Deserialize;
use serde_json::Value;

/// Vijil's fixture, as far as a long one is long.
#[derive(Deserialize)]
pub struct Fixture {
    pub personas: Vec<Persona>,
}

#[derive(Clone, Deserialize, serde::Serialize)]
pub struct Persona {
    pub id: String,
    pub team_id: String,
    pub name: String,
    pub description: Option<String>,
    pub role: Option<String>,
    pub role_description: Option<String>,
    pub knowledge_level: Option<String>,
    pub skill_level: Option<String>,
    pub intent: Option<String>,
    pub language: Option<String>,
    pub access_permissions: Option<BTreeMap<String, Value>>,
    pub is_preset: bool,
    pub preset_category: Option<String>,
    pub tags: Option<Vec<String>>,
    pub icon_filename: Option<String>,
    pub created_at: i64,
    pub updated_at: Option<i64>,
    pub created_by: Option<String>,
}

/// Reads a fixture, and prints how long it took, how many bytes it has and how many rows.
pub fn parse(fixture: &Path) -> Result<()> {
    let began = Instant::now();
    let text = std::fs::read(fixture)?;
    let read: Fixture = serde_json::from_slice(&text)?;
    let took = began.elapsed();
    #[expect(clippy::print_stdout, reason = "who started this reads it")]
    {
        println!("{} {} {}", took.as_secs_f64(), text.len(), read.personas.len());
    }
    Ok(())
}
