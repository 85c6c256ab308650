//! A request that leads to nothing: no mount takes it, and the control API has no such page.

use super::base_url::Lost;
use crate::api::Problem;
use crate::app::Sandbox;
use crate::contract::request::bounded;
use crate::provider::Response;

/// The answer to a request that no mount takes, and the same hint for its header field.
pub(crate) fn nowhere(lost: &Lost<'_>) -> (Response, String) {
    let hint = lost.hint();
    let what = format!("nothing is mounted at {}", lost.raw_path);
    let what = hint.as_ref().map_or_else(|| what.clone(), |hint| format!("{what}; {hint}"));
    let problem = problem(lost.sandbox, what);
    let hint = bounded(&lost.whole_hint(hint.as_deref()), 0);
    (problem.response(), hint)
}

fn problem(sandbox: &Sandbox, what: String) -> Problem {
    let entries: Vec<_> = sandbox.mounts().collect();
    let mounts: Vec<String> =
        entries.iter().map(|(mount, descriptor)| format!("{} ({})", mount.path, descriptor.id)).collect();
    let detail = format!("{what}; the mounts are {}; / lists them", mounts.join(", "));
    Problem::new(404, detail).mounts(entries.iter().map(|(mount, _)| mount.path.to_string()))
}
