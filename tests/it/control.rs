//! The control API on the wire.

use persona_mock::internals::{Guard, Setup};
use persona_mock::provider::register;
use serde_json::{Value, json};

use super::support::toy::Toy;
use super::support::{Answer, Asked, TestServer, server};

fn toy() -> TestServer {
    TestServer::with(&[register(Toy)], &server::setup())
}

impl TestServer {
    pub(crate) fn ask(&self, method: &str, target: &str, body: &str) -> Answer {
        let asked = Asked::new(method, target);
        self.send(&if body.is_empty() { asked } else { asked.json(body) })
    }

    pub(crate) fn told(&self, method: &str, target: &str, body: &str) -> (u16, Value) {
        let answer = self.ask(method, target, body);
        let value = if answer.body.is_empty() { Value::Null } else { answer.json() };
        (answer.status, value)
    }

    fn count(&self, prefix: &str) -> Value {
        self.ask("GET", &format!("{prefix}/toy/count"), "").json()["count"].clone()
    }

    fn add(&self, prefix: &str) {
        assert_eq!(self.ask("POST", &format!("{prefix}/toy/count"), "{}").status, 201);
    }
}

#[test]
fn a_reset_puts_one_sandbox_back_and_no_other() {
    let server = toy();
    for prefix in ["", "/_sandbox/t1"] {
        server.add(prefix);
    }
    let answer = server.told("POST", "/_sandbox/t1/_mock/reset", "");
    assert_eq!(answer, (200, json!({"sandbox": "t1", "reset": "everything"})));
    assert_eq!((server.count("/_sandbox/t1"), server.count("")), (json!(1), json!(2)));
    assert_eq!(server.told("POST", "/_mock/reset", r#"{"only": "toy"}"#).0, 200);
    assert_eq!(server.count(""), json!(1));
    let (status, problem) = server.told("POST", "/_mock/reset", r#"{"only": "tyo"}"#);
    assert_eq!((status, &problem["detail"]), (400, &json!("cannot reset `tyo` alone; expected one of journal, toy")));
    assert_eq!(problem["at"], "$.only");
}

#[test]
fn state_is_read_and_replaced_in_the_fixture_format() {
    let server = toy();
    server.add("");
    assert_eq!(server.told("GET", "/_mock/state", ""), (200, json!({"toy": {"count": 2}})));
    assert_eq!(server.told("PUT", "/_mock/state/toy", r#"{"count": 7}"#).0, 204);
    assert_eq!(server.told("GET", "/_mock/state/toy", ""), (200, json!({"count": 7})));
    let (status, problem) = server.told("PUT", "/_mock/state", r#"{"toy": {"count": 10, "more": 1}}"#);
    assert_eq!(status, 400);
    assert_eq!(problem["faults"], json!(["toy: $.more: found an unknown name, expected one of `$schema`, `count`"]));
    assert_eq!(server.count(""), json!(7), "a fault changes nothing");
    assert_eq!(server.told("GET", "/_mock/state/tyo", "").0, 404);
}

#[test]
fn a_diff_tells_what_changed_since_the_fixtures_or_a_snapshot() {
    let server = toy();
    server.add("");
    assert_eq!(server.told("PUT", "/_mock/snapshots/one", "").0, 200);
    server.add("");
    let changed = |from: u64| json!([{"change": "changed", "path": "$.count", "from": from, "to": 3}]);
    assert_eq!(server.told("GET", "/_mock/state/diff", "").1["providers"]["toy"], changed(1));
    assert_eq!(server.told("GET", "/_mock/state/diff?since=one", "").1["providers"]["toy"], changed(2));
    assert_eq!(server.told("GET", "/_mock/state/diff?since=two", "").0, 404);
}

#[test]
fn a_snapshot_brings_back_data_and_clock_and_survives_a_reset() {
    let server = toy();
    server.add("");
    assert_eq!(server.told("PUT", "/_mock/snapshots/before", "").0, 200);
    assert_eq!(server.told("PUT", "/_mock/clock", r#"{"advance": "14d"}"#).1["now"], "2026-01-29T12:00:00Z");
    server.add("");
    assert_eq!(server.told("POST", "/_mock/reset", "").0, 200);
    assert_eq!(server.told("POST", "/_mock/snapshots/before/restore", "").0, 204);
    assert_eq!(server.count(""), json!(2));
    assert_eq!(server.told("GET", "/_mock/clock", "").1, json!({"mode": "frozen", "now": "2026-01-15T12:00:00Z"}));
    let list = json!({"snapshots": [{"name": "before", "frozen_at": "2026-01-15T12:00:00Z"}]});
    assert_eq!(server.told("GET", "/_mock/snapshots", ""), (200, list));
    assert_eq!(server.told("GET", "/_mock/snapshots/before", ""), (200, json!({"toy": {"count": 2}})));
    assert_eq!(server.told("DELETE", "/_mock/snapshots/before", "").0, 204);
    assert_eq!(server.told("POST", "/_mock/snapshots/before/restore", "").0, 404);
    assert_eq!(server.told("PUT", "/_mock/snapshots/a%20b", "").0, 400);
}

#[test]
fn a_clock_freezes_moves_and_runs() {
    let server = toy();
    let change = |body: &str| server.told("PUT", "/_mock/clock", body);
    assert_eq!(
        change(r#"{"set": "2030-01-01T00:00:00Z"}"#).1,
        json!({"mode": "frozen", "now": "2030-01-01T00:00:00Z"})
    );
    assert_eq!(change(r#"{"advance": "-1h"}"#).1["now"], "2029-12-31T23:00:00Z");
    assert_eq!(change(r#"{"run": true}"#).1["mode"], "offset");
    assert!(server.ask("GET", "/toy/count", "").header("date").expect("a date").contains("2029"));
    assert_eq!(change(r#"{"freeze": "now"}"#).1["mode"], "frozen");
    assert_eq!(change(r#"{"real": true}"#).1["mode"], "real");
    for (body, detail) in [
        ("", "expected an object with one member out of `freeze`, `set`, `advance`, `run`, `real`, found none"),
        (r#"{"freze": "now"}"#, "unknown name `freze`, expected one of"),
        (r#"{"advance": "14 days"}"#, "expected whole numbers with w, d, h, m, s or ms"),
        (r#"{"freeze": "noon"}"#, "expected \"now\" or an RFC 3339 instant"),
        (r#"{"run": false}"#, "expected true"),
        ("{", "it breaks off"),
    ] {
        let (status, problem) = change(body);
        let told = problem["detail"].as_str().unwrap_or_default();
        assert!(status == 400 && told.contains(detail), "{body}: {problem}");
    }
}

#[test]
fn a_seed_and_settings_are_the_sandboxes_own() {
    let server = toy();
    assert_eq!(server.told("PUT", "/_sandbox/t1/_mock/seed", r#"{"seed": 9}"#), (200, json!({"seed": 9})));
    assert_eq!(server.told("GET", "/_mock/seed", ""), (200, json!({"seed": 1})));
    let (status, settings) = server.told("PUT", "/_sandbox/t1/_mock/settings", r#"{"auth": "strict"}"#);
    assert_eq!((status, &settings["auth"]), (200, &json!("strict")));
    assert_eq!(server.told("GET", "/_mock/settings", "").1["auth"], "any");
    let (status, problem) = server.told("PUT", "/_mock/settings", r#"{"providers": {"toy": {"size": "1"}}}"#);
    assert_eq!((status, &problem["at"]), (400, &json!("$.providers.toy.size")));
    assert_eq!(server.told("POST", "/_sandbox/t1/_mock/reset", "").0, 200);
    assert_eq!(server.told("GET", "/_sandbox/t1/_mock/settings", "").1["auth"], "any");
    assert_eq!(server.told("GET", "/_sandbox/t1/_mock/seed", "").1, json!({"seed": 1}));
}

#[test]
fn a_sandbox_is_made_with_its_own_start_and_taken_away() {
    let server = toy();
    let body = r#"{"seed": 5, "clock": "2030-01-01T00:00:00Z", "ttl": "10m", "fixtures": {"toy": {"count": 4}}, "settings": {"auth": "off"}}"#;
    let (status, made) = server.told("PUT", "/_mock/sandboxes/t1", body);
    assert_eq!(status, 201, "{made}");
    assert_eq!(made["clock"], json!({"mode": "frozen", "now": "2030-01-01T00:00:00Z"}));
    assert_eq!((&made["seed"], &made["ttl"]), (&json!(5), &json!("10m")));
    server.add("/_sandbox/t1");
    assert_eq!(server.count("/_sandbox/t1"), json!(5));
    assert_eq!(server.told("POST", "/_sandbox/t1/_mock/reset", "").0, 200);
    assert_eq!(server.count("/_sandbox/t1"), json!(4), "a reset returns to its own start");
    let (_, list) = server.told("GET", "/_mock/sandboxes", "");
    assert_eq!((&list["sandboxes"][0]["name"], &list["sandboxes"][1]["name"]), (&json!("default"), &json!("t1")));
    assert_eq!(server.told("DELETE", "/_mock/sandboxes/t1", "").0, 204);
    assert_eq!(server.told("GET", "/_mock/sandboxes/t1", "").0, 404);
    assert_eq!(server.told("DELETE", "/_mock/sandboxes/default", "").0, 409);
    assert_eq!(server.told("PUT", "/_mock/sandboxes/t2", r#"{"fixtures": {"toy": {"count": 10}}}"#).0, 400);
    assert_eq!(server.told("PUT", "/_mock/sandboxes/t2", r#"{"clock": "noon"}"#).1["at"], "$.clock");
    assert_eq!(server.told("PUT", "/_mock/sandboxes/a%20b", "{}").0, 400);
}

#[test]
fn a_foreign_page_cannot_steer_and_an_allowed_one_can() {
    let origins = vec!["http://app.test:3000".parse().expect("an origin")];
    let guard = Guard { origins, ..server::guard() };
    let server = TestServer::with(&[register(Toy)], &Setup { guard, ..server::setup() });
    let from = |origin: &str| server.send(&Asked::new("POST", "/_mock/reset").header("Origin", origin));
    let foreign = from("http://evil.test");
    assert_eq!((foreign.status, foreign.header("access-control-allow-origin")), (403, None));
    assert!(foreign.text().contains("--control-origin http://evil.test"), "{}", foreign.text());
    assert_eq!(from("https://mock.test").status, 403, "another scheme is foreign");
    assert_eq!(from("http://mock.test").status, 200, "its own pages may");
    let allowed = from("http://app.test:3000");
    assert_eq!((allowed.status, allowed.header("access-control-allow-origin")), (200, Some("http://app.test:3000")));
    let preflight = |origin: &str| {
        let asked = Asked::new("OPTIONS", "/_mock/reset").header("Access-Control-Request-Method", "POST");
        server.send(&asked.header("Origin", origin)).status
    };
    assert_eq!((preflight("http://app.test:3000"), preflight("http://evil.test")), (204, 403));
}

#[test]
fn a_control_token_is_asked_for_where_one_is_set() {
    let guard = Guard { token: Some("s3cret".parse().expect("a token")), ..server::guard() };
    let server = TestServer::with(&[register(Toy)], &Setup { guard, ..server::setup() });
    assert_eq!(server.ask("POST", "/_mock/reset", "").status, 401);
    let with = |token: &str| server.send(&Asked::new("POST", "/_mock/reset").header("Authorization", token)).status;
    assert_eq!((with("Bearer s3cret"), with("Bearer other")), (200, 401));
    assert_eq!(server.ask("GET", "/_mock/health", "").status, 200, "a health check needs none");
    assert_eq!(server.ask("GET", "/toy/count", "").status, 200, "the vendors ask for their own");
}

#[test]
fn a_wrong_method_or_path_names_the_right_ones() {
    let server = toy();
    let answer = server.ask("PATCH", "/_mock/clock", "{}");
    assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD, PUT")));
    for (path, meant) in [("/_mock/clocks", "did you mean /_mock/clock; "), ("/_mock", ""), ("/_mock/xyz/1", "")] {
        let (status, told) = server.told("GET", path, "");
        let detail = format!("the control API has no {path}; {meant}/_mock/openapi.json lists what it has");
        assert_eq!((status, &told["detail"]), (404, &Value::from(detail)), "{path}");
    }
}

#[test]
fn a_name_that_is_none_is_refused_as_the_document_says() {
    let server = toy();
    let document = server.told("GET", "/_mock/openapi.json", "").1;
    for (method, resource) in [
        ("GET", "sandboxes"),
        ("PUT", "sandboxes"),
        ("DELETE", "sandboxes"),
        ("GET", "snapshots"),
        ("PUT", "snapshots"),
        ("DELETE", "snapshots"),
    ] {
        let status = server.ask(method, &format!("/_mock/{resource}/a%20b"), "").status;
        let path = &document["paths"][format!("/_mock/{resource}/{{name}}")];
        let known = &path[method.to_ascii_lowercase()]["responses"];
        assert!(known.get(status.to_string()).is_some(), "{method} {resource}: {status}, but {known}");
    }
}

#[test]
fn its_document_names_every_resource() {
    let document = toy().told("GET", "/_mock/openapi.json", "").1;
    let paths = document["paths"].as_object().expect("paths");
    for path in
        ["/_mock/reset", "/_mock/state/{provider}", "/_mock/snapshots/{name}/restore", "/_mock/sandboxes/{name}"]
    {
        assert!(paths.contains_key(path), "{path}");
    }
}

/// Writes a switch again and again, and finds it each time as it was written.
fn keep_writing(server: &TestServer, path: &str, bodies: [Value; 2], at: &str) {
    for round in 0..100 {
        let body = &bodies[round % 2];
        let (status, said) = server.told("PUT", path, &body.to_string());
        assert_eq!(status, 200, "{said}");
        let (_, shown) = server.told("GET", "/_mock/settings", "");
        let shown = if path.ends_with("limits") { server.told("GET", path, "").1 } else { shown };
        let wanted = body.pointer(at).expect("what is written");
        let found = shown.pointer(at).map(|found| found.get("limit").unwrap_or(found));
        assert_eq!(found, Some(wanted), "{at} in round {round}");
    }
}

#[test]
fn who_changes_settings_and_limits_at_once_takes_no_other_change_back() {
    let server = TestServer::start(&server::setup());
    std::thread::scope(|scope| {
        let write = |path: &'static str, bodies: [Value; 2], at: &'static str| {
            let server = &server;
            scope.spawn(move || keep_writing(server, path, bodies, at));
        };
        let settings = "/_mock/settings";
        write(settings, [json!({"auth": "any"}), json!({"auth": "strict"})], "/auth");
        write(settings, [json!({"documented_only": true}), json!({"documented_only": false})], "/documented_only");
        let zod = |version: &str| json!({"providers": {"crud": {"zod": version}}});
        write(settings, [zod("3"), zod("4")], "/providers/crud/zod");
        let limit = |limit: &str| json!({"limits": {"crud": limit}});
        write("/_mock/limits", [limit("10/1m"), limit("20/1m")], "/limits/crud");
    });
}
