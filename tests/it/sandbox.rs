//! Sandboxes on the wire: how a request names one, and that none sees another.

use std::time::Duration;

use persona_mock::internals::Bounds;
use persona_mock::internals::Setup;
use persona_mock::provider::{AuthMode, register};

use super::support::toy::Toy;
use super::support::{Answer, Asked, TestServer, server};

fn toy(change: impl FnOnce(&mut Setup)) -> TestServer {
    let mut setup = server::setup();
    change(&mut setup);
    TestServer::with(&[register(Toy)], &setup)
}

fn add(server: &TestServer, asked: Asked) -> (Option<String>, Option<String>, Option<u64>) {
    let answer = server.send(&asked);
    let field = |name: &str| answer.header(name).map(str::to_owned);
    (field("x-mock-sandbox"), field("x-mock-sandbox-created"), answer.json()["count"].as_u64())
}

fn post(target: &str) -> Asked {
    Asked::new("POST", target).body("{}")
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn base_url_header_and_credential_name_the_same_world() {
    let server = toy(|_| {});
    assert_eq!(add(&server, post("/_sandbox/t1/toy/count")), (some("t1"), some("new"), Some(2)));
    assert_eq!(add(&server, post("/toy/count").header("X-Mock-Sandbox", "t1")), (some("t1"), None, Some(3)));
    let credential = post("/toy/count").header("Authorization", "Bearer abc+sandbox.t1");
    assert_eq!(add(&server, credential), (some("t1"), None, Some(4)));
    assert_eq!(add(&server, post("/_sandbox/t2/toy/count")), (some("t2"), some("new"), Some(2)));
    assert_eq!(add(&server, post("/toy/count")), (some("default"), None, Some(2)));
}

#[test]
fn links_keep_the_prefix_of_the_base_url() {
    let base = |server: &TestServer, target: &str| server.send(&Asked::new("GET", target)).json()["base"].clone();
    assert_eq!(base(&toy(|_| {}), "/_sandbox/t1/toy/count"), "http://mock.test/_sandbox/t1");
    let created = toy(|_| {}).send(&post("/_sandbox/t1/toy/count"));
    assert_eq!(created.header("location"), Some("/_sandbox/t1/toy/count"));
    let public = toy(|setup| setup.public_url = Some("https://x.test".to_owned()));
    assert_eq!(base(&public, "/_sandbox/t1/toy/count"), "https://x.test/_sandbox/t1");
}

fn refusal(answer: &Answer) -> (u16, serde_json::Value, String) {
    (answer.status, answer.json(), answer.header("x-mock-error").expect("a diagnosis").to_owned())
}

#[test]
fn a_bad_name_or_two_that_disagree_are_refused_in_the_vendors_form() {
    let server = toy(|_| {});
    let toy_400 = serde_json::json!({"toy": 400});
    let (status, body, error) = refusal(&server.send(&post("/_sandbox/a%20b/toy/count")));
    assert_eq!((status, body), (400, toy_400.clone()));
    assert!(error.starts_with("a sandbox's name is 1 to 64 letters"), "{error}");
    let (status, body, error) = refusal(&server.send(&post("/_sandbox/t1/toy/count").header("X-Mock-Sandbox", "t2")));
    assert_eq!((status, body), (400, toy_400));
    assert_eq!(error, "the request names two sandboxes: t1 by its base URL, t2 by its header X-Mock-Sandbox");
    let outside = server.send(&Asked::new("GET", "/_sandbox/a%20b/nowhere"));
    assert_eq!((outside.status, outside.header("content-type")), (400, Some("application/problem+json")));
}

#[test]
fn a_required_sandbox_must_be_named() {
    let server = toy(|setup| setup.serving.require_sandbox = true);
    let (status, _, error) = refusal(&server.send(&post("/toy/count")));
    assert_eq!(status, 400);
    assert!(error.starts_with("this server requires a sandbox"), "{error}");
    assert_eq!(add(&server, post("/_sandbox/t1/toy/count")).2, Some(2));
}

#[test]
fn a_lost_world_is_never_silent() {
    let server = toy(|setup| setup.bounds = Bounds { sandboxes: 1, safe: Duration::ZERO, ..Bounds::default() });
    for (name, created) in [("a", "new"), ("b", "new"), ("a", "evicted")] {
        let (_, told, count) = add(&server, post(&format!("/_sandbox/{name}/toy/count")));
        assert_eq!((told.as_deref(), count), (Some(created), Some(2)), "{name}");
    }
}

#[test]
fn a_preflight_makes_no_world() {
    let server = toy(|_| {});
    let preflight = Asked::new("OPTIONS", "/_sandbox/t1/toy/count")
        .header("Origin", "http://app.test")
        .header("Access-Control-Request-Method", "POST");
    assert_eq!(server.send(&preflight).status, 204);
    let answer = server.send(&post("/_sandbox/t1/toy/count").header("Origin", "http://app.test"));
    assert_eq!(answer.header("x-mock-sandbox-created"), Some("new"));
    assert!(answer.header("access-control-expose-headers").expect("names").contains("x-mock-sandbox-created"));
}

#[test]
fn a_login_into_a_sandbox_gives_a_token_that_carries_it_on() {
    let server = TestServer::start(&Setup { auth: AuthMode::Strict, ..server::setup() });
    let fixture: serde_json::Value = serde_json::from_str(include_str!("../../fixtures/vijil.json")).expect("JSON");
    let (email, password) = (&fixture["users"][0]["email"], &fixture["users"][0]["password"]);
    let email = email.as_str().expect("an address").replace('@', "+sandbox.t1@");
    let login = serde_json::json!({"email": email, "password": password}).to_string();
    let answer = server.send(&Asked::new("POST", "/v1/auth/jwt/login").json(&login));
    assert_eq!((answer.status, answer.header("x-mock-sandbox")), (200, Some("t1")), "{}", answer.text());
    let bearer = |answer: &Answer| format!("Bearer {}", answer.json()["access_token"].as_str().expect("a token"));
    let token = bearer(&answer);
    let refreshed = server.send(&Asked::new("POST", "/v1/auth/jwt/refresh").header("Authorization", &token));
    for token in [token, bearer(&refreshed)] {
        let me = server.send(&Asked::new("GET", "/v1/users/me").header("Authorization", &token));
        assert_eq!((me.status, me.header("x-mock-sandbox")), (200, Some("t1")), "{}", me.text());
    }
    let pair = r#"{"client_id": "vk_any+sandbox.t2", "client_secret": "x"}"#;
    let asked = Asked::new("POST", "/v1/auth/token").json(pair).header("X-Mock-Sandbox", "t1");
    let answer = server.send(&asked);
    let error = answer.header("x-mock-error").expect("a diagnosis");
    assert_eq!(answer.status, 400);
    assert!(error.contains("t1 by its header X-Mock-Sandbox, t2 by its credential"), "{error}");
}

#[test]
fn every_vendors_key_may_name_a_sandbox() {
    let server = TestServer::start(&server::setup());
    for (target, name, value) in [
        ("/api/personas/188", "Authorization", "Bearer x+sandbox.t1"),
        ("/api/personas/188", "Rest-Api-Key", "x+sandbox.t1"),
        ("/v2/roles", "Authorization", "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a+sandbox.t1"),
        ("/v1/users/me", "Authorization", "Bearer x+sandbox.t1"),
        ("/crud/personas", "Authorization", "Bearer vm_x+sandbox.t1"),
    ] {
        let answer = server.send(&Asked::new("GET", target).header(name, value));
        assert_eq!((answer.status, answer.header("x-mock-sandbox")), (200, Some("t1")), "{target} {name}");
    }
}
