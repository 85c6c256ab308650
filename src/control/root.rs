//! `/` and everything that is nowhere.

use serde::Serialize;

use super::ask::{Ask, Outcome, json};
use super::base_url::Lost;
use crate::contract::nearest;
use crate::http::hall::{Hall, MountEntry};
use crate::http::problem::Problem;
use crate::http::provider::Response;
use crate::world::sandbox::Sandbox;

#[derive(Serialize)]
struct Root {
    name: &'static str,
    version: &'static str,
    mounts: Vec<MountEntry>,
    control: &'static str,
}

/// `GET /`: what is mounted where.
pub(super) fn show_mounts(ask: &Ask<'_>, _: &[&str]) -> Outcome {
    let root = Root {
        name: "persona-mock",
        version: env!("CARGO_PKG_VERSION"),
        mounts: ask.hall.mounts_in(ask.sandbox),
        control: "/_mock/openapi.json",
    };
    Ok(json(200, &root))
}

/// A path of the control API that is none of its resources.
pub(super) fn unknown_path(ask: &Ask<'_>) -> Problem {
    let behind = |path: &'static str| path.strip_prefix("/_mock/").filter(|name| !name.contains('*'));
    let names = super::RESOURCES.iter().filter_map(|(path, _)| behind(path));
    let near = ask.path.strip_prefix("/_mock/").and_then(|name| nearest::name(name, names));
    let meant = near.map_or_else(String::new, |name| format!("did you mean /_mock/{name}; "));
    let detail = format!("the control API has no {}; {meant}/_mock/openapi.json lists what it has", ask.path);
    let mounts = ask.hall.mounts_in(ask.sandbox);
    Problem::new(404, detail).mounts(mounts.iter().map(|entry| entry.mount.to_owned()))
}

/// The answer to a request that no mount takes, and the same hint for its header field.
pub(crate) fn nowhere(lost: &Lost<'_>) -> (Response, String) {
    let hint = lost.hint();
    let what = format!("nothing is mounted at {}", lost.raw_path);
    let what = hint.as_ref().map_or_else(|| what.clone(), |hint| format!("{what}; {hint}"));
    let problem = problem(lost.hall, lost.sandbox, what);
    (problem.response(), hint.unwrap_or_else(|| lost.mounts()))
}

fn problem(hall: &Hall, sandbox: &Sandbox, what: String) -> Problem {
    let entries = hall.mounts_in(sandbox);
    let mounts: Vec<String> = entries.iter().map(|entry| format!("{} ({})", entry.mount, entry.provider)).collect();
    let detail = format!("{what}; the mounts are {}; / lists them", mounts.join(", "));
    Problem::new(404, detail).mounts(entries.iter().map(|entry| entry.mount.to_owned()))
}
