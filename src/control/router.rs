//! The router of the control API: the table of its verbs, and which of them a request means.

use std::borrow::Cow;

use super::ask::Ask;
use super::example::Names;
use super::parameter::{ALL_SANDBOXES, Parameter, is_name};
use super::scope::Scope;
use super::verb::{AnyVerb, Row};
use super::{
    clock, coverage, credentials, diff, document, faults, health, history, journal, limits, metrics, misread, openapi,
    passed_over, provider_states, reports, reset, root, routes, rows, sandboxes, settings, snapshots, state,
};
use crate::api::{EVERYWHERE, Problem};
use crate::contract::suggestion;
use crate::provider::Response;
use crate::provider::path::{decoded, split_prefix};
use crate::world::history::by_verb;

/// A group of verbs as the document tags it.
type Group = (&'static str, &'static [&'static dyn AnyVerb]);

/// Every verb; of two whose paths both fit, that with fewer names is meant.
pub(super) static VERBS: [Group; 22] = [
    ("server", &[&root::SHOW_MOUNTS]),
    ("server", &health::VERBS),
    ("server", &routes::VERBS),
    ("server", &openapi::VERBS),
    ("server", &document::VERBS),
    ("world", &reset::VERBS),
    ("world", &state::VERBS),
    ("world", &rows::VERBS),
    ("world", &diff::VERBS),
    ("world", &snapshots::VERBS),
    ("world", &history::VERBS),
    ("world", &provider_states::VERBS),
    ("world", &clock::VERBS),
    ("world", &settings::VERBS),
    ("world", &credentials::VERBS),
    ("faults", &faults::VERBS),
    ("faults", &limits::VERBS),
    ("journal", &journal::VERBS),
    ("evidence", &coverage::VERBS),
    ("evidence", &reports::VERBS),
    ("server", &metrics::VERBS),
    ("sandboxes", &sandboxes::VERBS),
];

fn verbs() -> impl Iterator<Item = &'static dyn AnyVerb> {
    VERBS.iter().flat_map(|(_, verbs)| *verbs).copied()
}

/// Whether a path that no mount takes is none of the control API's either.
pub(crate) fn is_nowhere(path: &str) -> bool {
    path != "/" && path != "/_mock" && !path.starts_with("/_mock/")
}

/// The problem of a request that says what its verb would pass over. It makes no sandbox.
pub(super) fn refused(ask: &Ask<'_>) -> Option<Problem> {
    let (_, verbs) = resource_of(ask)?;
    passed_over::look(with_method(&verbs, ask.method)?, ask).err()
}

/// Answers a request of the control API that is answered at once.
pub(super) fn answer(ask: &Ask<'_>) -> Response {
    let Some((names, verbs)) = resource_of(ask) else { return unknown_path(ask).response() };
    let names: Vec<_> = names.iter().map(|name| &**name).collect();
    match with_method(&verbs, ask.method) {
        Some(verb) => {
            let unread = match passed_over::look(verb, ask) {
                Ok(unread) => unread,
                Err(problem) => return problem.response(),
            };
            match by_verb(verb.row().id, || verb.answer(&Ask { names: &names, ..*ask })) {
                Ok(response) => {
                    if verb.row().scope == Scope::Change {
                        ask.sandbox.note_written();
                    }
                    match unread {
                        Some(unread) => response.hint(unread),
                        None => response,
                    }
                }
                Err(problem) => problem.response(),
            }
        }
        None => {
            let spelled = |method: &'static str| if method == "GET" { "GET, HEAD" } else { method };
            let allow: Vec<_> = verbs.iter().map(|verb| spelled(verb.row().method)).collect();
            let allow = allow.join(", ");
            let meant = nearest_method(&verbs, ask);
            let detail = format!("{} takes {allow}, found {}; {meant}", ask.path, ask.method);
            Problem::new(405, detail).response().header(http::header::ALLOW, allow)
        }
    }
}

/// Whether a request is answered in no time: by a verb that is light for it, or by a refusal.
pub(super) fn is_light(ask: &Ask<'_>) -> bool {
    let verb = resource_of(ask).and_then(|(_, verbs)| with_method(&verbs, ask.method));
    verb.is_none_or(|verb| {
        let body = if verb.reads_body() { ask.body.len() } else { 0 };
        verb.row().light.is_some_and(|light| light.takes(body, ask.sandbox))
    })
}

type Verbs = Vec<&'static dyn AnyVerb>;

/// What the names in the path of a resource stand for, and the resource's verbs. A slash that was sent encoded belongs to a
/// name, where that makes a resource; else it parts segments as any other does. `path` is decoded, `raw_path` is as it was
/// sent, both without a sandbox's prefix.
fn resource<'a>(path: &'a str, raw_path: &'a str) -> Option<(Vec<Cow<'a, str>>, Verbs)> {
    // An id may have slashes of its own, encoded or not.
    let of_row: Vec<_> = path.splitn(rows::SEGMENTS, '/').map(Cow::Borrowed).collect();
    let fitting = |segments: Vec<Cow<'a, str>>| {
        let of = |verb: &Row| if verb.path == rows::ONE { &of_row } else { &segments };
        let fitting = verbs().map(AnyVerb::row).filter(|verb| fits(verb.path, of(verb)));
        let found = fitting.min_by_key(|verb| verb.path.split('/').filter(|part| is_name(part)).count())?;
        Some((names(found.path, of(found)), found.path))
    };
    let found = fitting(raw_path.split('/').map(decoded).collect());
    let found = found.or_else(|| fitting(path.split('/').map(Cow::Borrowed).collect()));
    found.map(|(names, path)| (names, verbs().filter(|verb| verb.row().path == path).collect()))
}

/// The same of a request.
fn resource_of<'a>(ask: &Ask<'a>) -> Option<(Vec<Cow<'a, str>>, Verbs)> {
    resource(ask.path, split_prefix(ask.sent_path).1)
}

fn with_method(verbs: &[&'static dyn AnyVerb], method: &str) -> Option<&'static dyn AnyVerb> {
    let sought = if method == "HEAD" { "GET" } else { method };
    verbs.iter().find(|verb| verb.row().method == sought).copied()
}

/// What to send in place of a method that a resource has not: with a body where one was sent, or none can be read.
fn nearest_method(verbs: &[&'static dyn AnyVerb], ask: &Ask<'_>) -> String {
    let reads = |verb: &&&dyn AnyVerb| verb.row().method == "GET";
    let writes = matches!(ask.method, "POST" | "PUT" | "PATCH");
    let example = |verb: &&&'static dyn AnyVerb| misread::example(verb.row().id).is_some();
    let taking_body = verbs.iter().find(example).filter(|_| writes);
    let Some(verb) = taking_body.or_else(|| verbs.iter().find(reads)).or(verbs.first()) else { return String::new() };
    match misread::example(verb.row().id).and_then(|example| Names::of(ask.sandbox).fill(&example)) {
        Some(body) => format!("send {} {} with a body such as {body}", verb.row().method, ask.path),
        None => format!("send {} {}", verb.row().method, ask.path),
    }
}

/// What a request has to do with the sandbox that it is addressed to.
pub(super) fn scope(ask: &Ask<'_>) -> Scope {
    let verb = resource_of(ask).and_then(|(_, verbs)| with_method(&verbs, ask.method));
    let is_of_all = |verb: &&dyn AnyVerb| {
        let reads = |parameter: &Parameter| parameter.name == ALL_SANDBOXES.name;
        verb.row().parameters.iter().any(reads)
            && ask.parameter(ALL_SANDBOXES.name).is_some_and(|sandbox| sandbox == EVERYWHERE)
    };
    // Who looks at all sandboxes is not told that the one of his address is gone.
    verb.filter(|verb| !is_of_all(verb)).map_or(Scope::Server, |verb| verb.row().scope)
}

/// Whether the resource of a path has a method; nothing where there is no such resource.
pub(super) fn takes(method: &str, path: &str, raw_path: &str) -> Option<bool> {
    resource(path, raw_path).map(|(_, verbs)| with_method(&verbs, method).is_some())
}

/// Whether segments fit a verb's path.
fn fits(path: &str, segments: &[Cow<'_, str>]) -> bool {
    let mut parts = path.split('/');
    let fits = |segment: &Cow<'_, str>| parts.next().is_some_and(|part| fits_part(part, segment));
    segments.iter().all(fits) && parts.next().is_none()
}

fn fits_part(part: &str, segment: &str) -> bool {
    part == segment || is_name(part) && !segment.is_empty()
}

/// The segments that the names of a verb's path stand for, which fit it.
fn names<'a>(path: &str, segments: &[Cow<'a, str>]) -> Vec<Cow<'a, str>> {
    let parts = path.split('/').zip(segments);
    parts.filter(|(part, _)| is_name(part)).map(|(_, segment)| segment.clone()).collect()
}

/// A path of the control API that is none of its resources.
fn unknown_path(ask: &Ask<'_>) -> Problem {
    let behind = |path: &'static str| path.strip_prefix("/_mock/").filter(|name| !name.contains('{'));
    let names = verbs().filter_map(|verb| behind(verb.row().path));
    let near = || ask.path.strip_prefix("/_mock/").and_then(|name| suggestion::name(name, names));
    let near = suggestion::path(ask.path, verbs().map(|verb| verb.row().path))
        .map(str::to_owned)
        .or_else(|| near().map(|name| format!("/_mock/{name}")));
    let meant = near.map_or_else(String::new, |path| format!("did you mean {path}; "));
    let detail = format!("the control API has no {}; {meant}/_mock/openapi.json lists what it has", ask.path);
    Problem::new(404, detail).mounts(ask.sandbox.mounts().map(|(mount, _)| mount.path.to_string()))
}
