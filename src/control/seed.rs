//! `/_mock/seed`: where a sandbox's ids come from.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask::{Ask, Outcome, json};
use crate::http::problem::Problem;
use crate::world::ids::Seed;

/// Where ids come from.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"seed": 7})))]
pub(super) struct SeedState {
    /// Same seed and same requests, same ids.
    #[schema(example = 7)]
    seed: u64,
}

/// The sandbox's seed.
#[utoipa::path(get, path = "/_mock/seed", tag = "world", responses((status = 200, body = SeedState)))]
pub(super) fn show_seed(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    Ok(json(200, &SeedState { seed: ask.sandbox.seed().0 }))
}

/// Sets the sandbox's seed, from the next draw on.
#[utoipa::path(
    put,
    path = "/_mock/seed",
    tag = "world",
    request_body = SeedState,
    responses((status = 200, body = SeedState), (status = 400, body = Problem, content_type = "application/problem+json"))
)]
pub(super) fn change_seed(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let state: SeedState = ask.read()?;
    ask.sandbox.set_seed(Seed(state.seed));
    Ok(json(200, &state))
}
