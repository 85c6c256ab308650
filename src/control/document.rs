//! The control API's own document, made from its types, and the page of it.

use std::fmt::Write;

use serde_json::Value;
use utoipa::OpenApi;

use super::ask::{Ask, Outcome, json};
use super::{
    clock, diff, faults, health, journal, limits, metrics, openapi, reset, routes, sandboxes, seed, settings,
    snapshots, state,
};
use crate::http::problem::Problem;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "persona-mock control API",
        description = "Steers a running mock. Every request is addressed to a sandbox as a provider's is: by the base \
                       URL `/_sandbox/{name}`, by the header `X-Mock-Sandbox`, else to `default`. Where a body must have \
                       an object, a list is refused with 400."
    ),
    paths(
        health::show_health,
        health::show_ready,
        routes::list_routes,
        openapi::show_document,
        show_document,
        reset::reset,
        state::show_all,
        state::replace_all,
        state::show_one,
        state::replace_one,
        diff::show_diff,
        snapshots::list_snapshots,
        snapshots::show_snapshot,
        snapshots::save_snapshot,
        snapshots::delete_snapshot,
        snapshots::restore_snapshot,
        clock::show_clock,
        clock::change_clock,
        seed::show_seed,
        seed::change_seed,
        settings::show_settings,
        settings::change_settings,
        faults::list_faults,
        faults::replace_faults,
        faults::add_fault,
        faults::clear_faults,
        faults::delete_fault,
        limits::show_limits,
        limits::change_limits,
        journal::list::list_requests,
        journal::list::show_request,
        journal::har::show_har,
        journal::events::show_events,
        journal::verify::verify,
        metrics::show_metrics,
        sandboxes::list_sandboxes,
        sandboxes::show_sandbox,
        sandboxes::make_sandbox,
        sandboxes::delete_sandbox,
    ),
    components(schemas(Problem))
)]
struct Control;

/// The control API's OpenAPI document.
#[must_use]
pub fn control_document() -> Value {
    serde_json::to_value(Control::openapi()).unwrap_or_default()
}

/// The control API's OpenAPI document.
#[utoipa::path(get, path = "/_mock/openapi.json", tag = "server", responses((status = 200, body = Object)))]
pub(super) fn show_document(_: &Ask<'_>, _: &[&str]) -> Outcome {
    Ok(json(200, &control_document()))
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
            // What may be absent is described within: `null`, or that.
            let within = field["oneOf"].as_array().into_iter().flatten().find_map(|one| one["description"].as_str());
            let about = field["description"].as_str().or(within).or(part["description"].as_str()).unwrap_or_default();
            let _ = writeln!(list, "- `{name}`: {}", about.replace('\n', " "));
        }
        let values: Vec<_> = part["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !values.is_empty() {
            let about = variants.and(part["description"].as_str()).unwrap_or("one of these texts");
            let _ = writeln!(list, "- `\"{}\"`: {}", values.join("\"`, `\""), about.replace('\n', " "));
        }
    }
    (!list.is_empty()).then_some(list)
}
