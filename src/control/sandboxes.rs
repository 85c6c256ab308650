//! `/_mock/sandboxes`: every world of the server.

use std::sync::Arc;
use std::time::Duration;

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::ask::{Ask, Outcome, json};
use super::clock::ClockState;
use super::settings::{self, SettingsChange};
use super::state;
use crate::http::problem::Problem;
use crate::http::provider::Response;
use crate::world::clock::Clock;
use crate::world::duration;
use crate::world::ids::Seed;
use crate::world::sandbox::{Sandbox, SandboxInfo, SandboxName};

/// The sandboxes of a server.
#[derive(Serialize, ToSchema)]
pub(super) struct SandboxList {
    /// `default` first, then by name.
    sandboxes: Vec<SandboxState>,
}

/// One sandbox.
#[derive(Serialize, ToSchema)]
pub(super) struct SandboxState {
    /// Its name.
    #[schema(example = "t1")]
    name: String,
    /// Where its ids come from.
    seed: u64,
    /// Its time.
    clock: ClockState,
    /// How long nobody used it, in seconds.
    idle_s: u64,
    /// How long it may be idle; absent for `default`, which never goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "1h")]
    ttl: Option<String>,
}

impl SandboxState {
    fn of(info: &SandboxInfo) -> Self {
        Self {
            name: info.sandbox.name().to_string(),
            seed: info.sandbox.seed().0,
            clock: ClockState::of(info.sandbox.clock()),
            idle_s: info.idle.as_secs(),
            ttl: info.time_to_live.map(duration::show),
        }
    }
}

/// How a sandbox is to start; what is absent is as the server was started.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(json!({"seed": 5, "clock": "2026-01-15T12:00:00Z", "settings": {"auth": "strict"}, "ttl": "10m"})))]
pub(super) struct SandboxRequest {
    /// Where its ids come from.
    seed: Option<u64>,
    /// `real`, or an RFC 3339 instant at which it stands still.
    #[schema(example = "2026-01-15T12:00:00Z")]
    clock: Option<String>,
    /// Its switches.
    #[serde(default)]
    settings: SettingsChange,
    /// Fixtures by provider id, in place of the server's.
    #[serde(default)]
    #[schema(value_type = Object)]
    fixtures: IndexMap<String, Box<RawValue>>,
    /// How long it may be idle, such as `10m`.
    #[schema(example = "10m")]
    ttl: Option<String>,
}

/// Every sandbox that is there.
#[utoipa::path(get, path = "/_mock/sandboxes", tag = "sandboxes", responses((status = 200, body = SandboxList)))]
pub(super) fn list_sandboxes(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let sandboxes = ask.hall.sandboxes.list().iter().map(SandboxState::of).collect();
    Ok(json(200, &SandboxList { sandboxes }))
}

/// One sandbox.
#[utoipa::path(
    get,
    path = "/_mock/sandboxes/{name}",
    tag = "sandboxes",
    params(("name" = String, Path, description = "The sandbox")),
    responses((status = 200, body = SandboxState), (status = 404, body = Problem, content_type = "application/problem+json"))
)]
pub(super) fn show_sandbox(ask: &Ask<'_>, parameters: &[&str]) -> Outcome {
    let name = name(parameters)?;
    let found = ask.hall.sandboxes.list().into_iter().find(|info| *info.sandbox.name() == name);
    found.map(|info| json(200, &SandboxState::of(&info))).ok_or_else(|| nobody(&name))
}

/// Makes a sandbox of its own making; the one of that name, if there was one, is gone.
#[utoipa::path(
    put,
    path = "/_mock/sandboxes/{name}",
    tag = "sandboxes",
    params(("name" = String, Path, description = "1 to 64 letters, digits, dots, underscores or hyphens")),
    request_body = SandboxRequest,
    responses(
        (status = 201, body = SandboxState),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub(super) fn make_sandbox(ask: &Ask<'_>, parameters: &[&str]) -> Outcome {
    let name = name(parameters)?;
    if name.is_default() {
        return Err(Problem::new(409, "`default` is as the server was started; make a sandbox of another name"));
    }
    let request: SandboxRequest = ask.read()?;
    let mut origin = ask.hall.sandboxes.origin();
    if let Some(clock) = &request.clock {
        let clock: Clock = clock.parse().map_err(|error| Problem::new(400, format!("{error}")).at("$.clock"))?;
        origin.clock = clock;
    }
    origin.seed = request.seed.map_or(origin.seed, Seed);
    let time_to_live = request.ttl.as_deref().map(time_to_live).transpose()?;
    let before: Vec<_> = origin.rooms.iter().map(|(_, options)| options.clone()).collect();
    let options = settings::changed(ask, &request.settings, &before, "$.settings")?;
    for (room, options) in origin.rooms.iter_mut().zip(options) {
        room.1 = options;
    }
    let now = origin.clock.now();
    for (number, root) in state::load_all(ask, &request.fixtures, now)? {
        if let Some(room) = origin.rooms.get_mut(number) {
            room.0 = root;
            origin.own.push(number);
        }
    }
    let sandbox = Arc::new(Sandbox::new(name, origin, time_to_live));
    ask.hall.sandboxes.put(sandbox.clone());
    let idle_time = time_to_live.or(Some(ask.hall.sandboxes.bounds().idle));
    let info = SandboxInfo { sandbox, idle: Duration::ZERO, time_to_live: idle_time };
    Ok(json(201, &SandboxState::of(&info)))
}

/// Takes a sandbox away. The next request that names it makes a new one.
#[utoipa::path(
    delete,
    path = "/_mock/sandboxes/{name}",
    tag = "sandboxes",
    params(("name" = String, Path, description = "The sandbox")),
    responses(
        (status = 204),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub(super) fn delete_sandbox(ask: &Ask<'_>, parameters: &[&str]) -> Outcome {
    let name = name(parameters)?;
    if name.is_default() {
        return Err(Problem::new(409, "`default` never goes; POST /_mock/reset puts it back"));
    }
    if ask.hall.sandboxes.remove(&name) { Ok(Response::new(204)) } else { Err(nobody(&name)) }
}

fn name(parameters: &[&str]) -> Result<SandboxName, Problem> {
    let text = parameters.first().copied().unwrap_or_default();
    text.parse().map_err(|error| Problem::new(400, format!("{error}")))
}

fn nobody(name: &SandboxName) -> Problem {
    Problem::new(404, format!("there is no sandbox `{name}`; the first request that names it makes it"))
}

fn time_to_live(text: &str) -> Result<Duration, Problem> {
    duration::parse(text).map_err(|error| Problem::new(400, error.to_string()).at("$.ttl"))
}
