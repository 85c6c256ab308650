//! The control API's own document, made from the rows of its verbs, and the page of it.

use std::fmt::Write;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Map, Value, json};

use super::ask::Ask;
use super::openapi::OpenApi;
use super::schema;
use super::verb::{AnyVerb, Foreign, NoBody, Parameter, Place, Verb};
use crate::api::{PROBLEM_JSON, Problem};
use crate::world::call::Field;

pub(super) static VERBS: [&dyn AnyVerb; 1] = [&SHOW_DOCUMENT];

static SHOW_DOCUMENT: Verb<NoBody, Foreign<OpenApi>> =
    Verb::get("/_mock/openapi.json", "show_control_document", show_document)
        .about("The control API's OpenAPI document.");

fn show_document(_: &Ask<'_>, _: NoBody) -> Result<Foreign<OpenApi>, Problem> {
    Ok(Foreign::new(control_document().to_string()))
}

const ABOUT: &str = "Steers a running mock. Every request is addressed to a sandbox as a provider's is: by the base URL \
                     `/_sandbox/{name}`, by the header `X-Mock-Sandbox`, else to `default`. Where a body must have an \
                     object, a list is refused with 400.";

/// The control API's OpenAPI document.
#[must_use]
pub fn control_document() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let settings = settings.with_transform(RecursiveTransform(schema::plain));
    let mut schemas = settings.into_generator();
    let mut paths = Map::new();
    for (tag, verbs) in &super::router::VERBS {
        for verb in verbs.iter().filter(|verb| verb.row().path.starts_with("/_mock/")) {
            let item = paths.entry(verb.row().path).or_insert_with(|| json!({}));
            item[verb.row().method.to_ascii_lowercase()] = operation(tag, *verb, &mut schemas);
        }
    }
    schemas.subschema_for::<Problem>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "persona-mock control API",
            "description": ABOUT,
            "license": {"name": env!("CARGO_PKG_LICENSE"), "identifier": env!("CARGO_PKG_LICENSE")},
            "version": env!("CARGO_PKG_VERSION"),
        },
        "paths": paths,
        "components": {"schemas": schemas.take_definitions(true)},
    })
}

fn operation(tag: &str, verb: &dyn AnyVerb, schemas: &mut SchemaGenerator) -> Value {
    let row = verb.row();
    let mut operation = json!({"tags": [tag], "summary": row.summary, "operationId": row.id});
    let filters = Field::all().iter().filter(|_| row.filters).map(filter);
    let parameters: Vec<_> = filters.chain(row.parameters.iter().map(parameter)).collect();
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = verb.body(schemas) {
        let content = json!({"application/json": {"schema": body.schema}});
        operation["requestBody"] = json!({"content": content, "required": body.required});
        if let Some(about) = body.about {
            operation["requestBody"]["description"] = about.into();
        }
    }
    let mut answers = Map::new();
    let mut answer = json!({"description": said(row.status)});
    if let Some(content) = verb.content(schemas) {
        answer["content"] = json!({content.media: {"schema": content.schema}});
    }
    answers.insert(row.status.to_string(), answer);
    for status in row.refusals {
        let content = json!({PROBLEM_JSON: {"schema": schemas.subschema_for::<Problem>()}});
        answers.insert(status.to_string(), json!({"description": said(*status), "content": content}));
    }
    operation["responses"] = answers.into();
    operation
}

fn parameter(parameter: &Parameter) -> Value {
    let (place, required) = match parameter.place {
        Place::Path => ("path", true),
        Place::Query => ("query", false),
        Place::Header => ("header", false),
    };
    let Parameter { name, summary, kind, .. } = *parameter;
    json!({"name": name, "in": place, "description": summary, "required": required, "schema": {"type": kind}})
}

/// A field of a pattern as a parameter of a query.
fn filter(field: &Field) -> Value {
    let often = if field.is_repeatable { " (repeatable)" } else { "" };
    let about = format!("{}{often}", field.about);
    let kind = if field.alone.is_some() { "boolean" } else { "string" };
    json!({"name": field.name, "in": "query", "description": about, "required": false, "schema": {"type": kind}})
}

/// What an answer of this status is, in a word.
fn said(status: u16) -> &'static str {
    match status {
        200 => "Done; what is there now.",
        201 => "Made.",
        204 => "Done.",
        400 => "Something in the request is wrong; nothing was changed.",
        404 => "What the path names is not there.",
        409 => "What is there does not let it be.",
        _ => "Not now.",
    }
}

/// The first thing that a test does, as the page shows it; a test runs it against a clock that stands still.
const EXAMPLE: &str = r#"
```console
$ curl -s -X PUT http://127.0.0.1:8080/_sandbox/t1/_mock/clock -H 'Content-Type: application/json' -d '{"advance":"14d"}'
{"mode":"frozen","now":"2026-01-29T12:00:00Z"}
$ curl -s http://127.0.0.1:8080/_mock/clock
{"mode":"frozen","now":"2026-01-15T12:00:00Z"}
$ curl -s -X POST http://127.0.0.1:8080/_mock/reset -H 'X-Mock-Sandbox: t1'
{"sandbox":"t1","reset":"everything"}
```
"#;

/// Who may use it, as the page tells.
const ACCESS: &str = r#"
## Who may use it

Any program that reaches the server may steer it, and no page of another origin: those of `--control-origin` apart, a
request with a foreign `Origin` is refused with 403, and so is one that a browser marks as another site's
(`Sec-Fetch-Site: cross-site`), unless a person follows a link. Answers are not to be embedded elsewhere
(`Cross-Origin-Resource-Policy: same-origin`). `/_mock/openapi.json` and `/_mock/openapi/{provider}.json` may be read by
pages of any origin, as long as no token is set.

A page may have its own name pointed at this machine once it is loaded (DNS rebinding). So the `Host` of a request must
be a name that no stranger can own: an address, `localhost`, `*.localhost`, a name of one label such as `persona-mock`,
`host.docker.internal`, `*.svc` or `*.svc.cluster.local`, or one that the operator gave by `--control-host`, `--host`,
`--public-url` or `--control-origin`. Port, letter case and a dot at the end do not count, and no forwarded name does.
A request with the control token may state any. `/_mock/health` and `/_mock/ready` answer to all names.

With `--control-token TOKEN`, or `--control-token-file FILE`, every path but `/`, `/_mock/health` and `/_mock/ready`
wants `Authorization: Bearer TOKEN`.

```console
$ curl -s http://127.0.0.1:8080/_mock/state -H 'Host: mock.example.com'
{"type":"about:blank","title":"Forbidden","status":403,"detail":"the control API does not answer to the name mock.example.com, which a stranger's page may have had pointed here; if it is this server's own, start the server with `--control-host mock.example.com`"}
```
"#;

/// The page `docs/control.md`, made from the document.
#[must_use]
pub fn control_page() -> String {
    let document = control_document();
    let text = |node: &Value| node.as_str().unwrap_or_default().to_owned();
    let mut page = format!("# The control API\n\n{}\n", text(&document["info"]["description"]));
    page.push_str("\nThis page is made from the document that the server serves at `/_mock/openapi.json`.\n");
    page.push_str(EXAMPLE);
    page.push_str(ACCESS);
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let _ = write!(page, "\n## `{} {path}`\n\n{}\n", method.to_uppercase(), text(&operation["summary"]));
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let place = text(&parameter["in"]);
                let _ =
                    write!(page, "\n- `{}` ({place}): {}", text(&parameter["name"]), text(&parameter["description"]));
            }
            if operation["parameters"].is_array() {
                page.push('\n');
            }
            if let Some(body) = body(&document, operation) {
                let _ = write!(page, "\nBody{body}");
            }
            let answers = operation["responses"].as_object().into_iter().flatten();
            let answers: Vec<_> = answers.map(|(status, answer)| format!("{status}{}", shape(answer))).collect();
            let _ = write!(page, "\nAnswers: {}.\n", answers.join(", "));
        }
    }
    page.push_str("\n# Shapes\n");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        if let Some(fields) = fields(schema) {
            let _ = write!(page, "\n## {name}\n\n{}\n\n{fields}", text(&schema["description"]));
        }
    }
    page
}

fn shape(answer: &Value) -> String {
    let content = answer["content"].as_object().into_iter().flatten().next();
    let name = content.and_then(|(_, media)| media["schema"]["$ref"].as_str()).and_then(|name| name.rsplit('/').next());
    name.map_or_else(String::new, |name| format!(" ({name})"))
}

/// An example of an operation's body, where there is one, and its fields.
fn body(document: &Value, operation: &Value) -> Option<String> {
    let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
    let Some(reference) = schema["$ref"].as_str() else {
        return Some(format!(":\n\n- {}\n", operation["requestBody"]["description"].as_str()?));
    };
    let schema = document.pointer(reference.strip_prefix('#')?)?;
    let fields = fields(schema).or_else(|| Some(format!("- {}\n", schema["description"].as_str()?)))?;
    Some(format!(", such as `{}`:\n\n{fields}", schema["examples"][0]))
}

fn fields(schema: &Value) -> Option<String> {
    let mut list = String::new();
    let variants = schema["oneOf"].as_array().or(schema["allOf"].as_array());
    let parts: Vec<&Value> = variants.map_or_else(|| vec![schema], |variants| variants.iter().collect());
    for part in parts {
        for (name, field) in part["properties"].as_object().into_iter().flatten() {
            let about = field["description"].as_str().or(part["description"].as_str()).unwrap_or_default();
            let _ = writeln!(list, "- `{name}`: {}", about.replace('\n', " "));
        }
        let values = part["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
        for (number, value) in values.enumerate() {
            let own = part["x-enum-descriptions"][number].as_str();
            let about = own.or(variants.and(part["description"].as_str())).unwrap_or_default();
            let _ = writeln!(list, "- `\"{value}\"`: {}", about.replace('\n', " "));
        }
    }
    (!list.is_empty()).then_some(list)
}
