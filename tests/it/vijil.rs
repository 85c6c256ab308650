//! Vijil: what FastAPI and pydantic answered, replayed.

use persona_mock::http::hall::Setup;
use persona_mock::http::provider::AuthMode;

use super::support::{Answer, Asked, TestServer, recording, server};

/// The header fields that the framework settles.
const HEADERS: [&str; 5] = ["content-type", "allow", "location", "www-authenticate", "set-cookie"];

/// Stands in a recording for whatever id the mock draws.
const DRAWN: &str = "11111111-2222-4333-8444-555555555555";

/// The recorded answer with the id that the mock drew.
fn with_drawn_id(expected: &Answer, found: &Answer) -> Answer {
    let mut expected = expected.clone();
    let id = serde_json::from_slice::<serde_json::Value>(&found.body).ok();
    if let Some(id) = id.as_ref().and_then(|body| body["id"].as_str()).filter(|_| expected.text().contains(DRAWN)) {
        expected.body = expected.text().replacen(DRAWN, id, 1).into_bytes();
    }
    expected
}

#[test]
fn recordings() {
    let server = TestServer::start(&server::setup());
    let count = recording::replay(&server, &recording::file("vijil"), |_, _, expected, found| {
        recording::same(&with_drawn_id(expected, found), found, &HEADERS)
    });
    assert!(count >= 2_000, "only {count} recordings");
}

#[test]
fn a_token_of_the_mocks_own_keeps_its_owner_and_its_life_in_every_mode() {
    for auth in [AuthMode::Off, AuthMode::Any, AuthMode::Strict] {
        let server = TestServer::start(&Setup { auth, ..server::setup() });
        let login = r#"{"email":"bo.castillo@example.org","password":"other-team"}"#;
        let answer = server.send(&Asked::new("POST", "/v1/auth/jwt/login").json(login));
        let token = answer.json()["access_token"].as_str().expect("a token").to_owned();
        let me = || server.send(&Asked::new("GET", "/v1/users/me").header("Authorization", &format!("Bearer {token}")));
        assert_eq!(me().json()["email"], "bo.castillo@example.org", "{auth:?}");
        server.send(&Asked::new("PUT", "/_mock/clock").json(r#"{"advance":"25h"}"#));
        assert_eq!(me().status, 401, "{auth:?}");
    }
}
