//! `/_mock/openapi/{provider}.json`: a provider's document under the settings in force.

use schemars::{Schema, SchemaGenerator, json_schema};

use super::ask::Ask;
use super::foreign::{Foreign, Form};
use super::parameter::PROVIDER;
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::Problem;

pub(super) static VERBS: [&dyn AnyVerb; 1] = [&SHOW_DOCUMENT];

static SHOW_DOCUMENT: Verb<NoBody, Foreign<OpenApi>> =
    Verb::get("/_mock/openapi/{provider}.json", "show_provider_document", show_document)
        .about("A provider's OpenAPI document under the sandbox's settings. Its servers are at the sandbox's base URL.")
        .takes(&[PROVIDER])
        .refuses(&[404]);

/// An OpenAPI document.
pub(super) enum OpenApi {}

impl Form for OpenApi {
    const MEDIA: &'static str = "application/json";

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "object",
            "required": ["openapi", "info", "paths"],
            "properties": {
                "openapi": {"type": "string", "description": "The version of OpenAPI."},
                "info": {"type": "object", "additionalProperties": true},
                "paths": {"type": "object", "additionalProperties": true},
            },
            "additionalProperties": true,
        })
    }
}

fn show_document(ask: &Ask<'_>, _: NoBody) -> Result<Foreign<OpenApi>, Problem> {
    let file = ask.name();
    let id = file.strip_suffix(".json").unwrap_or(file);
    let slot = ask.slot(id)?;
    let document = ask.app.document(slot.provider(), &slot.options());
    let document = document.map_err(|error| Problem::new(500, error.to_string()))?;
    Ok(Foreign::new(document.text(ask.base)))
}
