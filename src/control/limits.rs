//! `/_mock/limits`: how many requests a caller of each provider may make.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask::{Ask, Outcome, json};
use super::provider_ids;
use crate::http::problem::Problem;
use crate::http::provider::Provenance;
use crate::world::limit::RateLimit;
use crate::world::options::Options;

/// The limits of a sandbox.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LimitStates {
    /// By provider id; `null` where there is no limit.
    #[schema(value_type = Object)]
    limits: IndexMap<&'static str, Option<LimitState>>,
}

/// One provider's limit.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct LimitState {
    /// So many requests in each period.
    #[schema(example = "100/1m")]
    limit: String,
    /// `documented` where this is the vendor's own number, else `inferred`.
    provenance: Provenance,
    /// How many callers are counted.
    callers: usize,
}

/// Limits to change; what is absent stays.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"limits": {"provider": "100/1m"}})))]
pub(super) struct LimitChange {
    /// By provider id: `100/1m`, `on` for the vendor's number (60/1m where it names none), or `off`.
    #[schema(value_type = Object)]
    limits: IndexMap<String, String>,
}

/// The sandbox's limits.
#[utoipa::path(get, path = "/_mock/limits", tag = "faults", responses((status = 200, body = LimitStates)))]
pub(super) fn show_limits(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    Ok(json(200, &present(ask)))
}

/// Changes limits, and forgets what was counted of those; all of the body or, if something is wrong, nothing.
#[utoipa::path(
    put,
    path = "/_mock/limits",
    tag = "faults",
    request_body = LimitChange,
    responses((status = 200, body = LimitStates), (status = 400, body = Problem, content_type = "application/problem+json"))
)]
pub(super) fn change_limits(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let change: LimitChange = ask.read()?;
    let mut limits = Vec::with_capacity(change.limits.len());
    for (id, text) in &change.limits {
        let at = || format!("$.limits.{id}");
        let Some(number) = provider_ids(ask.hall).position(|known| known == id) else {
            let known: Vec<_> = provider_ids(ask.hall).collect();
            let detail = format!("no provider `{id}` is served; the providers are {}", known.join(", "));
            return Err(Problem::new(400, detail).at(at()));
        };
        let limit = match text.as_str() {
            "off" => None,
            "on" => Some(default(ask, number)),
            text => Some(text.parse().map_err(|error| {
                Problem::new(400, format!("{error}; `on` switches the vendor's own on, `off` all off")).at(at())
            })?),
        };
        limits.push((number, limit));
    }
    for (number, limit) in limits {
        if let Some(room) = ask.sandbox.room(number) {
            let mut options = Options::clone(&room.options());
            options.rate_limit = limit;
            room.set_options(Arc::new(options));
            room.limiter.clear();
        }
    }
    Ok(json(200, &present(ask)))
}

fn default(ask: &Ask<'_>, number: usize) -> RateLimit {
    documented(ask, number).unwrap_or(RateLimit::UNDOCUMENTED)
}

fn documented(ask: &Ask<'_>, number: usize) -> Option<RateLimit> {
    ask.hall.providers.get(number)?.rate_limit()
}

fn present(ask: &Ask<'_>) -> LimitStates {
    let mut limits = IndexMap::new();
    for (number, id) in provider_ids(ask.hall).enumerate() {
        let limit = ask.sandbox.room(number).and_then(|room| {
            let limit = room.options().rate_limit?;
            let own = documented(ask, number) == Some(limit);
            let provenance = if own { Provenance::Documented } else { Provenance::Inferred };
            Some(LimitState { limit: limit.to_string(), provenance, callers: room.limiter.callers() })
        });
        limits.insert(id, limit);
    }
    LimitStates { limits }
}
