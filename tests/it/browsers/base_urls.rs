//! A wrong base URL is readable in a page, and the answer says what is wrong with it.

use persona_mock::internals::Cors;
use serde_json::{Value, json};

use super::{PAGES, has_cors, preflight, toy, with_token};
use crate::support::{Asked, TestServer, server};

#[test]
fn a_page_may_read_that_no_mount_takes_its_call() {
    for server in
        [toy(|_| {}), toy(|setup| setup.guard = with_token()), toy(|setup| setup.serving.require_sandbox = true)]
    {
        for origin in PAGES {
            for target in ["//toy/count", "/v9/count", "/_sandbox/t1/v9/count", "/_sandbox", "/"] {
                let target = format!("{target}?x=1");
                let asked = preflight("PUT", &target, origin).header("Access-Control-Request-Headers", "authorization");
                let (before, answer) =
                    (server.send(&asked), server.send(&Asked::new("PUT", &target).header("Origin", origin)));
                if target == "/?x=1" {
                    assert_eq!((before.status, answer.status), (403, 403), "the control API's own page");
                    continue;
                }
                let allowed = |name: &str| before.header(&format!("access-control-allow-{name}")).map(str::to_owned);
                assert_eq!((before.status, allowed("origin").as_deref()), (204, Some(origin)), "{target}");
                assert_eq!(allowed("methods").as_deref(), Some("PUT"));
                assert_eq!(allowed("headers").as_deref(), Some("authorization"));
                assert_eq!(answer.status, 404, "{target}: {}", answer.text());
                assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
                assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
                assert_eq!(answer.header("vary"), Some("Origin"));
                let exposed = answer.header("access-control-expose-headers").expect("exposed names");
                assert!(exposed.contains("x-mock-hint"), "{exposed}");
                let hint = answer.header("x-mock-hint").expect("a hint");
                let detail = answer.json()["detail"].clone();
                assert!(detail.as_str().is_some_and(|detail| detail.contains(hint)), "{detail}: {hint}");
            }
        }
    }
}

#[test]
fn such_a_call_is_journalled_and_counted_and_its_preflight_makes_no_sandbox() {
    let server = toy(|_| {});
    let origin = PAGES[0];
    assert_eq!(server.send(&preflight("POST", "/_sandbox/t1/v9/count", origin)).status, 204);
    assert_eq!(server.send(&Asked::new("GET", "/_mock/sandboxes/t1")).status, 404);
    let lost = Asked::new("POST", "/_sandbox/t1/v9/count").header("Origin", origin).json("{}");
    assert_eq!(server.send(&lost).status, 404);
    let entries = server.send(&Asked::new("GET", "/_sandbox/t1/_mock/requests")).json();
    let entry = &entries["requests"][0];
    assert_eq!(
        (&entry["request"]["target"], &entry["answer"]["status"]),
        (&json!("/v9/count"), &json!(404)),
        "{entries}"
    );
    let fields = entry["answer"]["headers"].to_string();
    assert!(fields.contains("did you mean /_sandbox/t1/toy/count"), "{fields}");
    let metrics = server.send(&Asked::new("GET", "/_mock/metrics")).text();
    let line = r#"persona_mock_requests_total{provider="none",operation="none",status="404"} 1"#;
    assert!(metrics.contains(line), "{metrics}");
}

#[test]
fn with_cors_off_or_for_another_page_it_carries_no_cors_fields() {
    let only = |setup: &mut persona_mock::internals::Setup| {
        setup.serving.cors = Cors::Only(vec!["http://app.test:3000".parse().expect("an origin")]);
    };
    for (server, origin) in [(toy(|setup| setup.serving.cors = Cors::Off), PAGES[0]), (toy(only), PAGES[1])] {
        for target in ["/v9/count", "/toy/nowhere", "//toy/count"] {
            let answer = server.send(&Asked::new("GET", target).header("Origin", origin));
            assert_eq!((answer.status, has_cors(&answer)), (404, false), "{target}");
            assert!(answer.header("x-mock-hint").is_some() || target == "/toy/nowhere");
            let answer = server.send(&preflight("GET", target, origin));
            assert_eq!((answer.status, has_cors(&answer)), (404, false), "{target}");
        }
    }
}

#[test]
fn a_sandbox_that_is_misnamed_can_be_read_too() {
    let answer = toy(|_| {}).send(&Asked::new("GET", "/_sandbox/a%20b/nowhere").header("Origin", "null"));
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (400, Some("null")));
}

#[test]
fn a_body_that_is_too_large_is_refused_in_words_that_a_page_can_read() {
    let server = toy(|setup| setup.serving.max_body = 10);
    let answer = server.send(&Asked::new("POST", "/v9/count").header("Origin", "null").body("more than ten bytes"));
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (413, Some("null")));
}

/// The hint for a request to all four vendors.
fn hint(server: &TestServer, method: &str, target: &str) -> String {
    let answer = server.send(&Asked::new(method, target).header("Authorization", "Bearer vm_any"));
    assert_eq!(answer.status, 404, "{method} {target}: {}", answer.text());
    answer.header("x-mock-hint").unwrap_or_else(|| panic!("{method} {target} has no hint")).to_owned()
}

#[test]
fn the_hint_names_the_right_path_and_what_is_wrong() {
    let server = TestServer::start(&server::setup());
    for (target, path, reason) in [
        // A slash too many.
        ("//api/personas", "/api/personas", "the base URL ends in a slash"),
        ("///v2//people", "/v2/people", "the base URL ends in a slash"),
        ("//v1/personas/", "/v1/personas/", "the base URL ends in a slash"),
        ("//_mock/clock", "/_mock/clock", "the base URL ends in a slash"),
        ("//_sandbox/t1/v2/people", "/_sandbox/t1/v2/people", "the base URL ends in a slash"),
        ("/_sandbox/t1//v2/people", "/_sandbox/t1/v2/people", "the base URL ends in a slash"),
        // No mount.
        ("/people", "/v2/people", "the base URL lacks /v2"),
        ("/users/me/teams", "/v1/users/me/teams", "the base URL lacks /v1"),
        ("/_sandbox/t1/roles", "/_sandbox/t1/v2/roles", "the base URL lacks /v2"),
        ("/clock", "/_mock/clock", "the base URL lacks /_mock"),
        ("/personas", "/api/personas, /v1/personas or /crud/personas", "the base URL lacks the provider's mount"),
        ("/personas/8", "/api/personas/8", "the base URL lacks /api"),
        // Another version, another name.
        ("/v3/users/me", "/v1/users/me", "/v3 is no mount"),
        ("/v3/personas", "/v1/personas", "/v3 is no mount"),
        ("/v10/personas/8", "/v1/personas/8", "/v10 is no mount"),
        ("/axero/personas", "/api/personas", "/axero is no mount"),
        ("/equals-money/people", "/v2/people", "/equals-money is no mount"),
        ("/vibemap/personas", "/crud/personas", "/vibemap is no mount"),
        ("/persons/personas", "/api/personas, /v1/personas or /crud/personas", "/persons is no mount"),
        ("/foo/people", "/v2/people", "/foo is no mount"),
        ("/foo/personas", "/api/personas, /v1/personas or /crud/personas", "/foo is no mount"),
        ("/__admin/requests", "/_mock/requests", "/__admin is no mount"),
        ("/undefined/people", "/v2/people", "a part of the base URL is undefined"),
        // Something before the mount.
        ("/vijil/v1/personas/", "/v1/personas/", "/vijil does not belong in the base URL"),
        ("/index.html/api/personas", "/api/personas", "/index.html does not belong in the base URL"),
        ("/undefined/api/personas", "/api/personas", "a part of the base URL is undefined"),
        ("/http://127.0.0.1:8080/v2/people", "/v2/people", "the address stands there twice"),
        // Letter case.
        ("/V1/personas/", "/v1/personas/", "letter case counts"),
        ("/CRUD/personas", "/crud/personas", "letter case counts"),
        ("/_MOCK/health", "/_mock/health", "letter case counts"),
        // A slash too few.
        ("/apipersonas/8", "/api/personas/8", "a slash is missing behind /api"),
        ("/v1personas/", "/v1/personas/", "a slash is missing behind /v1"),
        // Sandboxes.
        ("/_sandbox", "/_sandbox/NAME", "the base URL names no sandbox"),
        ("/_sandbox/api/personas", "/_sandbox/NAME/api/personas", "the base URL names no sandbox"),
        ("/_sandbox/v1/personas/", "/_sandbox/NAME/v1/personas/", "the base URL names no sandbox"),
        ("/sandbox/t1/v2/people", "/_sandbox/t1/v2/people", "a sandbox's base URL is /_sandbox/NAME"),
        ("/_Sandboxes/t1/v2/people", "/_sandbox/t1/v2/people", "a sandbox's base URL is /_sandbox/NAME"),
        // Below a mount, in the vendor's words and with the same hint.
        ("/api/api/personas", "/api/personas", "/api stands there twice"),
        ("/v1/v1/personas/", "/v1/personas/", "/v1 stands there twice"),
        ("/api/crud/crud/personas", "/api/crud/personas", "/crud stands there twice"),
        ("/api/v1/users/me", "/v1/users/me", "/api does not belong in the base URL"),
        ("/v2/v1/personas/", "/v1/personas/", "/v2 does not belong in the base URL"),
        ("/_sandbox/t1/api/v2/people", "/_sandbox/t1/v2/people", "/api does not belong in the base URL"),
        ("/v1/personas/v1/personas/", "/v1/personas/", "/v1/personas does not belong in the base URL"),
        ("/api//personas", "/api/personas", "the base URL ends in a slash"),
    ] {
        assert_eq!(hint(&server, "GET", target), format!("did you mean {path}: {reason}"), "GET {target}");
    }
}

#[test]
fn no_path_is_named_that_leads_to_nothing() {
    let server = TestServer::start(&server::setup());
    for (target, reason) in [
        ("//api/nonsense", "the base URL ends in a slash"),
        ("/foo/api/nonsense", "/foo does not belong in the base URL"),
        ("/V1/nonsense", "letter case counts"),
    ] {
        let hint = hint(&server, "GET", target);
        let start = format!("nothing is mounted at {target}; {reason}; the nearest operation is GET /");
        assert!(hint.starts_with(&start), "{target}: {hint}");
    }
}

#[test]
fn the_method_decides_between_mounts() {
    let server = TestServer::start(&server::setup());
    for (method, target, path) in [
        ("PATCH", "/personas/8", "/v2/personas/8: the base URL lacks /v2"),
        ("PATCH", "/v3/personas/8", "/v2/personas/8: /v3 is no mount"),
        ("PUT", "/v3/personas/8", "/v1/personas/8: /v3 is no mount"),
        ("POST", "/auth/jwt/login", "/v1/auth/jwt/login: the base URL lacks /v1"),
        ("PUT", "/clock", "/_mock/clock: the base URL lacks /_mock"),
    ] {
        assert_eq!(hint(&server, method, target), format!("did you mean {path}"), "{method} {target}");
    }
}

#[test]
fn what_is_like_nothing_is_told_the_mounts_or_the_nearest_operation() {
    let server = TestServer::start(&server::setup());
    for target in [
        "/favicon.ico",
        "/static/js/main.js",
        "/xyz",
        "/docs",
        &format!("/{}", "x/".repeat(200)),
        &format!("/{}", "x".repeat(5_000)),
    ] {
        let told = hint(&server, "GET", target);
        assert!(told.starts_with("nothing is mounted at /"), "GET {target}: {told}");
        assert!(told.ends_with("; the mounts are /api, /v2, /v1, /crud, /api/crud, /_mock"), "GET {target}: {told}");
    }
    let detail = server.send(&Asked::new("GET", "/favicon.ico")).json()["detail"].to_string();
    assert_eq!(detail.matches("the mounts are").count(), 1, "{detail}");
    let told = hint(&server, "PATCH", "/v3/persons/8");
    assert!(told.contains("; the nearest operation is PATCH /v2/personas/{personaId}"), "{told}");
    assert!(hint(&server, "GET", "/api/persona").contains("; the nearest operation is GET /api/personas"));
}

#[test]
fn a_mount_that_a_setting_brings_counts_in_its_sandbox_alone() {
    let server = TestServer::start(&server::setup());
    let settings = json!({"providers": {"vijil": {"unprefixed": "on"}}}).to_string();
    assert_eq!(server.send(&Asked::new("PUT", "/_sandbox/t1/_mock/settings").json(&settings)).status, 200);
    let teams = Asked::new("GET", "/_sandbox/t1/users/me/teams").header("Authorization", "Bearer any");
    assert_eq!(server.send(&teams).status, 200);
    assert_eq!(hint(&server, "GET", "/users/me"), "did you mean /v1/users/me: the base URL lacks /v1");
}

#[test]
fn a_path_cannot_put_a_header_field_into_the_answer() {
    let server = TestServer::start(&server::setup());
    for target in ["/foo%0d%0aX-Evil:%201/people", "/%00/people", "/%ff/v2/people", "/%f0%9f%a6%80/people"] {
        let answer = server.send(&Asked::new("GET", target));
        assert_eq!((answer.status, answer.header("x-evil")), (404, None), "{target}");
        let hint = answer.header("x-mock-hint").unwrap_or_else(|| panic!("{target} has no hint"));
        assert!(hint.is_ascii() && hint.contains("/v2/people"), "{hint}");
        assert!(matches!(answer.json()["detail"], Value::String(_)));
    }
}
