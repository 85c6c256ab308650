//! `/` and everything that is nowhere.

use serde::Serialize;

use super::ask::{Ask, Outcome, json};
use crate::http::hall::MountEntry;
use crate::http::problem::Problem;

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

/// Any path that nobody answers.
pub(super) fn unknown_path(ask: &Ask<'_>) -> Problem {
    let entries = ask.hall.mounts_in(ask.sandbox);
    let mounts: Vec<String> = entries.iter().map(|entry| format!("{} ({})", entry.mount, entry.provider)).collect();
    let detail = format!("nothing is mounted at {}; the mounts are {}; / lists them", ask.path, mounts.join(", "));
    Problem::new(404, detail).mounts(entries.iter().map(|entry| entry.mount.to_owned()))
}
