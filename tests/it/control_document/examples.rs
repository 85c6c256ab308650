//! The examples of the page of the control API: for each operation the calls that lead up to it, its own request, and what a
//! server that was just started answers.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::super::support::{Answer, Asked, TestServer, server, shell};

const SERVER: &str = "http://127.0.0.1:8080";

/// A call that reads, and one that writes.
const READS: &str = "curl -s http://127.0.0.1:8080/v1/users/me -H 'Authorization: Bearer vijil-owner-token'";
const WRITES: &str = "curl -s -X PUT http://127.0.0.1:8080/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb -H 'Authorization: \
                      Bearer vijil-owner-token' -H 'Content-Type: application/json' -d '{\"name\":\"Ada\"}'";
const SAVES: &str = "curl -s -X PUT http://127.0.0.1:8080/_mock/snapshots/checkout";
const ARMS: &str = r#"curl -s http://127.0.0.1:8080/_mock/faults -d '{"id":"flaky","action":"stale"}'"#;
const MAKES: &str = r#"curl -s -X PUT http://127.0.0.1:8080/_mock/sandboxes/t1 -d '{"seed":5}'"#;

/// Operations whose example needs more than their document shows: what is called before, and the query.
const PREPARED: [(&str, &[&str], &str); 30] = [
    ("list_rows", &[], "?limit=1"),
    ("show_diff", &[WRITES], ""),
    ("list_snapshots", &[SAVES], ""),
    ("show_snapshot", &[SAVES], ""),
    ("delete_snapshot", &[SAVES], ""),
    ("restore_snapshot", &[SAVES], ""),
    ("list_history", &[WRITES], ""),
    ("show_call_diff", &[WRITES], ""),
    ("rewind", &[WRITES], ""),
    ("undo", &[WRITES], ""),
    ("list_credentials", &[], "?provider=crud"),
    ("list_faults", &[ARMS], ""),
    ("clear_faults", &[ARMS], ""),
    ("delete_fault", &[ARMS], ""),
    ("list_requests", &[READS], "?operation=vijil.get_user&limit=1"),
    ("show_har", &[READS], ""),
    ("show_pact", &[READS], "?consumer=web-shop"),
    ("show_request", &[READS], ""),
    ("verify", &[READS], ""),
    ("show_coverage", &[READS], ""),
    ("forget_coverage", &[READS], ""),
    ("list_gaps", &[], "?provider=crud&axis=statuses&limit=1"),
    ("show_coverage_junit", &[READS], ""),
    ("show_coverage_ctrf", &[READS], ""),
    ("show_coverage_markdown", &[READS], ""),
    ("show_coverage_html", &[READS], ""),
    ("list_sandboxes", &[MAKES], ""),
    ("show_sandbox", &[MAKES], ""),
    ("delete_sandbox", &[MAKES], ""),
    ("show_metrics", &[READS], ""),
];

/// A shorter body than the document's, where that would show less.
const BODIES: [(&str, &str); 1] = [("change_row", r#"{"Name":"People"}"#)];

/// Members whose values are another in each run. That there are no more is held by the test that runs the page.
const CHANGING: [&str; 7] = ["took_ms", "time", "timings", "expires_in_s", "idle_s", "bytes", "version"];

/// The longest answer that the page shows, and the longest of a call that only leads up to an example.
const LONGEST: usize = 360;
const LONGEST_BEFORE: usize = 110;

pub(super) struct Examples {
    shown: BTreeSet<String>,
}

impl Examples {
    pub(super) fn new() -> Self {
        Self { shown: BTreeSet::new() }
    }

    pub(super) fn assert_all_were_shown(&self) {
        let unknown: Vec<_> = PREPARED.iter().map(|(id, ..)| *id).filter(|id| !self.shown.contains(*id)).collect();
        assert!(unknown.is_empty(), "no operations have these names: {unknown:?}");
    }

    /// The example of an operation; nothing where its answer does not end.
    pub(super) fn show(&mut self, method: &str, path: &str, node: &Value) -> Option<String> {
        if path == "/_mock/events" {
            return None;
        }
        let id = node["operationId"].as_str().expect("an id");
        self.shown.insert(id.to_owned());
        let (before, query) = PREPARED
            .iter()
            .find(|(known, ..)| *known == id)
            .map_or((&[][..], ""), |(_, before, query)| (*before, *query));
        let server = TestServer::start(&server::setup());
        let mut shown = String::new();
        let before = before.iter().map(|command| ((*command).to_owned(), LONGEST_BEFORE));
        for (command, longest) in before.chain([(request(method, path, node, query), LONGEST)]) {
            let answer = server.send(&shell::curl(&command).asked);
            assert!(answer.status < 300, "{command}: {} {}", answer.status, answer.text());
            shown.push_str(&example(&command, &answer, longest));
        }
        Some(shown)
    }
}

/// The line for a shell that sends an operation's example.
fn request(method: &str, path: &str, node: &Value, query: &str) -> String {
    let parameters = node["parameters"].as_array().into_iter().flatten();
    let target = parameters.filter(|parameter| parameter["in"] == "path").fold(path.to_owned(), |path, parameter| {
        let name = parameter["name"].as_str().expect("a name");
        path.replace(&format!("{{{name}}}"), parameter["example"].as_str().expect("an example"))
    });
    let examples = node["requestBody"]["content"]["application/json"]["examples"].as_object();
    let body = examples.and_then(|examples| examples.values().next()).map(|example| example["value"].to_string());
    let shorter = BODIES.iter().find(|(id, _)| node["operationId"] == **id).map(|(_, body)| (*body).to_owned());
    let body = shorter.or(body);
    let flag = match (method, &body) {
        ("GET", None) | ("POST", Some(_)) => String::new(),
        _ => format!("-X {method} "),
    };
    let url = format!("{SERVER}{target}{query}");
    let url = if url.contains(['?', '*', '&']) { format!("'{url}'") } else { url };
    let data = body.map_or_else(String::new, |body| format!(" -d '{body}'"));
    format!("curl -s {flag}{url}{data}")
}

/// A request with its answer, as the page shows them.
fn example(command: &str, answer: &Answer, longest: usize) -> String {
    let body = serde_json::from_slice(&answer.body).map(|body| brief(&steady("", &body), longest));
    if answer.status != 200 {
        let command = command.replacen("curl -s", "curl -s -i", 1);
        let body = body.map_or_else(|_| String::new(), |body| format!("\n{body}\n"));
        return format!("$ {command}\nHTTP/1.1 {}\n{body}", line_of(answer.status));
    }
    let text = answer.text();
    let start = || format!("{}\n...", text.lines().next().unwrap_or_default());
    format!("$ {command}\n{}\n", body.unwrap_or_else(|_| start()))
}

fn line_of(status: u16) -> &'static str {
    match status {
        201 => "201 Created",
        _ => "204 No Content",
    }
}

/// An answer without what is another in each run.
fn steady(name: &str, value: &Value) -> Value {
    match value {
        _ if CHANGING.contains(&name) => json!("<any>"),
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), steady(name, value))).collect())
        }
        Value::Array(items) => items.iter().map(|item| steady(name, item)).collect(),
        _ => value.clone(),
    }
}

/// As much of an answer as a reader looks at: the first members of what is long, and nothing of what lies deep in it.
fn brief(answer: &Value, longest: usize) -> String {
    for (members, depth) in [(40, 9), (8, 5), (6, 4), (6, 3), (5, 2), (4, 1)] {
        let shown = cut(answer, members, depth).to_string();
        if shown.len() <= longest {
            return shown;
        }
    }
    cut(answer, 2, 1).to_string()
}

fn cut(value: &Value, most: usize, depth: usize) -> Value {
    match value {
        Value::Object(members) if depth > 0 => {
            let mut shown: Map<_, _> =
                members.iter().take(most).map(|(name, value)| (name.clone(), cut(value, most, depth - 1))).collect();
            if members.len() > most {
                shown.insert("...".to_owned(), json!("<any>"));
            }
            Value::Object(shown)
        }
        Value::Array(items) if depth > 0 && items.len() <= 2 => {
            items.iter().map(|item| cut(item, most, depth - 1)).collect()
        }
        Value::Object(members) if members.is_empty() => value.clone(),
        Value::Array(items) if items.is_empty() => value.clone(),
        Value::Object(_) | Value::Array(_) => json!("<any>"),
        Value::String(text) if text.chars().count() > 120 => json!("<any>"),
        _ => value.clone(),
    }
}

#[test]
fn an_example_shows_what_stays_the_same_and_what_fits() {
    let answer = json!({"id": "a", "took_ms": 3, "list": [{"idle_s": 1}]});
    assert_eq!(steady("", &answer), json!({"id": "a", "took_ms": "<any>", "list": [{"idle_s": "<any>"}]}));
    assert_eq!(brief(&json!({"a": "x".repeat(60), "b": "y".repeat(60), "c": 1}), 100).matches("...").count(), 1);
    let long: Vec<_> = (0..9).collect();
    assert_eq!(
        cut(&json!({"a": {"b": long}, "c": [], "d": 1}), 2, 2),
        json!({"a": {"b": "<any>"}, "c": [], "...": "<any>"})
    );
    let asked = Asked::new("GET", "/x");
    assert_eq!(shell::curl(&request("GET", "/x", &json!({}), "")).asked.target, asked.target);
}
