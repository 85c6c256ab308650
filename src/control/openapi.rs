//! `/_mock/openapi/{provider}.json`: a provider's document under the settings in force.

use schemars::{Schema, json_schema};

use super::ask::Ask;
use super::verb::{AnyVerb, Foreign, Form, NoBody, Parameter, Verb};
use crate::api::Problem;

pub(super) static VERBS: [&dyn AnyVerb; 1] = [&SHOW_DOCUMENT];

static SHOW_DOCUMENT: Verb<NoBody, Foreign<OpenApi>> =
    Verb::get("/_mock/openapi/{provider}.json", "show_provider_document", show_document)
        .about("A provider's OpenAPI document under the sandbox's settings.")
        .takes(&[Parameter::segment("provider", "The provider's id")])
        .refuses(&[404]);

/// An OpenAPI document.
pub(super) enum OpenApi {}

impl Form for OpenApi {
    const MEDIA: &'static str = "application/json";

    fn schema() -> Schema {
        json_schema!({"type": "object"})
    }
}

fn show_document(ask: &Ask<'_>, _: NoBody) -> Result<Foreign<OpenApi>, Problem> {
    let file = ask.name();
    let id = file.strip_suffix(".json").unwrap_or(file);
    let slot = ask.slot(id)?;
    let failed = |error: &dyn std::fmt::Display| Problem::new(500, error.to_string());
    let document = ask.app.document(slot.provider(), &slot.options()).map_err(|error| failed(&error))?;
    serde_json::to_vec(document.json()).map(Foreign::new).map_err(|error| failed(&error))
}
