//! The control API: the mock's own pages under `/_mock`, and `/`, outside every provider's mount.
//!
//! Every request is addressed to a sandbox as a provider's is. Each resource is one file; the table
//! below is the index.

mod ask;
mod base_url;
mod clock;
mod diff;
mod document;
mod faults;
mod guard;
mod health;
mod journal;
mod limits;
mod metrics;
mod openapi;
mod reset;
mod root;
mod routes;
mod sandboxes;
mod seed;
mod settings;
mod snapshots;
mod state;
mod token;

use crate::http::hall::Hall;
use crate::http::problem::Problem;
use crate::http::provider::{Refusal, Response};

pub(crate) use ask::Ask;
use ask::Outcome;
pub(crate) use base_url::Lost;
pub use document::{control_document, control_page};
pub use guard::Guard;
pub(crate) use guard::{admit, is_public, protect};
pub(crate) use journal::EventStream;
pub(crate) use root::nowhere;
pub use routes::{RouteEntry, route_list};
pub use token::{Token, TokenError};

type Handler = fn(&Ask<'_>, &[&str]) -> Outcome;

type Methods = &'static [(&'static str, Handler)];

/// A path, `*` standing for one segment, and its methods.
type Resource = (&'static str, Methods);

static RESOURCES: &[Resource] = &[
    ("/", &[("GET", root::show_mounts)]),
    ("/_mock/health", &[("GET", health::show_health)]),
    ("/_mock/ready", &[("GET", health::show_ready)]),
    ("/_mock/routes", &[("GET", routes::list_routes)]),
    ("/_mock/openapi.json", &[("GET", document::show_document)]),
    ("/_mock/openapi/*", &[("GET", openapi::show_document)]),
    ("/_mock/reset", &[("POST", reset::reset)]),
    ("/_mock/state", &[("GET", state::show_all), ("PUT", state::replace_all)]),
    ("/_mock/state/diff", &[("GET", diff::show_diff)]),
    ("/_mock/state/*", &[("GET", state::show_one), ("PUT", state::replace_one)]),
    ("/_mock/snapshots", &[("GET", snapshots::list_snapshots)]),
    (
        "/_mock/snapshots/*",
        &[("GET", snapshots::show_snapshot), ("PUT", snapshots::save_snapshot), ("DELETE", snapshots::delete_snapshot)],
    ),
    ("/_mock/snapshots/*/restore", &[("POST", snapshots::restore_snapshot)]),
    ("/_mock/clock", &[("GET", clock::show_clock), ("PUT", clock::change_clock)]),
    ("/_mock/seed", &[("GET", seed::show_seed), ("PUT", seed::change_seed)]),
    ("/_mock/settings", &[("GET", settings::show_settings), ("PUT", settings::change_settings)]),
    (
        "/_mock/faults",
        &[
            ("GET", faults::list_faults),
            ("PUT", faults::replace_faults),
            ("POST", faults::add_fault),
            ("DELETE", faults::clear_faults),
        ],
    ),
    ("/_mock/faults/*", &[("DELETE", faults::delete_fault)]),
    ("/_mock/limits", &[("GET", limits::show_limits), ("PUT", limits::change_limits)]),
    ("/_mock/requests", &[("GET", journal::list::list_requests)]),
    ("/_mock/requests.har", &[("GET", journal::har::show_har)]),
    ("/_mock/requests/*", &[("GET", journal::list::show_request)]),
    ("/_mock/events", &[("GET", journal::events::show_events)]),
    ("/_mock/verify", &[("POST", journal::verify::verify)]),
    ("/_mock/metrics", &[("GET", metrics::show_metrics)]),
    ("/_mock/sandboxes", &[("GET", sandboxes::list_sandboxes)]),
    (
        "/_mock/sandboxes/*",
        &[("GET", sandboxes::show_sandbox), ("PUT", sandboxes::make_sandbox), ("DELETE", sandboxes::delete_sandbox)],
    ),
];

/// An answer of the control API.
pub(crate) enum Reply {
    /// All of it.
    Whole(Response),
    /// Its head, and a body that goes on.
    Events(Response, EventStream),
}

impl From<Response> for Reply {
    fn from(response: Response) -> Self {
        Self::Whole(response)
    }
}

/// Whether a path that no mount takes is none of the control API's either.
pub(crate) fn is_nowhere(path: &str) -> bool {
    path != "/" && path != "/_mock" && !path.starts_with("/_mock/")
}

/// Answers a request that no provider's mount takes.
pub(crate) fn answer(ask: &Ask<'_>) -> Reply {
    match journal::events::follow(ask) {
        Some(Ok((head, events))) => Reply::Events(head, events),
        Some(Err(problem)) => problem.response().into(),
        None => whole(ask).into(),
    }
}

/// The answer, outside every mount, to a body that was not read to its end.
pub(crate) fn unread(refusal: &Refusal) -> Response {
    let problem = match refusal {
        Refusal::TooLarge { limit } => Problem::new(413, format!("the body is larger than {limit} bytes")),
        Refusal::Timeout => Problem::new(408, "the body did not arrive in time"),
        _ => Problem::new(400, "the body could not be read to its end"),
    };
    problem.response()
}

fn whole(ask: &Ask<'_>) -> Response {
    let Some((parameters, methods)) = resource(ask.path) else { return root::unknown_path(ask).response() };
    match handler(methods, ask.method) {
        Some(handler) => handler(ask, &parameters).unwrap_or_else(|problem| problem.response()),
        None => {
            let spelled = |method: &'static str| if method == "GET" { "GET, HEAD" } else { method };
            let allow: Vec<_> = methods.iter().map(|(method, _)| spelled(method)).collect();
            let allow = allow.join(", ");
            let detail = format!("{} takes {allow}, found {}", ask.path, ask.method);
            Problem::new(405, detail).response().header(actix_web::http::header::ALLOW, allow)
        }
    }
}

/// The resource of a path: what the stars of its pattern stand for, and its methods.
fn resource(path: &str) -> Option<(Vec<&str>, Methods)> {
    let segments: Vec<_> = path.split('/').collect();
    RESOURCES.iter().find_map(|(pattern, methods)| Some((parameters(pattern, &segments)?, *methods)))
}

fn handler(methods: Methods, method: &str) -> Option<Handler> {
    let sought = if method == "HEAD" { "GET" } else { method };
    methods.iter().find(|(method, _)| *method == sought).map(|(_, handler)| *handler)
}

/// Whether the resource of a path has a method; nothing where there is no such resource.
fn takes(method: &str, path: &str) -> Option<bool> {
    resource(path).map(|(_, methods)| handler(methods, method).is_some())
}

/// The segments that the stars of a pattern stand for, if the pattern fits.
fn parameters<'a>(pattern: &str, segments: &[&'a str]) -> Option<Vec<&'a str>> {
    let parts: Vec<_> = pattern.split('/').collect();
    if parts.len() != segments.len() {
        return None;
    }
    let mut found = Vec::new();
    for (part, segment) in parts.into_iter().zip(segments) {
        match part {
            "*" if !segment.is_empty() => found.push(*segment),
            part if part == *segment => {}
            _ => return None,
        }
    }
    Some(found)
}

/// The largest body that the control API takes: a whole world's state.
pub(crate) const MAX_BODY: usize = 64 << 20;

/// The hall of an ask, for the few that need more than its sandbox.
fn provider_ids(hall: &Hall) -> impl Iterator<Item = &'static str> {
    hall.passports().map(|passport| passport.id)
}
