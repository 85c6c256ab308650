//! `POST /_mock/reset`.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask::{Ask, Outcome, json};
use super::provider_ids;
use crate::http::problem::Problem;

/// What names the journal among the parts.
const JOURNAL: &str = "journal";

/// What to reset; everything, where nothing is said.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"only": "journal"})))]
pub(super) struct ResetRequest {
    /// Only the data and ids of this provider, or only the `journal`.
    #[schema(example = "provider")]
    only: Option<String>,
}

/// What was reset.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ResetAnswer {
    /// The sandbox.
    #[schema(example = "default")]
    sandbox: String,
    /// `everything`, `journal`, or the provider.
    #[schema(example = "everything")]
    reset: String,
}

/// Puts the sandbox back to the moment it was made: data, ids, clock, seed, settings, faults, limits, journal. Named
/// snapshots stay.
#[utoipa::path(
    post,
    path = "/_mock/reset",
    tag = "world",
    request_body(content = ResetRequest, description = "Nothing resets everything"),
    responses((status = 200, body = ResetAnswer), (status = 400, body = Problem, content_type = "application/problem+json"))
)]
pub(super) fn reset(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let request: ResetRequest = ask.read()?;
    match &request.only {
        None => ask.sandbox.reset(),
        Some(part) if part == JOURNAL => ask.sandbox.journal().clear(),
        Some(id) => match provider_ids(ask.hall).position(|known| known == id) {
            Some(number) => ask.sandbox.reset_provider(number),
            None => {
                let known: Vec<_> = provider_ids(ask.hall).collect();
                let detail = format!("cannot reset `{id}` alone; expected one of {JOURNAL}, {}", known.join(", "));
                return Err(Problem::new(400, detail).at("$.only"));
            }
        },
    }
    let reset = request.only.unwrap_or_else(|| "everything".to_owned());
    Ok(json(200, &ResetAnswer { sandbox: ask.sandbox.name().to_string(), reset }))
}
