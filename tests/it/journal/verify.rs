//! `POST /_mock/verify`: counts, order, content, and what a failure explains.

use serde_json::{Value, json};

use super::super::support::{Asked, TestServer};
use super::{ask, told, toy, toy_with};

fn served() -> TestServer {
    let server = toy();
    for name in ["Ann", "Bob"] {
        let asked = Asked::new("POST", "/toy/count?dry=1").header("X-Trace", name);
        server.send(&asked.json(&json!({"name": name, "rows": [{"id": 1, "tags": ["x", "y"]}]}).to_string()));
    }
    ask(&server, "GET", "/toy/count", "");
    server
}

fn verify(server: &TestServer, body: &Value) -> (u16, Value) {
    told(server, "POST", "/_mock/verify", &body.to_string())
}

#[test]
fn what_was_called_as_expected_is_verified() {
    let server = served();
    let check = |expected: Value, found: u64| {
        let answer = verify(&server, &json!({"calls": [expected]}));
        assert_eq!(answer, (200, json!({"verified": true, "found": [found]})));
    };
    check(json!({"call": {"operation": "toy.add_count"}}), 2);
    check(json!({"call": {"operation": "toy.add_count"}, "exactly": 2}), 2);
    check(json!({"call": {"provider": "toy", "method": "post", "path": "/toy/*", "status": 201}, "at_least": 2}), 2);
    check(json!({"call": {"status": "2xx"}, "at_least": 2, "at_most": 3}), 3);
    check(json!({"call": {"path": "/toy/crash"}, "never": true}), 0);
    check(json!({"call": {"headers": {"x-trace": "Ann"}, "query": {"dry": "1"}}, "exactly": 1}), 1);
    check(json!({"call": {"body": {"name": "Bob"}}, "exactly": 1}), 1);
    check(json!({"call": {"body": {"rows": [{"tags": ["x", "y"]}]}}, "exactly": 2}), 2);
    check(json!({"call": {"body_at": {"$.rows[0].id": 1, "$.name": "Ann"}}, "exactly": 1}), 1);
    check(json!({"call": {"header": {"X-TRACE": "an*"}, "changed": true}, "exactly": 1}), 1);
    check(json!({"call": {"body_has": ["$.rows[0].tags", "$.name"]}, "exactly": 2}), 2);
    check(json!({"call": {"body_has": ["$.rows[1]"]}, "never": true}), 0);
    check(json!({"call": {"since": "2026-01-15T12:00:00Z", "until": "2026-01-15T12:00:00Z"}, "exactly": 3}), 3);
    check(json!({"call": {"since": "2026-01-15T12:00:01Z"}, "never": true}), 0);
    // A count of all calls says something, and so does the form of a body.
    check(json!({"call": {}, "exactly": 3}), 3);
    check(json!({"at_least": 1}), 3);
    check(json!({"at_least": 0, "at_most": 3}), 3);
    check(json!({"call": {"body": {}}, "exactly": 2}), 2);
    check(json!({"call": {"path": "/toy/crash"}, "exactly": 0}), 0);
    check(json!({"call": {"path": "/toy/crash"}, "at_most": 0}), 0);
}

#[test]
fn an_order_is_verified_with_others_in_between() {
    let server = served();
    let order = |names: &[&str]| {
        let calls: Vec<_> = names.iter().map(|name| json!({"call": {"headers": {"x-trace": name}}})).collect();
        verify(&server, &json!({"calls": calls, "in_order": true}))
    };
    assert_eq!(order(&["Ann", "Bob"]).0, 200);
    let (status, problem) = order(&["Bob", "Ann"]);
    assert_eq!(status, 409);
    let failure = &problem["failures"][0];
    let id = told(&server, "GET", "/_mock/requests/1", "").1["id"].take();
    let made = json!([{"number": 1, "id": id, "request": "POST /toy/count?dry=1", "status": 201}]);
    assert_eq!((&failure["call"], &failure["made"]), (&json!(1), &made));
    assert_eq!(failure["message"], "expected after request 2, found before it");
    assert_eq!(order(&["Ann", "Ann"]).0, 409, "one call cannot stand in two places");
}

#[test]
fn a_failure_shows_the_nearest_call_field_by_field() {
    let server = served();
    let call = json!({"method": "POST", "path": "/toy/count", "body": {"name": "Cid", "rows": [{"id": 1}]}});
    let answer = ask(&server, "POST", "/_mock/verify", &json!({"calls": [{"call": call}]}).to_string());
    assert_eq!((answer.status, answer.header("content-type")), (409, Some("application/problem+json")));
    let problem = answer.json();
    assert_eq!((&problem["status"], &problem["title"]), (&json!(409), &json!("Conflict")));
    let failure = &problem["failures"][0];
    assert_eq!((&failure["expected"], &failure["found"]), (&json!("at least 1"), &json!(0)));
    let nearest = &failure["nearest"];
    assert_eq!((&nearest["number"], &nearest["request"]), (&json!(2), &json!("POST /toy/count?dry=1")));
    assert_eq!(
        nearest["fields"],
        json!([
            {"field": "method", "agrees": true, "expected": "POST", "found": "POST"},
            {"field": "path", "agrees": true, "expected": "/toy/count", "found": "/toy/count"},
            {"field": "$.name", "agrees": false, "expected": "Cid", "found": "Bob"},
            {"field": "$.rows[0].id", "agrees": true, "expected": 1, "found": 1},
        ])
    );
    assert_eq!(failure["likely_wrong"], "unknown", "one value differs: either side may be wrong");
    assert!(problem["detail"].as_str().expect("a detail").contains("differs in $.name"), "{problem}");
}

#[test]
fn a_failure_says_which_side_is_probably_wrong() {
    let server = served();
    let side = |expected: Value| {
        let (status, problem) = verify(&server, &json!({"calls": [expected]}));
        assert_eq!(status, 409, "{problem}");
        let failure = &problem["failures"][0];
        (
            failure["likely_wrong"].as_str().expect("a side").to_owned(),
            failure["because"].as_str().expect("why").to_owned(),
        )
    };
    let (who, why) = side(json!({"call": {"path": "/toy/cuont"}}));
    assert_eq!(who, "expectation");
    assert!(why.contains("the nearest operation is GET /toy/count"), "{why}");
    let (who, why) = side(json!({"call": {"operation": "toy.get_count", "method": "POST"}}));
    assert_eq!((&*who, &*why), ("expectation", "`toy.get_count` is a GET and never a POST"));
    let (who, _) = side(json!({"call": {"operation": "toy.add_count"}, "never": true}));
    assert_eq!(who, "client");
    let (who, _) = side(json!({"call": {"operation": "toy.crash_count"}}));
    assert_eq!(who, "unknown", "one field differs");
    ask(&server, "POST", "/toy/crahs", "{}");
    let (who, why) = side(json!({"call": {"method": "POST", "path": "/toy/crash"}}));
    assert_eq!((&*who, &*why), ("client", "its nearest call hit no operation"));
}

#[test]
fn calls_that_made_room_for_others_are_not_called_missing() {
    let server = toy_with(|setup| setup.journal.exchanges = 1);
    for _ in 0..2 {
        ask(&server, "GET", "/toy/count", "");
    }
    let (_, problem) = verify(&server, &json!({"calls": [{"call": {"operation": "toy.add_count"}}]}));
    let failure = &problem["failures"][0];
    assert_eq!(failure["likely_wrong"], "unknown");
    assert!(failure["because"].as_str().expect("why").contains("--journal-size"), "{failure}");
}

#[test]
fn a_secret_or_a_cut_body_is_told_as_such() {
    let server = toy_with(|setup| setup.journal.body = 20);
    ask(&server, "POST", "/toy/count", r#"{"token": "abc"}"#);
    let note = |body: Value| {
        let (_, problem) = verify(&server, &json!({"calls": [{"call": {"method": "POST", "body": body}}]}));
        problem["failures"][0]["nearest"]["fields"][1]["note"].as_str().unwrap_or_default().to_owned()
    };
    assert_eq!(note(json!({"token": "abc"})), "the journal keeps no secrets; expect \"[redacted]\"");
    assert_eq!(verify(&server, &json!({"calls": [{"call": {"body": {"token": "[redacted]"}}}]})).0, 200);
    ask(&server, "POST", "/_mock/reset", r#"{"only": "journal"}"#);
    ask(&server, "POST", "/toy/count", r#"{"name": "a name that is long"}"#);
    assert_eq!(note(json!({"name": "x"})), "only 20 of 31 bytes are kept; --journal-body keeps more");
}

#[test]
fn a_wrong_expectation_is_refused() {
    let server = toy();
    for (body, at, detail) in [
        ("", "$", "expected at least one call, such as {\"calls\": [{\"call\""),
        (r#"{"calls": []}"#, "$", "or a claim that is true, such as {\"nothing_ignored\": true}"),
        (r#"{"calls": [], "in_order": true, "nothing_ignored": false}"#, "$", "no_near_miss or every_fault_struck"),
        (r#"{"nothing_ignord": true}"#, "$.nothing_ignord", "`nothing_ignored` was probably meant"),
        (r#"{"calls": [{"call": {"hint": "wrong"}}]}"#, "$.calls[0].call.hint", "or a reason: no_route, wrong_method"),
        (r#"{"calls": [{"call": {"ignored": "yes"}}]}"#, "$.calls[0].call.ignored", "expected true or false"),
        (r#"{"calls": [{}]}"#, "$.calls[0]", "expected a call, such as {\"call\""),
        (r#"{"calls": [{"call": {}}]}"#, "$.calls[0]", "or a count of all calls, such as {\"at_least\": 1}"),
        (r#"{"calls": [{"call": {"headers": {}, "query": {}, "body_at": {}}}]}"#, "$.calls[0]", "expected a call"),
        (r#"{"calls": [{"call": {"operation": null}}]}"#, "$.calls[0]", "expected a call"),
        (r#"{"calls": [{"call": {"status": 200}, "at_least": 0}]}"#, "$.calls[0]", "any number of calls is at least 0"),
        (r#"{"calls": [{"call": {"status": 200}}, {"at_least": 0}]}"#, "$.calls[1]", "any number of calls"),
        (r#"{"cals": []}"#, "$.cals", "unknown name `cals`"),
        (r#"{"calls": [{"call": {"opration": "x"}}]}"#, "$.calls[0].call.opration", "unknown name `opration`"),
        (r#"{"calls": [{"call": {"operation": "toy.gt_count"}}]}"#, "$.calls[0].call.operation", "`toy.get_count`"),
        (r#"{"calls": [{"call": {"status": 99}}]}"#, "$.calls[0].call.status", "expected a status"),
        (r#"{"calls": [{"call": {"status": [200]}}]}"#, "$.calls[0].call.status", "expected a status such as 404"),
        (r#"{"calls": [{"call": {"body_at": {"a": 1}}}]}"#, "$.calls[0].call.body_at", "expected a path"),
        (r#"{"calls": [{"call": {"body_has": ["a"]}}]}"#, "$.calls[0].call.body_has", "expected a path"),
        (r#"{"calls": [{"call": {"since": "noon"}}]}"#, "$.calls[0].call.since", "expected an RFC 3339 instant"),
        (r#"{"calls": [{"call": {"changed": "yes"}}]}"#, "$.calls[0].call.changed", "expected true or false"),
        (r#"{"calls": [{"call": {"path": "/toy/c*"}}]}"#, "$.calls[0].call.path", "write /toy/* for one segment"),
        (r#"{"calls": [{"exactly": 1, "never": true}]}"#, "$.calls[0]", "expected one of `exactly`"),
        (r#"{"calls": [{"at_least": 3, "at_most": 2}]}"#, "$.calls[0]", "expected one of `exactly`"),
    ] {
        let (status, problem) = told(&server, "POST", "/_mock/verify", body);
        assert_eq!((status, &problem["at"]), (400, &json!(at)), "{problem}");
        assert!(problem["detail"].as_str().expect("a detail").contains(detail), "{problem}");
    }
}

#[test]
fn a_verify_takes_so_many_calls_and_explains_so_many_failures() {
    let server = served();
    let calls = |count: usize| json!({"calls": vec![json!({"call": {"query": {"dry": "2"}}}); count]});
    let (status, problem) = verify(&server, &calls(1_000));
    let failures = problem["failures"].as_array().expect("failures");
    let explained = failures.iter().filter(|failure| !failure["nearest"].is_null()).count();
    assert_eq!((status, failures.len(), explained), (409, 1_000, 50));
    let (status, problem) = verify(&server, &calls(1_001));
    assert_eq!((status, &problem["at"]), (400, &json!("$.calls")), "{problem}");
    let long = |length: usize| json!({"calls": [{"call": {"body": {"name": "x".repeat(length)}}}]});
    assert_eq!(verify(&server, &long(65_000)).0, 409);
    let (status, problem) = verify(&server, &long(65_536));
    assert_eq!((status, &problem["at"]), (400, &json!("$.calls[0].call")), "{problem}");
}
