//! Lists, single exchanges, HAR, bounds, secrets, metrics.

use persona_mock::internals::Bounds;
use persona_mock::internals::JournalBounds;
use serde_json::{Value, json};

use super::super::support::Asked;
use super::{ask, numbers, shown, told, toy, toy_with};

#[test]
fn an_exchange_is_kept_as_it_was_asked_and_answered() {
    let server = toy();
    let asked = Asked::new("POST", "/_sandbox/t1/toy/count?a=1&b=x%20y").header("X-B", "2").header("X-A", "1");
    server.send(&asked.json(r#"{"n" : 1.50}"#));
    let entries = shown(&server, "");
    assert_eq!(entries, [Value::Null; 0], "another sandbox's journal is its own");
    let (_, page) = told(&server, "GET", "/_sandbox/t1/_mock/requests", "");
    assert_eq!((&page["written"], &page["gone"], page.get("next")), (&json!(1), &json!(0), None));
    let entry = &page["requests"][0];
    assert_eq!(entry["at"], "2026-01-15T12:00:00Z");
    assert_eq!((&entry["provider"], &entry["operation"]), (&json!("toy"), &json!("toy.add_count")));
    assert_eq!((&entry["provenance"], &entry["changed"]), (&json!("extension"), &json!(true)));
    assert_eq!((&entry["ignored"], entry.get("hint"), entry.get("fault")), (&json!([]), None, None));
    let request = &entry["request"];
    assert_eq!((&request["method"], &request["target"]), (&json!("POST"), &json!("/toy/count?a=1&b=x%20y")));
    assert_eq!((&request["json"], &request["size"], &request["cut"]), (&json!({"n": 1.5}), &json!(12), &json!(false)));
    let names: Vec<_> = request["headers"].as_array().expect("fields").iter().map(|pair| pair[0].clone()).collect();
    assert_eq!(names, ["content-length", "content-type", "host", "x-a", "x-b"]);
    let answer = &entry["answer"];
    assert_eq!((&answer["status"], &answer["json"]["count"]), (&json!(201), &json!(2)));
    let headers = answer["headers"].to_string();
    for field in ["x-mock-provenance", "date", "x-mock-sandbox-created", "location"] {
        assert!(headers.contains(field), "what really left the server: {headers}");
    }
    let id = entry["id"].as_str().expect("an id");
    for name in [id, "1"] {
        assert_eq!(told(&server, "GET", &format!("/_sandbox/t1/_mock/requests/{name}"), "").1["id"], entry["id"]);
    }
    assert_eq!(told(&server, "GET", "/_sandbox/t1/_mock/requests/2", "").0, 404);
    assert_eq!(told(&server, "GET", &format!("/_mock/requests/{id}"), "").0, 404);
}

#[test]
fn a_body_is_shown_byte_for_byte() {
    let server = toy();
    let body = "{\"z\":1,\"a\":12345678901234567890123,  \"z\":2.50}";
    server.send(&Asked::new("POST", "/toy/count").json(body));
    let page = ask(&server, "GET", "/_mock/requests", "").text();
    assert!(page.contains(body), "{page}");
    server.send(&Asked::new("POST", "/toy/count").body(vec![0xff, 0x00]));
    server.send(&Asked::new("POST", "/toy/count").body("no json"));
    let entries = shown(&server, "");
    assert_eq!(entries[1]["request"]["base64"], "/wA=");
    assert_eq!(entries[2]["request"]["text"], "no json");
}

#[test]
fn only_what_writes_has_changed_the_state() {
    let server = toy();
    for (method, target) in [("GET", "/toy/count"), ("POST", "/toy/count"), ("POST", "/toy/crash")] {
        ask(&server, method, target, "");
    }
    let changed: Vec<_> = shown(&server, "").iter().map(|entry| entry["changed"].clone()).collect();
    assert_eq!(changed, [false, true, false]);
    assert_eq!(numbers(&shown(&server, "?changed=true")), [2]);
}

#[test]
fn a_page_is_filtered_and_followed_by_a_cursor() {
    let server = toy();
    for number in 1..=6 {
        let asked = Asked::new("POST", "/toy/count").header("X-Turn", if number % 2 == 0 { "even" } else { "odd" });
        server.send(&asked.json(&json!({"n": number, "rows": [{"name": "a b"}]}).to_string()));
    }
    ask(&server, "GET", "/toy/count", "");
    ask(&server, "GET", "/toy/nothing", "");
    let check = |query: &str, expected: &[u64]| assert_eq!(numbers(&shown(&server, query)), expected, "{query}");
    check("?operation=toy.get_count", &[7]);
    check("?provider=toy&status=404", &[8]);
    check("?status=2xx&method=get", &[7]);
    check("?path=/toy/*&method=GET", &[7, 8]);
    check("?header=x-turn:%20even", &[2, 4, 6]);
    check("?header=X-Turn&body=$.n=3", &[3]);
    check("?header=X-TURN:%20E*N", &[2, 4, 6]);
    check("?body=%7B%22n%22:3%7D", &[3]);
    check("?body=$.rows[0].name=a%20b&limit=2", &[1, 2]);
    check("?body=$.nothing", &[]);
    check("?since=2026-01-15T12:00:00Z&until=2026-01-15T12:00:00Z&status=404", &[8]);
    check("?since=2026-01-15T12:00:01Z", &[]);
    check("?order=newest&limit=2", &[8, 7]);
    let (mut cursor, mut seen) = (String::new(), Vec::new());
    loop {
        let (_, page) = told(&server, "GET", &format!("/_mock/requests?header=x-turn&limit=4{cursor}"), "");
        seen.extend(numbers(page["requests"].as_array().expect("a list")));
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    assert_eq!(seen, [1, 2, 3, 4, 5, 6]);
    let (_, page) = told(&server, "GET", "/_mock/requests?order=newest&limit=5", "");
    let next = page["next"].as_str().expect("a cursor");
    check(&format!("?order=newest&limit=5&cursor={next}"), &[3, 2, 1]);
}

#[test]
fn the_exchanges_that_a_fault_struck_are_listed_and_verified() {
    let server = toy();
    for (id, action) in [("late", json!({"delay": {"fixed": "1ms"}})), ("no", json!({"refuse": {"status": 503}}))] {
        let rule = json!({"id": id, "action": action, "when": {"every": if id == "no" { 2 } else { 1 }}});
        ask(&server, "POST", "/_mock/faults", &rule.to_string());
    }
    for _ in 0..2 {
        ask(&server, "GET", "/toy/count", "");
    }
    server.send(&Asked::new("GET", "/toy/count").header("X-Mock-Fault", "delay=1ms"));
    for (id, expected) in [("late", &[1, 2][..]), ("no", &[2]), ("request", &[3]), ("lat", &[]), ("late, no", &[])] {
        let target = format!("/_mock/requests?fault={}", id.replace(' ', "%20"));
        let (_, page) = told(&server, "GET", &target, "");
        assert_eq!(numbers(page["requests"].as_array().expect("a list")), expected, "{id}");
        let call = json!({"calls": [{"call": {"fault": id}, "exactly": expected.len()}]});
        assert_eq!(told(&server, "POST", "/_mock/verify", &call.to_string()).0, 200, "{id}");
    }
    let call = json!({"calls": [{"call": {"operation": "toy.get_count", "fault": "nay"}}]});
    let (_, problem) = told(&server, "POST", "/_mock/verify", &call.to_string());
    let field = json!({"field": "fault", "agrees": false, "expected": "nay", "found": "request"});
    assert_eq!(problem["failures"][0]["nearest"]["fields"][1], field);
}

#[test]
fn a_wrong_filter_says_what_would_be_right() {
    let server = toy();
    for (query, at, detail) in [
        ("stauts=1", "query.stauts", "`status` was probably meant; the parameters are provider, operation, method"),
        ("status=6xx", "query.status", "expected a status such as 404 or 4xx"),
        ("operation=toy.get_cuont", "query.operation", "did you mean `toy.get_count`?"),
        ("provider=tyo", "query.provider", "the providers are toy"),
        ("since=noon", "query.since", "expected an RFC 3339 instant"),
        ("body=n", "query.body", "expected a path such as $.rows[0].name"),
        ("limit=0", "query.limit", "expected a whole number from 1 to 1000, such as 100, found \"0\""),
        ("order=up", "query.order", "expected `oldest` or `newest`"),
        ("cursor=x", "query.cursor", "expected the `next` of the page before, a whole number"),
    ] {
        let (status, problem) = told(&server, "GET", &format!("/_mock/requests?{query}"), "");
        assert_eq!((status, &problem["at"]), (400, &json!(at)), "{problem}");
        assert!(problem["detail"].as_str().expect("a detail").contains(detail), "{problem}");
    }
}

#[test]
fn secrets_never_reach_the_journal() {
    let server = toy();
    let asked = Asked::new("POST", "/toy/count?token=hushhush&limit=1")
        .header("Authorization", "Bearer hushhush+sandbox.default")
        .header("Cookie", "session=hushhush")
        .header("X-Api-Key", "hushhush");
    server.send(&asked.json(r#"{"email": "a@b.c", "password": "hushhush", "apiKey": ["hushhush"]}"#));
    for page in ["/_mock/requests", "/_mock/requests/1", "/_mock/requests.har", "/_mock/requests.pact"] {
        let text = ask(&server, "GET", page, "").text();
        // The toy's answer repeats the request's body as text inside its own JSON.
        assert!(!text.contains("hushhush"), "{text}");
    }
    let entry = shown(&server, "").remove(0);
    let request = entry["request"].to_string();
    assert!(!request.contains("hushhush"), "{request}");
    for kept in ["Bearer [redacted]", "a@b.c", "/toy/count?token=[redacted]&limit=1"] {
        assert!(request.contains(kept), "{kept} is missing: {request}");
    }
}

#[test]
fn the_ring_is_bounded_and_a_large_body_is_cut() {
    let server =
        toy_with(|setup| setup.journal = JournalBounds { exchanges: 3, body: 100, ..JournalBounds::default() });
    let post = || server.send(&Asked::new("POST", "/toy/count").json(&format!("\"{}\"", "ä".repeat(500))));
    for _ in 0..3 {
        post();
    }
    let bytes = || {
        let text = ask(&server, "GET", "/_mock/metrics", "").text();
        text.lines().find_map(|line| line.strip_prefix("persona_mock_journal_bytes ").map(str::to_owned))
    };
    let held = bytes();
    for _ in 0..20 {
        post();
        assert_eq!(bytes(), held, "memory after one more exchange equals memory before");
    }
    let entries = shown(&server, "");
    assert_eq!(numbers(&entries), [21, 22, 23]);
    let request = &entries[0]["request"];
    assert_eq!((&request["size"], &request["cut"]), (&json!(1_002), &json!(true)));
    assert_eq!(request["text"].as_str().map(|text| text.chars().count()), Some(50), "no half character is shown");
    let (_, page) = told(&server, "GET", "/_mock/requests", "");
    assert_eq!((&page["written"], &page["gone"]), (&json!(23), &json!(20)));
}

#[test]
fn a_journal_of_no_size_is_refused_and_not_shown_empty() {
    let server = toy_with(|setup| setup.journal.exchanges = 0);
    ask(&server, "GET", "/toy/count", "");
    for (method, target) in [("GET", "/_mock/requests"), ("GET", "/_mock/requests.har"), ("GET", "/_mock/events")] {
        assert_eq!(told(&server, method, target, "").0, 409, "{target}");
    }
    assert_eq!(told(&server, "POST", "/_mock/verify", r#"{"calls": [{"at_least": 1}]}"#).0, 409);
}

#[test]
fn a_reset_empties_the_journal_alone_or_with_the_rest() {
    let server = toy();
    let count = || ask(&server, "GET", "/toy/count", "").json()["count"].clone();
    let first = || shown(&server, "")[0]["id"].clone();
    ask(&server, "POST", "/toy/count", "");
    let id = first();
    let only = told(&server, "POST", "/_mock/reset", r#"{"only": "journal"}"#);
    assert_eq!(only, (200, json!({"sandbox": "default", "reset": "journal"})));
    assert!(shown(&server, "").is_empty());
    assert_eq!(count(), 2, "the data stays");
    assert_eq!(first(), id, "ids start anew, from a stream of their own");
    assert_eq!(told(&server, "POST", "/_mock/reset", r#"{"only": "toy"}"#).0, 200);
    assert_eq!(shown(&server, "").len(), 1, "a provider's reset leaves the journal");
    assert_eq!(told(&server, "POST", "/_mock/reset", "").0, 200);
    assert!(shown(&server, "").is_empty());
}

#[test]
fn a_har_file_has_every_field_that_its_specification_requires() {
    let server = toy();
    ask(&server, "POST", "/_sandbox/t1/toy/count?a=1", r#"{"n": 1}"#);
    ask(&server, "GET", "/_sandbox/t1/toy/nothing", "");
    let (status, har) = told(&server, "GET", "/_sandbox/t1/_mock/requests.har", "");
    assert_eq!(status, 200);
    let log = &har["log"];
    assert_eq!((&log["version"], &log["creator"]["name"]), (&json!("1.2"), &json!("persona-mock")));
    assert!(log["creator"]["version"].is_string());
    let entries = log["entries"].as_array().expect("entries");
    assert_eq!(entries.len(), 2);
    for entry in entries {
        assert!(entry["startedDateTime"].as_str().is_some_and(|at| at.parse::<jiff::Timestamp>().is_ok()));
        assert!(entry["time"].is_number() && entry["cache"].is_object());
        for part in ["send", "wait", "receive"] {
            assert!(entry["timings"][part].is_number(), "{part}");
        }
        for side in ["request", "response"] {
            for (field, is) in [("headersSize", Value::is_i64 as fn(&Value) -> bool), ("httpVersion", Value::is_string)]
            {
                assert!(is(&entry[side][field]), "{side}.{field}");
            }
            assert!(entry[side]["bodySize"].is_u64() && entry[side]["cookies"].is_array());
            for pair in entry[side]["headers"].as_array().expect("fields") {
                assert!(pair["name"].is_string() && pair["value"].is_string());
            }
        }
        assert!(entry["request"]["method"].is_string() && entry["request"]["queryString"].is_array());
        let response = &entry["response"];
        assert!(
            response["status"].is_u64() && response["statusText"].is_string() && response["redirectURL"].is_string()
        );
        assert!(response["content"]["size"].is_u64() && response["content"]["mimeType"].is_string());
    }
    let request = &entries[0]["request"];
    assert_eq!(request["url"], "http://mock.test/_sandbox/t1/toy/count?a=1");
    assert_eq!(request["queryString"], json!([{"name": "a", "value": "1"}]));
    assert_eq!(request["postData"]["text"], r#"{"n": 1}"#);
    assert_eq!(
        (&entries[1]["response"]["statusText"], entries[1]["request"].get("postData")),
        (&json!("Not Found"), None)
    );
    let (_, filtered) = told(&server, "GET", "/_sandbox/t1/_mock/requests.har?status=404", "");
    assert_eq!(filtered["log"]["entries"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_request_that_hits_no_operation_is_told_the_nearest() {
    let server = toy();
    let missed = ask(&server, "GET", "/toy/cuont", "");
    assert_eq!((missed.status, missed.json()), (404, json!({"toy": 404})), "the vendor's body is never touched");
    assert_eq!(
        missed.header("x-mock-hint"),
        Some("GET /toy/cuont is no operation; the nearest operation is GET /toy/count (toy.get_count)")
    );
    assert_eq!(
        ask(&server, "PUT", "/toy/count", "{}").header("x-mock-hint"),
        Some("PUT is no method of /toy/count; send POST (toy.add_count)")
    );
    ask(&server, "GET", "/count", "");
    let entries = shown(&server, "");
    let hint = &entries[0]["hint"];
    assert_eq!((&hint["reason"], &hint["likely_wrong"]), (&json!("no_route"), &json!("client")));
    assert_eq!(hint["nearest"]["operation"], "toy.get_count");
    assert_eq!(hint["fields"], json!([{"field": "path segment 2", "expected": "count", "found": "cuont"}]));
    assert_eq!(entries[1]["hint"]["reason"], "wrong_method");
    assert_eq!(entries[1]["hint"]["fields"][0], json!({"field": "method", "expected": "POST", "found": "PUT"}));
    let outside = &entries[2];
    assert_eq!((&outside["provider"], &outside["answer"]["status"]), (&Value::Null, &json!(404)));
    assert_eq!(outside["hint"]["fields"], json!([{"field": "path segment 1", "expected": "toy"}]));
}

#[test]
fn metrics_count_what_happened() {
    let server = toy_with(|setup| setup.bounds = Bounds { sandboxes: 1, ..Bounds::default() });
    for target in [
        "/toy/count",
        "/toy/count",
        "/toy/nothing",
        "/nowhere",
        "/_sandbox/a/toy/count",
        "/_sandbox/b/toy/count",
        "/_sandbox/a/toy/count",
    ] {
        ask(&server, "GET", target, "");
    }
    let answer = ask(&server, "GET", "/_mock/metrics", "");
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    let text = answer.text();
    for line in [
        "persona_mock_requests_total{provider=\"toy\",operation=\"toy.get_count\",status=\"200\"} 5",
        "persona_mock_requests_total{provider=\"toy\",operation=\"none\",status=\"404\"} 1",
        "persona_mock_requests_total{provider=\"none\",operation=\"none\",status=\"404\"} 1",
        "persona_mock_request_duration_seconds_count{provider=\"toy\",operation=\"toy.get_count\",class=\"2xx\"} 5",
        "persona_mock_request_duration_seconds_bucket{provider=\"toy\",operation=\"toy.get_count\",class=\"2xx\",le=\"+Inf\"} 5",
        "persona_mock_request_duration_seconds_count{provider=\"toy\",operation=\"none\",class=\"4xx\"} 1",
        "persona_mock_sandboxes 2",
        "persona_mock_sandboxes_created_total{reason=\"new\"} 2",
        "persona_mock_sandboxes_created_total{reason=\"evicted\"} 1",
        "persona_mock_sandboxes_removed_total{reason=\"evicted\"} 2",
        "persona_mock_journal_exchanges 5",
        "persona_mock_event_streams 0",
    ] {
        assert!(text.lines().any(|found| found == line), "{line} is missing:\n{text}");
    }
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let (series, value) = line.rsplit_once(' ').expect("a value");
        let name = series.split('{').next().expect("a name");
        let of_histogram = ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end));
        let name = of_histogram.filter(|name| name.ends_with("_seconds")).unwrap_or(name);
        assert!(value.parse::<f64>().is_ok() && text.contains(&format!("# TYPE {name} ")), "{line}");
    }
}

#[test]
fn a_fault_that_struck_is_kept_and_named_as_the_reason() {
    let server = toy();
    let struck = server.send_unjudged(&Asked::new("GET", "/toy/count").header("X-Mock-Fault", "delay=1ms"));
    let entry = shown(&server, "").remove(0);
    assert_eq!(entry["fault"].as_str(), struck.header("x-mock-fault"));
    assert_eq!((&entry["hint"]["reason"], &entry["hint"]["likely_wrong"]), (&json!("fault"), &json!("nobody")));
    let own = "the request itself asked for the fault of this answer by X-Mock-Fault: delay=1ms";
    assert_eq!((&entry["hint"]["message"], struck.header("x-mock-hint")), (&json!(own), Some(own)));
    server.send_unjudged(
        &Asked::new("POST", "/_mock/faults").json(r#"{"id": "late", "action": {"delay": {"fixed": "1ms"}}}"#),
    );
    let struck = server.send_unjudged(&Asked::new("GET", "/toy/count"));
    let entry = shown(&server, "").remove(1);
    assert_eq!((&entry["hint"]["reason"], &entry["hint"]["likely_wrong"]), (&json!("fault"), &json!("mock")));
    assert_eq!(entry["hint"]["message"].as_str(), struck.header("x-mock-hint"));
    assert!(struck.header("x-mock-hint").is_some_and(|told| told.contains("rule `late` (delay=1ms; every request)")));
}
