//! `/` and everything that is nowhere.

use serde::Serialize;

use crate::http::hall::{Hall, MountEntry};
use crate::http::problem::Problem;
use crate::http::provider::Response;
use crate::world::sandbox::Sandbox;

#[derive(Serialize)]
struct Root {
    name: &'static str,
    version: &'static str,
    mounts: Vec<MountEntry>,
    control: [&'static str; 3],
}

/// `GET /`: what is mounted where.
pub(super) fn show_mounts(hall: &Hall, sandbox: &Sandbox) -> Response {
    let root = Root {
        name: "persona-mock",
        version: env!("CARGO_PKG_VERSION"),
        mounts: hall.mounts_in(sandbox),
        control: ["/_mock/health", "/_mock/routes", "/_mock/openapi/{provider}.json"],
    };
    Response::new(200).json("application/json", &root)
}

/// Any path that nobody answers.
pub(super) fn unknown_path(hall: &Hall, sandbox: &Sandbox, path: &str) -> Response {
    let entries = hall.mounts_in(sandbox);
    let mounts: Vec<String> = entries.iter().map(|entry| format!("{} ({})", entry.mount, entry.provider)).collect();
    let detail = format!("nothing is mounted at {path}; the mounts are {}; / lists them", mounts.join(", "));
    let mut problem = Problem::new(404, detail);
    problem.mounts = entries.iter().map(|entry| entry.mount.to_owned()).collect();
    problem.response()
}
