//! The control API's document: what it shows can be sent, and what it names is answered. That each answer is as it says is
//! held by the client of all tests (`support::control`).

mod examples;
mod members;
mod page;
mod refused;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use persona_mock::internals::{Bounds, Guard, HistoryBounds, JournalBounds, Setup, StateBounds, WhenFull};
use serde_json::{Value, json};

use self::refused::{REFUSED, WITHOUT_JOURNAL};
use super::support::evidence::template;
use super::support::{Answer, Asked, TestServer, server};

/// One operation of the document.
struct Operation {
    method: String,
    path: String,
    node: Value,
}

/// The document's operations in an order in which each finds what its example names: what makes comes first, what takes
/// away last, and of that the one thing before all.
fn operations(server: &TestServer) -> Vec<Operation> {
    let document = server.send(&Asked::new("GET", "/_mock/openapi.json")).json();
    let mut all = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, node) in item.as_object().expect("methods") {
            all.push(Operation { method: method.to_uppercase(), path: path.clone(), node: node.clone() });
        }
    }
    let place = |method: &str| ["PUT", "POST", "PATCH", "GET", "DELETE"].iter().position(|known| *known == method);
    // The rows come before a whole fixture takes their place.
    all.sort_by_key(|Operation { method, path, .. }| {
        (!path.contains("{collection}"), place(method).expect("a known method"), !path.contains('{'))
    });
    all
}

impl Operation {
    /// The path with the document's examples in place of its names.
    fn target(&self) -> String {
        let parameters = self.node["parameters"].as_array().into_iter().flatten();
        let segments = parameters.filter(|parameter| parameter["in"] == "path");
        segments.fold(self.path.clone(), |path, parameter| {
            let name = parameter["name"].as_str().expect("a name");
            let example = parameter["example"].as_str().unwrap_or_else(|| panic!("{} shows no {name}", self.path));
            path.replace(&format!("{{{name}}}"), example)
        })
    }

    /// The bodies that the document shows; one that is empty where it takes none.
    fn bodies(&self) -> Vec<String> {
        let content = &self.node["requestBody"]["content"]["application/json"];
        let examples = content["examples"].as_object().into_iter().flatten();
        let shown: Vec<_> = examples.map(|(_, example)| example["value"].to_string()).collect();
        assert_eq!(shown.is_empty(), self.node["requestBody"].is_null(), "{} shows a body", self.path);
        if shown.is_empty() || self.node["requestBody"]["required"] == false {
            return shown.into_iter().chain([String::new()]).collect();
        }
        shown
    }

    fn ask(&self, body: &str) -> Asked {
        let asked = Asked::new(&self.method, &self.target());
        if body.is_empty() { asked } else { asked.json(body) }
    }

    /// Whether its answer does not end.
    fn is_endless(&self) -> bool {
        self.path == "/_mock/events"
    }
}

/// Sends every example of every operation; the paths, methods and statuses that were seen.
fn send_examples(server: &TestServer) -> BTreeSet<(String, String, u16)> {
    let mut seen = BTreeSet::new();
    let operations = operations(server);
    for operation in &operations {
        for body in operation.bodies() {
            // One exchange that the journal can show.
            server.send_unjudged(&Asked::new("POST", "/v1/personas/"));
            let status = match operation.is_endless() {
                true => streamed(server).1,
                false => {
                    let answer = server.send(&operation.ask(&body));
                    let (method, path) = (&operation.method, &operation.path);
                    assert!(answer.status < 300, "{method} {path} {body}: {} {}", answer.status, answer.text());
                    answer.status
                }
            };
            seen.insert((operation.path.clone(), operation.method.clone(), status));
        }
    }
    assert!(operations.len() > 40, "{}", operations.len());
    seen
}

/// Opens a stream of events; the stream and its status.
fn streamed(server: &TestServer) -> (TcpStream, u16) {
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a socket");
    stream.write_all(&Asked::new("GET", "/_mock/events").wire()).expect("a request");
    let mut head = [0; 12];
    stream.read_exact(&mut head).expect("an answer");
    let status = std::str::from_utf8(&head[9..]).expect("text").parse().expect("a status");
    (stream, status)
}

#[test]
fn every_example_of_a_body_and_a_parameter_is_taken() {
    send_examples(&TestServer::start(&server::setup()));
}

fn refuse(server: &TestServer, method: &str, target: &str, body: &str, status: u16) {
    let asked = Asked::new(method, target);
    let answer = server.send(&if body.is_empty() { asked } else { asked.json(body) });
    assert_eq!(answer.status, status, "{method} {target} {body}: {}", answer.text());
}

/// A server with room for one sandbox: `lost` made room for `held`, which stays.
fn full() -> TestServer {
    let bounds = Bounds { sandboxes: 1, when_full: WhenFull::Refuse, ..Bounds::default() };
    let server = TestServer::start(&Setup { bounds, ..server::setup() });
    for (sandbox, asked) in [
        ("lost", Asked::new("POST", "/_mock/reset")),
        ("held", Asked::new("PUT", "/_mock/seed").json(r#"{"seed": 1}"#)),
    ] {
        let answer = server.send(&asked.header("X-Mock-Sandbox", sandbox));
        assert_eq!(answer.status, 200, "{sandbox}: {}", answer.text());
    }
    server
}

/// The statuses by which a full server refuses an operation: for a sandbox that was lost, for a new one, and for one that is
/// not to be made.
fn refused_for_room(full: &TestServer, operation: &Operation) -> Vec<u16> {
    let bodies = operation.bodies();
    let sent = |sandbox: &str, make: Option<&str>| {
        let asked = Asked::new(&operation.method, &operation.target()).header("X-Mock-Sandbox", sandbox);
        let asked = make.into_iter().fold(asked, |asked, make| asked.header("X-Mock-Sandbox-Make", make));
        let body = bodies.first().filter(|body| !body.is_empty());
        full.send(&body.map_or_else(|| asked.clone(), |body| asked.clone().json(body))).status
    };
    // What only looks needs no room.
    let needs_room = (operation.method != "GET").then_some("newcomer");
    let seen = ["lost"].into_iter().chain(needs_room).map(|sandbox| sent(sandbox, None));
    seen.chain(needs_room.map(|sandbox| sent(sandbox, Some("no"))))
        .filter(|status| matches!(status, 404 | 503))
        .collect()
}

/// What an operation refuses without being asked: a name, a page, a body too large, a body too late, no token, work that
/// takes too long.
fn refused_before(open: &TestServer, guarded: &TestServer, late: &TestServer, operation: &Operation) -> Vec<u16> {
    let asked = || Asked::new(&operation.method, &operation.target());
    let length = |length: usize| asked().header("Content-Length", &length.to_string());
    let send = |server: &TestServer, asked: &Asked| -> Answer { server.send(asked) };
    [
        send(open, &asked().header("X-Mock-Sandbox", "a b")),
        send(open, &asked().header("Sec-Fetch-Site", "cross-site").header("Host", "evil.test")),
        send(open, &asked().header("Origin", "http://evil.test").header("Host", "evil.test")),
        send(open, &length((64 << 20) + 1)),
        send(open, &length(1)),
        send(guarded, &asked()),
    ]
    .iter()
    // What is read in no time is not late.
    .chain((!operation.is_endless()).then(|| send(late, &asked().json(&" ".repeat(20_000)))).iter())
    .map(|answer| answer.status)
    .collect()
}

/// Asks for what was before where nothing of it is kept: the statuses of it.
fn refused_without_history() -> Vec<(&'static str, &'static str, u16)> {
    let asked = [
        ("GET", "/_mock/history", "/_mock/history", ""),
        ("POST", "/_mock/rewind", "/_mock/rewind", r#"{"before": "w-1"}"#),
        ("POST", "/_mock/undo", "/_mock/undo", ""),
        ("GET", "/_mock/requests/{id}/diff", "/_mock/requests/w-1/diff", ""),
    ];
    let mut seen = Vec::new();
    for (bytes, status) in [(0, 409), (1, 410)] {
        let history = HistoryBounds { sandbox: bytes, ..HistoryBounds::default() };
        let server = TestServer::start(&Setup { history, ..server::setup() });
        let crud = server.send(&Asked::new("GET", "/_mock/state/crud")).text();
        refuse(&server, "PUT", "/_mock/state/crud", &crud, 204);
        for (method, path, target, body) in asked.iter().skip(usize::from(bytes > 0)) {
            refuse(&server, method, target, body, status);
            seen.push((*method, *path, status));
        }
    }
    seen
}

/// Asks a server whose state is full for more by every operation that may add to it.
fn refused_when_full() -> Vec<(String, String, u16)> {
    let state = StateBounds { total: 100_000, ..StateBounds::default() };
    let full = TestServer::start(&Setup { state, ..server::setup() });
    let rule = format!(r#"{{"action": "stale", "match": {{"body": "{}"}}}}"#, "x".repeat(60_000));
    refuse(&full, "POST", "/_mock/faults", &rule, 201);
    let fixture = include_str!("../../fixtures/crud.json").to_owned();
    let (all, list) = (format!(r#"{{"crud": {fixture}}}"#), format!(r#"{{"faults": [{rule}, {rule}]}}"#));
    let asked = [
        ("POST", "/_mock/faults", rule),
        ("PUT", "/_mock/faults", list),
        ("PUT", "/_mock/state/crud", fixture),
        ("PUT", "/_mock/sandboxes/t1", format!(r#"{{"fixtures": {all}}}"#)),
        ("PUT", "/_mock/state", all),
    ];
    let refused = |(method, target, body): (&str, &str, String)| {
        refuse(&full, method, target, &body, 503);
        let path = target.replace("/crud", "/{provider}").replace("/t1", "/{name}");
        (path, method.to_owned(), 503)
    };
    asked.map(refused).into()
}

/// Changes rows that are others by now than a client says; and one so that what refers to it would refer to nothing.
fn refused_as_another(server: &TestServer) -> Vec<(String, String, u16)> {
    let path = "/_mock/state/{provider}/{collection}/{id}";
    let owner = "/_mock/state/equals_money/personas/8e214819-5c83-429f-a976-eb127a0a8a88";
    let row = server.send(&Asked::new("GET", owner)).text().replacen("\"active\"", "\"deactivated\"", 1);
    let mut seen = vec![(path.to_owned(), "PUT".to_owned(), 409)];
    refuse(server, "PUT", owner, &row, 409);
    for method in ["PUT", "PATCH", "DELETE"] {
        let asked = Asked::new(method, owner).header("If-Match", "\"x\"").json("{}");
        let odd = Asked::new(method, owner).header("If-Match", "x").json("{}");
        assert_eq!((server.send(&asked).status, server.send(&odd).status), (412, 400), "{method}");
        seen.extend([412, 400].map(|status| (path.to_owned(), method.to_owned(), status)));
    }
    seen
}

#[test]
fn every_status_that_the_document_names_is_answered_and_no_other() {
    let mut setup = server::setup();
    setup.serving.body_timeout = Duration::from_millis(20);
    let server = TestServer::start(&setup);
    let all = operations(&server);
    let known: BTreeSet<_> = all.iter().map(|operation| (operation.path.clone(), operation.method.clone())).collect();
    let mut seen = send_examples(&TestServer::start(&server::setup()));
    let silent = Setup { journal: JournalBounds { exchanges: 0, ..JournalBounds::default() }, ..server::setup() };
    let silent = TestServer::start(&silent);
    refuse(&server, "POST", "/_mock/faults", r#"{"id": "flaky", "action": "stale"}"#, 201);
    let tables = REFUSED.iter().map(|row| (&server, row)).chain(WITHOUT_JOURNAL.iter().map(|row| (&silent, row)));
    for (server, (method, target, body, status)) in tables {
        refuse(server, method, target, body, *status);
        let path = target.split('?').next().expect("a path").replace("%20", " ");
        let path = template(&known, method, &path, str::to_owned).expect("an operation");
        seen.insert((path.to_owned(), (*method).to_owned(), *status));
    }
    for (method, path, status) in refused_without_history() {
        seen.insert((path.to_owned(), method.to_owned(), status));
    }
    let leads = server.send(&Asked::new("GET", "/").header("Accept", "text/html"));
    seen.insert(("/".to_owned(), "GET".to_owned(), leads.status));
    seen.extend(refused_as_another(&server));
    for number in 0..1_000 {
        refuse(&server, "PUT", &format!("/_mock/snapshots/s{number}"), "", 200);
    }
    refuse(&server, "PUT", "/_mock/snapshots/more", "", 503);
    seen.insert(("/_mock/snapshots/{name}".to_owned(), "PUT".to_owned(), 503));
    seen.extend(refused_when_full());
    let guard = Guard { token: Some("s3cret".parse().expect("a token")), ..server::guard() };
    let guarded = TestServer::start(&Setup { guard, ..server::setup() });
    let mut hasty = server::setup();
    hasty.serving.control_timeout = Duration::ZERO;
    let late = TestServer::start(&hasty);
    // A few rules are listed at once, and many are not.
    let rule = json!({"match": {"body": {"name": "x".repeat(900)}}, "action": {"cut": "before_answer"}}).to_string();
    for _ in 0..60 {
        refuse(&late, "POST", "/_mock/faults", &rule, 201);
    }
    refuse(&late, "GET", "/_mock/faults", "", 503);
    seen.insert(("/_mock/faults".to_owned(), "GET".to_owned(), 503));
    for operation in &all {
        let statuses = refused_before(&server, &guarded, &late, operation);
        let refused = statuses.into_iter().filter(|status| *status >= 400);
        seen.extend(refused.map(|status| (operation.path.clone(), operation.method.clone(), status)));
    }
    let full = full();
    for operation in &all {
        for status in refused_for_room(&full, operation) {
            seen.insert((operation.path.clone(), operation.method.clone(), status));
        }
    }
    let streams: Vec<_> = (0..16).map(|_| streamed(&server)).collect();
    assert!(streams.iter().all(|(_, status)| *status == 200));
    refuse(&server, "GET", "/_mock/events", "", 429);
    seen.insert(("/_mock/events".to_owned(), "GET".to_owned(), 429));
    let mut unseen: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for Operation { method, path, node } in &all {
        let documented: BTreeSet<u16> = node["responses"]
            .as_object()
            .expect("answers")
            .keys()
            .map(|status| status.parse().expect("a status"))
            .collect();
        // No request makes the mock crash; `src/server/pipeline/tests.rs` does.
        for status in documented.into_iter().filter(|status| *status != 500) {
            if !seen.contains(&(path.clone(), method.clone(), status)) {
                unseen.entry(status).or_default().push(format!("{method} {path}"));
            }
        }
    }
    assert!(unseen.is_empty(), "documented, and never answered: {unseen:#?}");
}

#[test]
fn every_operation_says_how_it_is_addressed_who_may_call_and_what_it_is_about() {
    let server = TestServer::start(&server::setup());
    let document = server.send(&Asked::new("GET", "/_mock/openapi.json")).json();
    let tags: Vec<_> = document["tags"].as_array().expect("tags").iter().map(|tag| &tag["name"]).collect();
    let mut ids = BTreeSet::new();
    for Operation { method, path, node } in &operations(&server) {
        let named = node["parameters"].as_array().into_iter().flatten();
        let names_sandbox = named.filter(|one| one["$ref"] == "#/components/parameters/Sandbox").count() == 1;
        let of_server = ["/_mock/health", "/_mock/ready", "/_mock/metrics", "/_mock/schemas/{provider}.json"];
        let of_server = of_server.contains(&&**path);
        assert_eq!(names_sandbox, !of_server && !path.starts_with("/_mock/sandboxes"), "{method} {path}");
        let is_open = ["/", "/_mock/health", "/_mock/ready"].contains(&&**path);
        let security = if is_open { json!([]) } else { json!([{}, {"controlToken": []}]) };
        assert_eq!(node["security"], security, "{method} {path}");
        assert_eq!(node["responses"].get("401").is_none(), is_open, "{method} {path}");
        assert!(tags.contains(&&node["tags"][0]), "{method} {path}");
        assert!(ids.insert(node["operationId"].to_string()), "{method} {path}: {}", node["operationId"]);
        assert!(node["summary"].is_string() && node["description"].is_string(), "{method} {path}");
        for (status, answer) in node["responses"].as_object().expect("answers") {
            let answer = match answer["$ref"].as_str() {
                Some(reference) => document.pointer(&reference[1..]).expect("an answer"),
                None => answer,
            };
            assert!(answer["description"].is_string(), "{method} {path} {status}");
        }
    }
    assert_eq!(document["components"]["securitySchemes"]["controlToken"]["scheme"], "bearer");
}
