//! The control API's own document, made from the rows of its verbs.

use serde_json::{Map, Value, json};

use super::ask::Ask;
use super::example::{self, Names};
use super::foreign::Foreign;
use super::openapi::OpenApi;
use super::parameter;
use super::schemas::{self, Content};
use super::shared::{self, MAKE, REFUSALS, SANDBOX, TOKEN};
use super::verb::{AnyVerb, NoBody, Row, Verb};
use crate::api::{PROBLEM_JSON, Problem};
use crate::app::AppState;
use crate::contract::Served;
use crate::world::call::Field;
use crate::world::cancel;

pub(super) static VERBS: [&dyn AnyVerb; 1] = [&SHOW_DOCUMENT];

static SHOW_DOCUMENT: Verb<NoBody, Foreign<OpenApi>> =
    Verb::get("/_mock/openapi.json", "show_control_document", show_document)
        .about(
            "The control API's OpenAPI document. Its server is at the base URL of the sandbox that the request named.",
        )
        .of_any_sandbox();

fn show_document(ask: &Ask<'_>, _: NoBody) -> Result<Foreign<OpenApi>, Problem> {
    let served = ask.app.control_document.get_or_init(|| cancel::apart(|| Served::of(&control_document(ask.app))));
    Ok(Foreign::new(served.below(ask.base)))
}

const ABOUT: &str = "Steers a running mock. Every request is addressed to a sandbox as a provider's is: by the base URL \
                     `/_sandbox/{name}`, by the header `X-Mock-Sandbox`, else by a member `mock.sandbox` of the \
                     header `baggage`, else to `default`. Where a body must have an object, a list is refused with 400.";

/// What each tag is about.
const TAGS: [(&str, &str); 6] = [
    ("server", "The server as a whole: how it is, what it serves, its documents and counters."),
    ("world", "What a sandbox is: data, ids, clock, settings, snapshots, credentials."),
    ("faults", "What shall go wrong in a sandbox, and how often a caller may call."),
    ("journal", "What was asked of a sandbox and answered, and whether that is as expected."),
    ("evidence", "What was exercised of what the documents promise."),
    ("sandboxes", "The worlds of the server, one for each test."),
];

/// The control API's OpenAPI document, with examples that a server of this state takes.
#[must_use]
pub fn control_document(app: &AppState) -> Value {
    let names = Names::of(app.default_sandbox());
    let mut paths = Map::new();
    for (tag, verbs) in &super::router::VERBS {
        for verb in *verbs {
            let item = paths.entry(verb.row().path).or_insert_with(|| json!({}));
            item[verb.row().method.to_ascii_lowercase()] = operation(tag, *verb, &names);
        }
    }
    let mut definitions = schemas::definitions();
    definitions.values_mut().for_each(|node| example::fill_all(node, &names));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "persona-mock control API",
            "description": ABOUT,
            "contact": {"name": "The persona-mock project"},
            "license": {"name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE")},
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{"url": "/", "description": "The server, or the sandbox that the request for this document named"}],
        "tags": TAGS.map(|(name, description)| json!({"name": name, "description": description})),
        "paths": paths,
        "components": {
            "schemas": definitions,
            "responses": shared::responses(&problem_schema()),
            "parameters": shared::parameters(),
            "securitySchemes": shared::security_schemes(),
        },
    })
}

/// The schema of a refusal.
fn problem_schema() -> Value {
    json!({"$ref": "#/components/schemas/Problem"})
}

fn operation(tag: &str, verb: &dyn AnyVerb, names: &Names<'_>) -> Value {
    let row = verb.row();
    let bodies = schemas::bodies(row.id);
    let summary = row.summary.split_once(". ").map_or(row.summary, |(first, _)| first).trim_end_matches('.');
    let mut operation = json!({"tags": [tag], "summary": summary, "description": row.summary, "operationId": row.id});
    let security = if row.is_open { json!([]) } else { json!([{}, {TOKEN: []}]) };
    operation["security"] = security;
    let filters = Field::all().iter().filter(|_| row.filters).map(parameter::filter);
    let own = row.parameters.iter().map(|own| parameter::shown(own, names));
    let sandbox = (!row.is_of_server).then(|| json!({"$ref": format!("#/components/parameters/{SANDBOX}")}));
    let make = row.scope.makes().then(|| json!({"$ref": format!("#/components/parameters/{MAKE}")}));
    let parameters: Vec<_> = filters.chain(own).chain(sandbox).chain(make).collect();
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = bodies.taken {
        let examples: Vec<_> = body.examples.iter().filter_map(|example| names.fill(example)).collect();
        let content = json!({"application/json": {"schema": body.schema, "examples": named(&examples)}});
        operation["requestBody"] = json!({"content": content, "required": body.required});
        if let Some(about) = body.about {
            operation["requestBody"]["description"] = about.into();
        }
    }
    operation["responses"] = responses(row, verb, bodies.answered).into();
    operation
}

/// Examples under names: what each says, where there are several.
fn named(examples: &[Value]) -> Map<String, Value> {
    let name = |number: usize, example: &Value| {
        let keys: Vec<_> = example.as_object().into_iter().flat_map(Map::keys).map(String::as_str).collect();
        let same = |other: &Value| other.as_object().is_some_and(|other| other.keys().eq(keys.iter()));
        match examples.iter().filter(|other| same(other)).count() {
            _ if examples.len() == 1 => "example".to_owned(),
            1 if !keys.is_empty() => keys.join("_"),
            _ => format!("example_{}", number + 1),
        }
    };
    let all = examples.iter().enumerate();
    all.map(|(number, example)| (name(number, example), json!({"value": example}))).collect()
}

/// What an operation may answer, by status.
fn responses(row: &Row, verb: &dyn AnyVerb, answered: Option<Content>) -> Map<String, Value> {
    let mut all = vec![(row.status, {
        let mut answer = json!({"description": said(row.status)});
        if let Some(content) = answered {
            answer["content"] = json!({content.media: {"schema": content.schema}});
        }
        answer
    })];
    for status in row.refusals.iter().copied().chain(row.scope.refusals().iter().copied()) {
        let mut answer = json!({"description": said(status)});
        if status >= 400 {
            answer["content"] = json!({PROBLEM_JSON: {"schema": problem_schema()}});
        }
        if status == 429 {
            answer["headers"] = json!({"Retry-After": {"description": "In seconds.", "schema": {"type": "integer"}}});
        }
        all.push((status, answer));
    }
    for refusal in REFUSALS.iter().filter(|refusal| !row.refusals.contains(&refusal.status) && refusal.is_of(verb)) {
        all.push((refusal.status, json!({"$ref": format!("#/components/responses/{}", refusal.name)})));
    }
    all.sort_by_key(|(status, _)| *status);
    all.into_iter().map(|(status, answer)| (status.to_string(), answer)).collect()
}

/// What an answer of this status is, in a word.
fn said(status: u16) -> &'static str {
    match status {
        200 => "Done; what is there now.",
        201 => "Made.",
        204 => "Done.",
        302 => "A browser is led elsewhere.",
        400 => "Something in the request is wrong; nothing was changed.",
        404 => "What the path, the query or the body names is not there, or the sandbox was lost.",
        409 => "What is there does not let it be.",
        412 => "What is there is another by now than `If-Match` names; `changes` tells how what was sent differs.",
        428 => "A row that its place names is changed only with `If-Match`, the ETag of its list.",
        503 => "There is no room for it now.",
        429 => "There are as many as the server allows; `Retry-After` says when to try again.",
        _ => "Not now.",
    }
}
