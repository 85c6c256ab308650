//! `/_mock/openapi/{provider}.json`: a provider's document under the settings in force. And
//! `/_mock/schemas/{provider}.json`: what its fixture may hold.

#[cfg(test)]
use schemars::{Schema, SchemaGenerator, json_schema};

use super::ask::Ask;
use super::foreign::{Foreign, Form};
use super::parameter::PROVIDER;
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::Problem;

pub(super) static VERBS: [&dyn AnyVerb; 2] = [&SHOW_DOCUMENT, &SHOW_SCHEMA];

static SHOW_DOCUMENT: Verb<NoBody, Foreign<OpenApi>> =
    Verb::get("/_mock/openapi/{provider}.json", "show_provider_document", show_document)
        .about("A provider's OpenAPI document under the sandbox's settings. Its servers are at the sandbox's base URL.")
        .takes(&[PROVIDER])
        .refuses(&[404]);

static SHOW_SCHEMA: Verb<NoBody, Foreign<FixtureSchema>> =
    Verb::get("/_mock/schemas/{provider}.json", "show_fixture_schema", show_schema)
        .about("The JSON Schema of a provider's fixture, as `fixtures export` writes it: its lists, and the members of their rows.")
        .takes(&[PROVIDER])
        .refuses(&[404])
        .of_server();

/// An OpenAPI document.
pub(super) enum OpenApi {}

impl Form for OpenApi {
    const MEDIA: &'static str = "application/json";

    #[cfg(test)]
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

/// A JSON Schema.
pub(super) enum FixtureSchema {}

impl Form for FixtureSchema {
    const MEDIA: &'static str = "application/json";

    #[cfg(test)]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object", "required": ["properties"], "additionalProperties": true})
    }
}

fn show_document(ask: &Ask<'_>, _: NoBody) -> Result<Foreign<OpenApi>, Problem> {
    let slot = ask.slot(provider(ask))?;
    let document = ask.app.document(slot.provider(), &slot.options());
    let document = document.map_err(|error| Problem::new(500, error.to_string()))?;
    Ok(Foreign::new(document.text(ask.base)))
}

fn show_schema(ask: &Ask<'_>, _: NoBody) -> Result<Foreign<FixtureSchema>, Problem> {
    let slot = ask.slot(provider(ask))?;
    Ok(Foreign::new(slot.provider().fixture_schema().to_string()))
}

/// The provider that the name of a document says.
fn provider<'a>(ask: &'a Ask<'_>) -> &'a str {
    let file = ask.name();
    file.strip_suffix(".json").unwrap_or(file)
}
