//! `/_mock/snapshots`: named moments of a sandbox, each its data, ids and clock.

use indexmap::IndexMap;
use serde::Serialize;
use utoipa::ToSchema;

use super::ask::{Ask, Outcome, json};
use super::{provider_ids, state};
use crate::http::problem::Problem;
use crate::http::provider::Response;
use crate::world::sandbox::{SandboxName, Snapshot};

/// The most snapshots of one sandbox.
const MOST: usize = 1_000;

/// The snapshots of a sandbox.
#[derive(Serialize, ToSchema)]
pub(super) struct SnapshotList {
    /// Their names, sorted.
    snapshots: Vec<SnapshotEntry>,
}

/// One snapshot.
#[derive(Serialize, ToSchema)]
pub(super) struct SnapshotEntry {
    /// Its name.
    #[schema(example = "checkout")]
    name: String,
    /// What the clock showed, if it stood still; a running clock runs on.
    #[schema(value_type = Option<String>)]
    frozen_at: Option<jiff::Timestamp>,
}

/// The snapshots of the sandbox.
#[utoipa::path(get, path = "/_mock/snapshots", tag = "world", responses((status = 200, body = SnapshotList)))]
pub(super) fn list_snapshots(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let snapshots = ask.sandbox.snapshots(|all| all.iter().map(|(name, snapshot)| entry(name, snapshot)).collect());
    Ok(json(200, &SnapshotList { snapshots }))
}

fn entry(name: &str, snapshot: &Snapshot) -> SnapshotEntry {
    let frozen_at = match snapshot.clock {
        crate::world::clock::Clock::Frozen(instant) => Some(instant),
        _ => None,
    };
    SnapshotEntry { name: name.to_owned(), frozen_at }
}

/// The data of a snapshot, in the fixture format.
#[utoipa::path(
    get,
    path = "/_mock/snapshots/{name}",
    tag = "world",
    params(("name" = String, Path, description = "The snapshot")),
    responses((status = 200, body = Object), (status = 404, body = Problem, content_type = "application/problem+json"))
)]
pub(super) fn show_snapshot(ask: &Ask<'_>, parameters: &[&str]) -> Outcome {
    let snapshot = find(ask, parameters)?;
    let mut all = IndexMap::new();
    for ((number, id), root) in provider_ids(ask.hall).enumerate().zip(&snapshot.roots) {
        all.insert(id, state::text(ask, number, root)?);
    }
    Ok(json(200, &all))
}

/// Saves this moment under a name; a snapshot of that name is replaced.
#[utoipa::path(
    put,
    path = "/_mock/snapshots/{name}",
    tag = "world",
    params(("name" = String, Path, description = "1 to 64 letters, digits, dots, underscores or hyphens")),
    responses(
        (status = 200, body = SnapshotEntry),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json")
    )
)]
pub(super) fn save_snapshot(ask: &Ask<'_>, parameters: &[&str]) -> Outcome {
    let name = parameters.first().copied().unwrap_or_default();
    name.parse::<SandboxName>()
        .map_err(|_| Problem::new(400, "a snapshot's name is 1 to 64 letters, digits, dots, underscores or hyphens"))?;
    let snapshot = ask.sandbox.snapshot();
    let entry = entry(name, &snapshot);
    ask.sandbox.snapshots(|all| {
        if all.len() >= MOST && !all.contains_key(name) {
            return Err(Problem::new(409, format!("the sandbox has {MOST} snapshots already; delete one first")));
        }
        all.insert(name.to_owned(), snapshot);
        Ok(())
    })?;
    Ok(json(200, &entry))
}

/// Forgets a snapshot.
#[utoipa::path(
    delete,
    path = "/_mock/snapshots/{name}",
    tag = "world",
    params(("name" = String, Path, description = "The snapshot")),
    responses((status = 204), (status = 404, body = Problem, content_type = "application/problem+json"))
)]
pub(super) fn delete_snapshot(ask: &Ask<'_>, parameters: &[&str]) -> Outcome {
    find(ask, parameters)?;
    ask.sandbox.snapshots(|all| all.remove(parameters.first().copied().unwrap_or_default()));
    Ok(Response::new(204))
}

/// Puts data, ids and clock back to a snapshot; nothing else.
#[utoipa::path(
    post,
    path = "/_mock/snapshots/{name}/restore",
    tag = "world",
    params(("name" = String, Path, description = "The snapshot")),
    responses((status = 204), (status = 404, body = Problem, content_type = "application/problem+json"))
)]
pub(super) fn restore_snapshot(ask: &Ask<'_>, parameters: &[&str]) -> Outcome {
    ask.sandbox.restore(&find(ask, parameters)?);
    Ok(Response::new(204))
}

fn find(ask: &Ask<'_>, parameters: &[&str]) -> Result<Snapshot, Problem> {
    named(ask, parameters.first().copied().unwrap_or_default())
}

/// The snapshot of this name.
pub(super) fn named(ask: &Ask<'_>, name: &str) -> Result<Snapshot, Problem> {
    ask.sandbox.snapshots(|all| match all.get(name) {
        Some(snapshot) => Ok(snapshot.clone()),
        None if all.is_empty() => Err(Problem::new(404, format!("no snapshot `{name}`; the sandbox has none"))),
        None => {
            let known: Vec<_> = all.keys().take(20).cloned().collect();
            Err(Problem::new(404, format!("no snapshot `{name}`; the sandbox has {}", known.join(", "))))
        }
    })
}
