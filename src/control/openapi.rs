//! `/_mock/openapi/{provider}.json`: a provider's document under the settings in force.

use super::ask::{Ask, Outcome, json};
use crate::http::problem::Problem;

/// A provider's OpenAPI document under the sandbox's settings.
#[utoipa::path(
    get,
    path = "/_mock/openapi/{provider}.json",
    tag = "server",
    params(("provider" = String, Path, description = "The provider's id")),
    responses((status = 200, body = Object), (status = 404, body = Problem, content_type = "application/problem+json"))
)]
pub(super) fn show_document(ask: &Ask<'_>, parameters: &[&str]) -> Outcome {
    let file = parameters.first().copied().unwrap_or_default();
    let id = file.strip_suffix(".json").unwrap_or(file);
    let number = ask.provider(id)?;
    match ask.hall.document(number, &ask.hall.options_in(ask.sandbox, number)) {
        Some(Ok(document)) => Ok(json(200, document.json())),
        Some(Err(error)) => Err(Problem::new(500, error.to_string())),
        None => Err(Problem::new(404, format!("no provider `{id}` is served"))),
    }
}
