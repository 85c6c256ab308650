//! The control API: the mock's own pages under `/_mock`, and `/`, outside every provider's mount.
//!
//! Every request is addressed to a sandbox as a provider's is. Each resource is one file; the table
//! below is the index.

mod ask;
mod base_url;
pub(crate) mod clock;
pub(crate) mod diff;
mod document;
pub(crate) mod faults;
mod guard;
pub(crate) mod health;
pub(crate) mod journal;
pub(crate) mod limits;
pub(crate) mod metrics;
mod openapi;
pub(crate) mod reset;
mod root;
mod routes;
pub(crate) mod sandboxes;
mod schema;
pub(crate) mod settings;
pub(crate) mod snapshots;
pub(crate) mod state;
mod token;
mod verb;

use crate::api::Problem;
use crate::http::hall::Hall;
use crate::http::provider::{Refusal, Response};
use verb::AnyVerb;

pub(crate) use ask::Ask;
pub(crate) use base_url::Lost;
pub use document::{control_document, control_page};
pub use guard::Guard;
pub(crate) use guard::{admit, is_public, protect};
pub(crate) use journal::EventStream;
pub(crate) use root::nowhere;
pub use routes::route_list;
pub use token::{Token, TokenError};
pub(crate) use verb::{NoBody, NoContent, Output, Verb};

/// A group of verbs as the document tags it.
type Group = (&'static str, &'static [&'static dyn AnyVerb]);

/// Every verb; of two whose paths both fit, that with fewer names is meant.
static VERBS: [Group; 16] = [
    ("server", &[&root::SHOW_MOUNTS]),
    ("server", &health::VERBS),
    ("server", &routes::VERBS),
    ("server", &openapi::VERBS),
    ("server", &document::VERBS),
    ("world", &reset::VERBS),
    ("world", &state::VERBS),
    ("world", &diff::VERBS),
    ("world", &snapshots::VERBS),
    ("world", &clock::VERBS),
    ("world", &settings::VERBS),
    ("faults", &faults::VERBS),
    ("faults", &limits::VERBS),
    ("journal", &journal::VERBS),
    ("server", &metrics::VERBS),
    ("sandboxes", &sandboxes::VERBS),
];

fn verbs() -> impl Iterator<Item = &'static dyn AnyVerb> {
    VERBS.iter().flat_map(|(_, verbs)| *verbs).copied()
}

/// An answer of the control API.
pub(crate) enum Reply {
    /// All of it.
    Whole(Response),
    /// Its head, and a body that goes on.
    Events(Response, Box<EventStream>),
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
    let segments: Vec<_> = ask.path.split('/').collect();
    let Some((names, verbs)) = resource(&segments) else { return root::unknown_path(ask).response() };
    match with_method(&verbs, ask.method) {
        Some(verb) => verb.answer(&Ask { names: &names, ..*ask }).unwrap_or_else(|problem| problem.response()),
        None => {
            let spelled = |method: &'static str| if method == "GET" { "GET, HEAD" } else { method };
            let allow: Vec<_> = verbs.iter().map(|verb| spelled(verb.row().method)).collect();
            let allow = allow.join(", ");
            let detail = format!("{} takes {allow}, found {}", ask.path, ask.method);
            Problem::new(405, detail).response().header(http::header::ALLOW, allow)
        }
    }
}

type Verbs = Vec<&'static dyn AnyVerb>;

/// What the names in the path of a resource stand for, and the resource's verbs.
fn resource<'a>(segments: &[&'a str]) -> Option<(Vec<&'a str>, Verbs)> {
    let fitting = verbs().filter_map(|verb| Some((names(verb.row().path, segments)?, verb.row().path)));
    fitting
        .min_by_key(|(names, _)| names.len())
        .map(|(names, path)| (names, verbs().filter(|verb| verb.row().path == path).collect()))
}

fn with_method(verbs: &[&'static dyn AnyVerb], method: &str) -> Option<&'static dyn AnyVerb> {
    let sought = if method == "HEAD" { "GET" } else { method };
    verbs.iter().find(|verb| verb.row().method == sought).copied()
}

/// Whether the resource of a path has a method; nothing where there is no such resource.
fn takes(method: &str, path: &str) -> Option<bool> {
    let segments: Vec<_> = path.split('/').collect();
    resource(&segments).map(|(_, verbs)| with_method(&verbs, method).is_some())
}

/// The segments that the names of a verb's path stand for, if the path fits.
fn names<'a>(path: &str, segments: &[&'a str]) -> Option<Vec<&'a str>> {
    let parts: Vec<_> = path.split('/').collect();
    if parts.len() != segments.len() {
        return None;
    }
    let mut found = Vec::new();
    for (part, segment) in parts.into_iter().zip(segments) {
        match part {
            part if verb::is_name(part) && !segment.is_empty() => found.push(*segment),
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
