//! The CRUD persona provider beyond its cases: recordings of the real framework, and exports.

use persona_mock::internals::{AppState, FixtureText, Setup};
use persona_mock::providers::registry;
use serde_json::{Value, json};

use super::support::{Answer, Asked, TestServer, recording, server};

/// The fewest exchanges that the committed recording holds.
const FEWEST: usize = 500;

#[test]
fn answers_what_a_zod_4_route_handler_answers() {
    replay("crud", "4.");
}

#[test]
fn answers_what_a_zod_3_route_handler_answers() {
    replay("crud-zod3", "3.");
}

/// Replays a recording under the version of Zod that it was made with.
fn replay(name: &str, version: &str) {
    let file = recording::file(name);
    let recorded_with = recording::heading(&file).recorded_with["zod"].as_str().expect("a version").to_owned();
    assert!(recorded_with.starts_with(version), "{}: zod {recorded_with}", file.display());
    let settings = vec![format!("crud.zod={}", version.trim_end_matches('.'))];
    let server = TestServer::start(&Setup { settings, ..server::setup() });
    let count = recording::replay(&server, &file, |_, _, expected, found| {
        let expected = Answer { body: with_ids_of(&expected.body, &found.body), ..expected.clone() };
        recording::same(&expected, found, &["content-type", "allow", "location", "refresh"])
    });
    assert!(count >= FEWEST, "{count} exchanges");
}

/// The recorded body with the ids that the mock made in place of `{{new-1}}`, `{{new-2}}`, …
///
/// Only what stands at the placeholder's place and is a version 4 UUID in lower case is put in, so
/// that anything else is a difference.
fn with_ids_of(recorded: &[u8], found: &[u8]) -> Vec<u8> {
    const OPEN: &[u8] = b"{{new-";
    const CLOSE: &[u8] = b"}}";
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|window| window == what);
    let mut body = Vec::new();
    let mut rest = recorded;
    while let Some(at) = find(rest, OPEN) {
        body.extend_from_slice(&rest[..at]);
        let end = at + find(&rest[at..], CLOSE).expect("a closed placeholder") + CLOSE.len();
        match found.get(body.len()..body.len() + 36).filter(|id| is_made(id) && find(&body, id).is_none()) {
            Some(id) => body.extend_from_slice(id),
            None => body.extend_from_slice(&rest[at..end]),
        }
        rest = &rest[end..];
    }
    body.extend_from_slice(rest);
    body
}

fn is_made(id: &[u8]) -> bool {
    let text = std::str::from_utf8(id).unwrap_or_default();
    let parsed = uuid::Uuid::parse_str(text).ok();
    parsed.is_some_and(|id| id.get_version_num() == 4 && id.to_string() == text)
}

const TOKEN: (&str, &str) = ("Authorization", "Bearer vm_anything");

fn setup_with(text: String) -> Setup {
    let fixture = FixtureText { provider: "crud".to_owned(), file: "crud.json".to_owned(), text };
    Setup { fixtures: vec![fixture], ..server::setup() }
}

#[test]
fn what_javascript_stores_survives_an_export() {
    let first = TestServer::start(&server::setup());
    let deep = format!("{}1{}", "[".repeat(300), "]".repeat(300));
    let body = format!(
        r#"{{"project_id":"00000000-0000-4000-8000-00000000000a","name":"half \ud83d","tagline":"\u0000",
        "demographics":{{"deep":{deep}}},"psychographics":{{"$json":"x"}},"pain_points":{{"2":1e21,"1":"\udc00"}}}}"#
    );
    let made = first.send_unjudged(&Asked::new("POST", "/crud/personas").header(TOKEN.0, TOKEN.1).json(&body));
    assert_eq!(made.status, 201, "{}", made.text());
    assert!(made.text().contains(r#""pain_points":{"1":"\udc00","2":1e+21}"#), "{}", made.text());

    let exported = first.app.export("crud", "schema.json").expect("a provider").expect("a text");
    let second = TestServer::start(&setup_with(exported.clone()));
    let id = made.text().split('"').nth(3).map(str::to_owned).expect("an id");
    let got = second.send_unjudged(&Asked::new("GET", &format!("/crud/personas?id={id}")).header(TOKEN.0, TOKEN.1));
    assert_eq!(got.text(), made.text());
    assert_eq!(second.app.export("crud", "schema.json").expect("a provider").expect("a text"), exported);
}

#[test]
fn a_fixture_reports_every_broken_reference_at_once() {
    let text = r#"{
        "users": [{"id": "00000000-0000-4000-8000-000000000001", "name": "A", "email": "a@example.com"}],
        "credentials": [{"token": "nope", "user": "00000000-0000-4000-8000-000000000002"}],
        "projects": [{"id": "00000000-0000-4000-8000-000000000011", "owner": "00000000-0000-4000-8000-000000000003"}],
        "personas": [
            {"id": "00000000-0000-4000-8000-000000000021", "project_id": "00000000-0000-4000-8000-000000000011", "name": " "},
            {"id": "00000000-0000-4000-8000-000000000021", "project_id": "00000000-0000-4000-8000-000000000012", "name": "B"}
        ],
        "next_ids": {"crud.person": 1}
    }"#;
    let Err(error) = AppState::build(registry(), &setup_with(text.to_owned())) else {
        panic!("a broken fixture loaded")
    };
    let said = error.to_string();
    for fault in [
        "$.next_ids['crud.person']: found",
        "$.credentials[0].user: found `00000000-0000-4000-8000-000000000002`, expected the id of a user of this file",
        "$.credentials[0].token: found \"nope\", expected `vm_` and letters or digits, or three parts with dots between",
        "$.projects[0].owner: found `00000000-0000-4000-8000-000000000003`, expected the id of a user of this file",
        "$.personas[0].name: found nothing but blanks, expected at least 1 character",
        "$.personas[1].project_id: found `00000000-0000-4000-8000-000000000012`, expected the id of a project of this file",
        "$.personas[1].id: found `00000000-0000-4000-8000-000000000021` a second time, expected each persona id once",
    ] {
        assert!(said.contains(fault), "{fault} is not in {said}");
    }
}

fn ask(server: &TestServer, method: &str, target: &str, body: &Value) -> Answer {
    let asked = Asked::new(method, target).header(TOKEN.0, TOKEN.1);
    server.send(&if body.is_null() { asked } else { asked.json(&body.to_string()) })
}

fn control(server: &TestServer, method: &str, target: &str, body: &Value) -> Answer {
    server.send_unjudged(&Asked::new(method, target).json(&body.to_string()))
}

const FEMI: &str = "5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c05";

#[test]
fn every_persona_of_the_fixture_is_accepted_as_it_was_read() {
    for settings in
        [&[][..], &["crud.columns=row"], &["crud.envelope=data"], &["crud.envelope=bare", "crud.columns=row"]]
    {
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let server = TestServer::start(&Setup { settings, ..server::setup() });
        let list = |server: &TestServer| {
            let mut rows = ask(server, "GET", "/crud/personas", &Value::Null).json();
            if let Some(inner) = ["personas", "data"].into_iter().find_map(|key| rows.get(key)) {
                rows = inner.clone();
            }
            // What a save is to change.
            rows.as_array_mut().expect("rows").iter_mut().for_each(|row| {
                row.as_object_mut().expect("a row").remove("updated_at");
            });
            rows
        };
        let before = list(&server);
        let rows = before.as_array().expect("rows");
        assert!(rows.len() >= 9);
        for row in rows {
            let one =
                ask(&server, "GET", &format!("/crud/personas?id={}", row["id"].as_str().expect("an id")), &Value::Null);
            let one = one.json().get("data").cloned().unwrap_or(one.json());
            for method in ["PUT", "PATCH"] {
                let answer = ask(&server, method, "/crud/personas", &one);
                assert_eq!(answer.status, 200, "{method} {one}: {}", answer.text());
            }
        }
        assert_eq!(list(&server), before);
        for method in ["PUT", "PATCH"] {
            let answer = ask(&server, method, "/crud/personas", &before);
            assert_eq!((answer.status, &answer.json()["meta"]["failed"]), (200, &json!(0)), "{}", answer.text());
        }
        assert_eq!(list(&server), before);
    }
}

#[test]
fn a_batch_of_which_everything_is_refused_changes_nothing() {
    let server = TestServer::start(&server::setup());
    assert_eq!(ask(&server, "PATCH", "/crud/personas", &json!({"id": FEMI, "tagline": "written"})).status, 200);
    let nobody = json!([{"id": "00000000-0000-4000-8000-000000000000"}, 5]);
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        assert_eq!(ask(&server, method, "/crud/personas", &nobody).status, 400, "{method}");
    }
    let part = json!([{"id": FEMI, "user_role": "r"}, {"id": "x"}]);
    let changed = |server: &TestServer| -> Vec<bool> {
        let page = control(server, "GET", "/_mock/requests?order=oldest", &Value::Null).json();
        let entries = page["requests"].as_array().expect("a list").iter();
        entries.map(|entry| entry["changed"].as_bool().expect("a flag")).collect()
    };
    assert_eq!(changed(&server), [true, false, false, false, false]);
    let stale = |server: &TestServer| {
        let asked = Asked::new("GET", &format!("/crud/personas?id={FEMI}")).header(TOKEN.0, TOKEN.1);
        let row = server.send(&asked.header("X-Mock-Fault", "stale")).json();
        (row["tagline"].clone(), row["user_role"].clone())
    };
    assert_eq!(stale(&server), (Value::Null, json!("Secondary User")), "the state before the one write that there was");
    assert_eq!(ask(&server, "PUT", "/crud/personas", &part).status, 207);
    assert_eq!(changed(&server).last(), Some(&true));
    assert_eq!(
        stale(&server),
        (json!("written"), json!("Secondary User")),
        "a batch that was taken in part is a write"
    );
}

#[test]
fn an_update_is_one_operation_by_put_and_by_patch() {
    let server = TestServer::start(&server::setup());
    let update = |method: &str| ask(&server, method, "/crud/personas", &json!({"id": FEMI, "tagline": method})).status;
    let arm = |rule: Value| control(&server, "PUT", "/_mock/faults", &json!({"faults": [rule]}));
    let refuse = json!({"refuse": {"status": 503}});
    let named = |matches: Value| json!({"match": matches, "action": refuse});

    assert_eq!(arm(named(json!({"operation": "crud.update_persona"}))).status, 200);
    assert_eq!((update("PUT"), update("PATCH")), (503, 503));
    assert_eq!(arm(named(json!({"operation": "crud.update_persona", "method": "PATCH"}))).status, 200);
    assert_eq!((update("PUT"), update("PATCH")), (200, 503));
    let none = arm(named(json!({"operation": "crud.update_persona", "method": "DELETE"})));
    assert_eq!(none.status, 400);
    assert!(none.text().contains("has the method DELETE, but PATCH, PUT"), "{}", none.text());
    let unknown = arm(named(json!({"operation": "crud.nothing"})));
    assert_eq!(unknown.text().matches("crud.update_persona,").count(), 1, "{}", unknown.text());
    assert_eq!(control(&server, "DELETE", "/_mock/faults", &Value::Null).status, 204);

    let wish = Asked::new("PATCH", "/crud/personas").header(TOKEN.0, TOKEN.1).header("Prefer", "code=207");
    let wish = server.send(&wish.json(&json!([{"id": FEMI}]).to_string()));
    assert_eq!((wish.status, wish.header("x-mock-fault")), (207, Some("request")));

    assert_eq!((update("PUT"), update("PATCH")), (200, 200));
    let verify = |call: Value, count: u64| {
        control(&server, "POST", "/_mock/verify", &json!({"calls": [{"call": call, "exactly": count}]}))
    };
    assert_eq!(verify(json!({"operation": "crud.update_persona", "status": 200}), 3).status, 200);
    assert_eq!(verify(json!({"operation": "crud.update_persona", "status": 200, "method": "PATCH"}), 1).status, 200);
    let never = verify(json!({"operation": "crud.update_persona", "method": "POST"}), 1).text();
    assert!(never.contains("`crud.update_persona` is a PUT or a PATCH and never a POST"), "{never}");

    let metrics = control(&server, "GET", "/_mock/metrics", &Value::Null).text();
    let line = "persona_mock_requests_total{provider=\"crud\",operation=\"crud.update_persona\",status=\"200\"} 3";
    assert!(metrics.contains(line), "{metrics}");
    assert_eq!(metrics.matches("operation=\"crud.update_persona\",status=\"503\"").count(), 1, "{metrics}");
    let batches =
        control(&server, "GET", "/_mock/requests?method=PATCH&operation=crud.update_personas_batch", &Value::Null);
    assert_eq!(batches.json()["requests"][0]["provenance"], "inferred", "the newer page shows no batch");
}

#[test]
fn a_body_that_is_there_and_is_no_json_is_invalid_json_as_in_node() {
    let server = TestServer::start(&server::setup());
    for body in [" ", "\n", "\t \r\n", "\u{feff}", "\u{feff} ", "\u{feff}\u{feff}", "\u{a0}", "\0"] {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let answer = server.send(&Asked::new(method, "/crud/personas").header(TOKEN.0, TOKEN.1).body(body));
            assert_eq!((answer.status, answer.json()), (400, json!({"error": "Invalid JSON"})), "{method} {body:?}");
        }
    }
    assert_eq!(ask(&server, "DELETE", "/crud/personas", &Value::Null).json(), json!({"error": "id is required"}));
}

#[test]
fn a_browser_may_send_patch() {
    let server = TestServer::start(&server::setup());
    let preflight = Asked::new("OPTIONS", "/api/crud/personas")
        .header("Origin", "http://app.test")
        .header("Access-Control-Request-Method", "PATCH");
    let answer = server.send_unjudged(&preflight);
    assert_eq!((answer.status, answer.header("access-control-allow-methods")), (204, Some("PATCH")));
}
