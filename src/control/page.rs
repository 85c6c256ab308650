//! The page of the control API, `docs/control.md`, made from its document.

use std::fmt::Write;

use serde_json::Value;

use super::document::control_document;
use crate::app::AppState;

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
pages of any origin, as long as no token is set. The server's own origin is that of its `Host`, and with `--trust-proxy`
the one that a proxy states, if its name is one as below: so [the page](page.md) may steer behind TLS, too.

A page may have its own name pointed at this machine once it is loaded (DNS rebinding). So the `Host` of a request must
be a name that no stranger can own: an address, `localhost`, `*.localhost`, a name of one label such as `persona-mock`,
`host.docker.internal`, `*.svc` or `*.svc.cluster.local`, or one that the operator gave by `--control-host`, `--host`,
`--public-url` or `--control-origin`. Port, letter case and a dot at the end do not count, and no forwarded name does.
A request with the control token may state any. `/_mock/health` and `/_mock/ready` answer to all names.

With `--control-token TOKEN`, or `--control-token-file FILE`, every path but `/`, `/_mock/health`, `/_mock/ready`
and the files of [the page](page.md), which hold no data, wants `Authorization: Bearer TOKEN`.

```console
$ curl -s http://127.0.0.1:8080/_mock/state -H 'Host: mock.example.com'
{"type":"about:blank","title":"Forbidden","status":403,"detail":"the control API does not answer to the name mock.example.com, which a stranger's page may have had pointed here; if it is this server's own, start the server with `--control-host mock.example.com`"}
```
"#;

/// How much one request may ask for, as the page tells.
const BOUNDS: &str = r#"
## How much one request may ask for

Journals, exports, differences, `verify` and large bodies are worked on beside the requests to providers, which never wait
for them: a few at a time. The others wait, and sandboxes take turns; one alone never has all threads. What finds no room to
wait, or waits too long, is 503 with `Retry-After`, and nothing was done for it. Health, clock, seed, settings, limits, reset,
faults of a few rules and the names of snapshots and sandboxes are answered at once, whatever else is asked.

| what | at most | beyond it |
|---|---|---|
| work for one request | `--control-timeout` (10s) | 503 |
| waiting for a turn | `--control-timeout` (10s) | 503, `Retry-After` |
| requests that wait for a turn | 64 of one sandbox with 64 MiB of bodies, twice that of all | 503, `Retry-After` |
| work for a client that has closed its side | 2 seconds | it ends |
| body of a request | `--max-control-body` (64 MiB) | 413 |
| body of an answer | `--max-control-answer` (128 MiB) | 413 |
| a page of `/_mock/requests` | `limit`, and 16 MiB of exchanges | it ends, and `next` says where the next one begins |
| calls of one `verify` | 1,000 | 400 |
| a pattern of a call or a fault | 64 KiB of JSON | 400 |
| failures of one `verify` that are explained | 50 | the others are counted |
"#;

/// What comes before the statuses that every operation has.
const ANY_ANSWER: &str = r#"
## What any request may be answered

A path that is none is answered with 404, and a method that a path has not with 405 and `Allow`; each refusal is a
`Problem`. What an operation would pass over is refused with 400, before anything is done: a parameter that it does not read, or
one that is said twice and is no list; `sandbox` where it takes none, since base URL or header name the sandbox; and a body
where it takes none. A body of white space, `{}` or `null` is none. A parameter that keeps answers out of caches, say,
is passed over by a `GET` that reads none, and told in `X-Mock-Hint`. Beside what an operation lists below, it may answer:

"#;

/// When a sandbox is made and when it goes, as the page tells.
const SANDBOXES: &str = r#"
## When a sandbox is made, and when it goes

A request to a provider makes the sandbox that it names, one that is answered 401 or 404 as well, so that its journal is
there; so does a request here that changes something, and `POST /_mock/reset`. `X-Mock-Sandbox-Created: new` says so. These
make none:

- A `GET`, a `HEAD` or `verify` here. Of a name that was never used they see what a new sandbox would be. A stream of
  events sees what happens in a sandbox of that name that is made while it is open.
- A request here that is refused: by its `Origin`, its `Host` or its token, or for what its verb would pass over.
- A change here that says `X-Mock-Sandbox-Make: no`. Where the sandbox that it is addressed to is not there, it is answered
  404, so that a change that was meant for one that is gone makes no other.
- What a page of another site has a browser load (`Sec-Fetch-Mode: no-cors` with `Sec-Fetch-Site: cross-site`). A provider
  answers it, in a sandbox that nobody meets again where there is none of that name.

A sandbox goes when nobody used it for `--sandbox-ttl` (1h) or its own `ttl`. There are at most `--max-sandboxes` (10000).
Where there is no room for another, the one that was unused longest of those that were never written goes; one that
nobody wrote takes the place of none that somebody wrote. A sandbox is written once its data, settings, faults, limits,
snapshots, clock or seed were changed, or it was made by `PUT /_mock/sandboxes/{name}`. If all are written, `--when-full
evict` (the default) takes away the one that was unused longest, if that is a minute or more; `--when-full refuse` takes
none. A newcomer without room is answered 503 in its vendor's form, with `Retry-After` and the reason in `X-Mock-Error`.
So it is where all sandboxes together hold as much as `--max-state` allows, with those that hold bytes of state.
One that only reads, where all are written and one of them could go, is answered and not kept:
`X-Mock-Sandbox-Created: unkept`.

A request under way is use, from its head until its answer is written, a stream of events too: its sandbox stays, and is
idle from then on.

The loss of a sandbox is told. A `GET`, a `HEAD` or `verify` of it is 404 `expired` or `evicted`; of 10,000 names that is
remembered. A request that makes it anew, and those that follow until something is written to it, are answered with
`X-Mock-Sandbox-Created: expired` or `evicted`.
"#;

/// The page, with examples that a server of this state takes.
#[must_use]
pub fn control_page(app: &AppState) -> String {
    let document = control_document(app);
    let text = |node: &Value| node.as_str().unwrap_or_default().to_owned();
    let mut page = format!("# The control API\n\n{}\n", text(&document["info"]["description"]));
    page.push_str("\nThis page is made from the document that the server serves at `/_mock/openapi.json`.\n");
    page.push_str(EXAMPLE);
    page.push_str(ACCESS);
    page.push_str(BOUNDS);
    page.push_str(SANDBOXES);
    page.push_str(ANY_ANSWER);
    for (status, response) in shared(&document) {
        let _ = writeln!(page, "- {status}: {}", text(&response["description"]));
    }
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let _ = write!(page, "\n## `{} {path}`\n\n{}\n", method.to_uppercase(), text(&operation["description"]));
            let parameters: Vec<_> = own(&operation["parameters"]).collect();
            for parameter in &parameters {
                let place = text(&parameter["in"]);
                let _ =
                    write!(page, "\n- `{}` ({place}): {}", text(&parameter["name"]), text(&parameter["description"]));
            }
            if !parameters.is_empty() {
                page.push('\n');
            }
            if let Some(body) = body(&document, operation) {
                let _ = write!(page, "\nBody{body}");
            }
            let answers = operation["responses"].as_object().into_iter().flatten();
            let answers = answers.filter(|(_, answer)| answer.get("$ref").is_none());
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

/// The answers that any request may get, by status.
fn shared(document: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let all = document["components"]["responses"].as_object().into_iter().flatten();
    all.filter_map(|(_, response)| Some((response["x-status"].as_str()?, response)))
}

/// The parameters that are an operation's own.
fn own(parameters: &Value) -> impl Iterator<Item = &Value> {
    parameters.as_array().into_iter().flatten().filter(|parameter| parameter.get("$ref").is_none())
}

fn shape(answer: &Value) -> String {
    let content = answer["content"].as_object().into_iter().flatten().next();
    let name = content.and_then(|(_, media)| media["schema"]["$ref"].as_str()).and_then(|name| name.rsplit('/').next());
    name.map_or_else(String::new, |name| format!(" ({name})"))
}

/// An example of an operation's body, where there is one, and its fields.
fn body(document: &Value, operation: &Value) -> Option<String> {
    let content = &operation["requestBody"]["content"]["application/json"];
    let (_, example) = content["examples"].as_object()?.iter().next()?;
    let reference = content["schema"]["$ref"].as_str();
    let schema = reference.and_then(|reference| document.pointer(reference.strip_prefix('#')?));
    let about = || schema.unwrap_or(&operation["requestBody"])["description"].as_str();
    let fields = schema.and_then(fields).or_else(|| Some(format!("- {}\n", about()?)))?;
    Some(format!(", such as `{}`:\n\n{fields}", example["value"]))
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
