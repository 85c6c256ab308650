//! `/_mock/health` and `/_mock/ready`.

use serde::Serialize;
use utoipa::ToSchema;

use super::ask::{Ask, Outcome, json};
use super::provider_ids;
use crate::http::WatchedFixtures;

/// How the server is.
#[derive(Serialize, ToSchema)]
pub(super) struct Health {
    /// Whether it serves.
    ready: bool,
    /// Its version.
    #[schema(value_type = String)]
    version: &'static str,
    /// The ids of the providers that are served.
    #[schema(value_type = Vec<String>)]
    providers: Vec<&'static str>,
    /// The fixture directory, where one is watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    fixtures: Option<WatchedFixtures>,
}

/// How the server is.
#[utoipa::path(get, path = "/_mock/health", tag = "server", responses((status = 200, body = Health)))]
pub(super) fn show_health(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    // The server answers once its fixtures are loaded, so an answer means ready.
    let health = Health {
        ready: true,
        version: env!("CARGO_PKG_VERSION"),
        providers: provider_ids(ask.hall).collect(),
        fixtures: ask.hall.watched(),
    };
    Ok(json(200, &health))
}

/// Whether the server takes requests.
#[derive(Serialize, ToSchema)]
pub(super) struct Ready {
    /// Always true: a server that is not ready does not answer.
    ready: bool,
}

/// Whether the server takes requests.
#[utoipa::path(get, path = "/_mock/ready", tag = "server", responses((status = 200, body = Ready)))]
pub(super) fn show_ready(_: &Ask<'_>, _: &[&str]) -> Outcome {
    Ok(json(200, &Ready { ready: true }))
}
