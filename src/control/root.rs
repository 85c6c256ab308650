//! `/` and everything that is nowhere.

use super::ask::Ask;
use super::base_url::Lost;
use super::verb::{NoBody, Verb};
use crate::api::{MountEntry, Mounts, Problem};
use crate::contract::nearest;
use crate::http::hall::{Hall, Mounted};
use crate::http::provider::Response;
use crate::world::sandbox::Sandbox;

/// It stands outside `/_mock`, and so in no document.
pub(super) static SHOW_MOUNTS: Verb<NoBody, Mounts> =
    Verb::get("/", "show_mounts", show_mounts).about("What is mounted where.");

fn show_mounts(ask: &Ask<'_>, _: NoBody) -> Result<Mounts, Problem> {
    Ok(Mounts {
        name: "persona-mock".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mounts: ask.hall.mounts_in(ask.sandbox).into_iter().map(entry).collect(),
        control: "/_mock/openapi.json".to_owned(),
    })
}

fn entry((mount, passport): Mounted) -> MountEntry {
    let (mount, provider, title) = (mount.path.to_owned(), passport.id.to_owned(), passport.title.to_owned());
    MountEntry { mount, provider, title }
}

/// A path of the control API that is none of its resources.
pub(super) fn unknown_path(ask: &Ask<'_>) -> Problem {
    let behind = |path: &'static str| path.strip_prefix("/_mock/").filter(|name| !name.contains('{'));
    let names = super::verbs().filter_map(|verb| behind(verb.row().path));
    let near = ask.path.strip_prefix("/_mock/").and_then(|name| nearest::name(name, names));
    let meant = near.map_or_else(String::new, |name| format!("did you mean /_mock/{name}; "));
    let detail = format!("the control API has no {}; {meant}/_mock/openapi.json lists what it has", ask.path);
    let mounts = ask.hall.mounts_in(ask.sandbox);
    Problem::new(404, detail).mounts(mounts.iter().map(|(mount, _)| mount.path.to_owned()))
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
    let mounts: Vec<String> =
        entries.iter().map(|(mount, passport)| format!("{} ({})", mount.path, passport.id)).collect();
    let detail = format!("{what}; the mounts are {}; / lists them", mounts.join(", "));
    Problem::new(404, detail).mounts(entries.iter().map(|(mount, _)| mount.path.to_owned()))
}
