//! Why a credential was refused, and which ones pass.

use persona_mock::internals::Setup;
use persona_mock::provider::AuthMode;
use serde_json::json;

use super::support::{Answer, Asked, TestServer, server};

mod lists;
mod secrets;

/// A request to read of each provider, and one to write.
const CALLS: [(&str, &str, [&str; 3]); 4] = [
    ("axero", "/api/personas/188", ["PUT", "/api/personas/188", r#"{"Name":"A"}"#]),
    (
        "crud",
        "/crud/personas",
        ["PATCH", "/crud/personas", r#"{"id":"5c0e7d1a-2f38-4b96-a4d3-91e6b8f07c01","name":"A"}"#],
    ),
    (
        "equals_money",
        "/v2/people?accountId=F50091",
        ["PATCH", "/v2/personas/497f6eca-6276-4993-bfeb-53cbbbba6f08?accountId=F50091", r#"{"jobTitle":"x"}"#],
    ),
    ("vijil", "/v1/users/me", ["PUT", "/v1/personas/d829a422-f29b-4a56-a473-794ce2da0ebb", r#"{"name":"A"}"#]),
];

fn of(provider: &str) -> (&'static str, [&'static str; 3]) {
    let found = CALLS.iter().find(|(id, ..)| *id == provider);
    found.map(|(_, read, write)| (*read, *write)).expect("a provider")
}

fn strict() -> Setup {
    Setup { auth: AuthMode::Strict, ..server::setup() }
}

fn get(target: &str, field: Option<(&str, &str)>) -> Asked {
    field.iter().fold(Asked::new("GET", target), |asked, (name, value)| asked.header(name, value))
}

fn write(provider: &str, credential: &str) -> Asked {
    let (_, [method, target, body]) = of(provider);
    Asked::new(method, target).header("Authorization", credential).json(body)
}

/// The hint of a refusal.
#[track_caller]
fn hint(answer: &Answer) -> &str {
    assert!(matches!(answer.status, 401 | 403), "{} {}", answer.status, answer.text());
    let hint = answer.header("x-mock-hint").expect("a hint");
    assert!(hint.is_ascii() && hint.len() <= 400 && !hint.contains('\n'), "{hint}");
    assert_eq!(answer.headers.iter().filter(|(name, _)| name == "x-mock-hint").count(), 1, "{:?}", answer.headers);
    hint
}

/// The header line that a hint tells to send.
fn example(hint: &str) -> Option<&str> {
    let (_, line) = hint.split_once("send Authorization: ")?;
    (!line.contains(" and a ")).then_some(line)
}

#[test]
fn a_refusal_says_what_was_found_and_what_is_wanted() {
    let rows = [
        ("axero", None, "there is no Authorization header; send Authorization: Bearer axero-owner-alice"),
        ("axero", Some("Basic YTpi"), "the scheme is Basic and Bearer is wanted; send Authorization: Bearer "),
        (
            "axero",
            Some("axero-editor-priya"),
            "the Authorization header has no scheme; write Bearer and a blank before",
        ),
        ("axero", Some("Bearer axero-expired-daniel"), "the token expired 2026-01-14T12:00:00Z; send Authorization"),
        ("axero", Some("Bearer axero-revoked-daniel"), "the token was revoked; send Authorization: Bearer "),
        ("axero", Some("Bearer axero-no-rest-grace"), "the role Members has no REST API access; send "),
        (
            "axero",
            Some("Bearer nobodys"),
            "the token is not listed in the fixture, which --auth strict asks for; send ",
        ),
        ("axero", Some("Bearer axero-legacy-marcus"), "the token is a legacy key; send it as Rest-Api-Key"),
        (
            "axero",
            Some("Bearer vijil-owner-token"),
            "the token is a credential of Vijil, another provider of this mock",
        ),
        ("crud", None, "there is no Authorization header; send Authorization: Bearer vm_RobinOwnsDevflow000000000001"),
        ("crud", Some("Token vm_a"), "the scheme is Token and Bearer is wanted; "),
        ("crud", Some("Bearer sk-live-42"), "the token is neither vm_ with letters or digits behind it nor a JWT"),
        ("crud", Some("Bearer vm_a-b"), "the token has a hyphen, and behind vm_ stand letters and digits only; "),
        ("crud", Some("Bearer VM_a"), "the token starts with vm_ in another letter case; "),
        ("crud", Some("Bearer axero-owner-alice"), "the token is a credential of Axero, another provider of this mock"),
        ("crud", Some("Bearer vm_RobinExpired000000000000003a"), "the token expired 2026-01-14T12:00:00Z; "),
        ("crud", Some("Bearer vm_RobinRevoked000000000000004a"), "the token was revoked; "),
        ("crud", Some("Bearer vm_unlisted"), "the token is not listed in the fixture, which --auth strict asks for; "),
        ("equals_money", None, "there is no Authorization header; send Authorization: ApiKey 1070598f-6540-4c8a-b08f"),
        (
            "equals_money",
            Some("Bearer 5a1c0c5e-0001-4f50-8091-0a8a88000001"),
            "the scheme is Bearer and ApiKey is wanted",
        ),
        ("equals_money", Some("Api-Key 5a1c0c5e-0001-4f50-8091-0a8a88000001"), "the scheme is Api-Key and ApiKey is"),
        ("equals_money", Some("ApiKey sk_live"), "the key is no UUID of 36 characters; send Authorization: ApiKey "),
        (
            "equals_money",
            Some("apikey 5a1c0c5e-0001-4f50-8091-0a8a88000001"),
            "the key is not behind ApiKey and one blank, and letter case counts in ApiKey; ",
        ),
        (
            "equals_money",
            Some("ApiKey 99999999-9999-4999-8999-999999999999"),
            "the key is not listed in the fixture, which --auth strict asks for; ",
        ),
        (
            "equals_money",
            Some("ApiKey 5a1c0c5e-0004-4f50-8091-0a8a88000004"),
            "the key expired 2026-01-14T12:00:00Z; send Authorization: ApiKey ",
        ),
        (
            "equals_money",
            Some("5a1c0c5e-0005-4f12-8345-0a8a88000005"),
            "the key reaches F12345 and not this account; send Authorization: ApiKey ",
        ),
        (
            "equals_money",
            Some("axero-owner-alice"),
            "the key is a credential of Axero, another provider of this mock; ",
        ),
        ("vijil", None, "there is no Authorization header; send Authorization: Bearer vijil-owner-token"),
        (
            "vijil",
            Some("Bearer"),
            "nothing stands behind Bearer in the Authorization header, so the client probably had no",
        ),
        (
            "vijil",
            Some("Bearer undefined"),
            "the token is the word undefined, which the client probably did not mean; ",
        ),
        ("vijil", Some("Bearer nobodys"), "the token is not listed in the fixture, which --auth strict asks for; "),
        ("vijil", Some("Bearer vk_7f3a9c2e5b1d4860"), "the token is a client id; POST /v1/auth/token takes it"),
        (
            "vijil",
            Some("Bearer vijil-expired-token"),
            "the token expired 2026-01-15T11:00:00Z; POST /v1/auth/jwt/refresh",
        ),
    ];
    let server = TestServer::start(&strict());
    for (provider, credential, start) in rows {
        let (read, _) = of(provider);
        let answer = server.send(&get(read, credential.map(|credential| ("Authorization", credential))));
        assert!(hint(&answer).starts_with(start), "{provider} {credential:?}: {}", hint(&answer));
        if let Some(credential) = example(hint(&answer)) {
            let with = server.send(&get(read, Some(("Authorization", credential))));
            assert_eq!(with.status, 200, "{provider} {credential}: {}", with.text());
        }
    }
    let kept = server.send(&Asked::new("GET", "/_mock/requests?limit=1")).json();
    let told = &kept["requests"][0]["hint"]["message"];
    assert_eq!(told, "there is no Authorization header; send Authorization: Bearer axero-owner-alice", "{kept}");
    let cookie = server.send(&get("/v1/users/me", Some(("Cookie", "fastapiusersauth=vijil-expired-token"))));
    let told = "the token in the cookie fastapiusersauth expired 2026-01-15T11:00:00Z; sign in again with POST ";
    assert!(hint(&cookie).starts_with(told), "{}", hint(&cookie));
}

#[test]
fn a_credential_without_the_right_is_told_so_and_shown_one_that_has_it() {
    let rows = [
        ("axero", "Bearer axero-read-only-tove", "the role Auditors may only read, and this request writes; "),
        (
            "crud",
            "Bearer vm_MeiOwnsGreenbasket0000000002",
            "the token is of Mei Tanaka, and what the request names belongs",
        ),
        (
            "equals_money",
            "ApiKey 5a1c0c5e-0003-4f50-8091-0a8a88000003",
            "the key may only read, and this request writes; ",
        ),
        (
            "equals_money",
            "ApiKey 5a1c0c5e-0005-4f12-8345-0a8a88000005",
            "the key reaches F12345 and not this account; ",
        ),
        (
            "vijil",
            "Bearer vijil-read-only-token",
            "the token may only read in this team, and persona:write is needed; ",
        ),
        ("vijil", "Bearer vijil-no-persona-token", "the token has no scope for persona:write in this team; "),
    ];
    let server = TestServer::start(&server::setup());
    for (provider, credential, start) in rows {
        let answer = server.send(&write(provider, credential));
        let told = hint(&answer).to_owned();
        assert!(told.starts_with(start), "{provider} {credential}: {told}");
        let better = example(&told).unwrap_or_else(|| panic!("{told}"));
        let with = server.send(&write(provider, better));
        assert_eq!(with.status, 200, "{provider} {better}: {}", with.text());
    }
    let team = "/v1/personas/?team_id=c58aea71-3861-4f28-b8c4-20832a2f22ee";
    let foreign = server.send(&get(team, Some(("Authorization", "Bearer vijil-other-team-token"))));
    let told = "the token acts as bo.castillo@example.org, who is not in this team; ";
    assert!(hint(&foreign).starts_with(told), "{}", hint(&foreign));
}

#[test]
fn a_refused_sign_in_says_why() {
    let server = TestServer::start(&strict());
    let login = |email: &str, password: &str| {
        let body = json!({"email": email, "password": password}).to_string();
        server.send(&Asked::new("POST", "/v1/auth/jwt/login").json(&body))
    };
    let pair = |id: &str, secret: &str| {
        let body = json!({"client_id": id, "client_secret": secret}).to_string();
        server.send(&Asked::new("POST", "/v1/auth/token").json(&body))
    };
    let rows = [
        (
            login("user@example.com", "planted-4242"),
            "this login is listed in the fixture and its password there is another",
        ),
        (
            login("planted-4242@example.com", "planted-4242"),
            "this login is not listed in the fixture, which --auth strict",
        ),
        (login("ines.moreau@example.com", "no-longer-here"), "the user of this login is not active"),
        (login("user+sandbox.planted-4242@example.com", "planted-4242"), "this login is listed in the fixture and its"),
        (
            pair("vk_7f3a9c2e5b1d4860", "planted-4242"),
            "this client id is listed in the fixture and its secret there is",
        ),
        (pair("vk_expired00000000", "expired-secret"), "the key pair of this client id expired 2025-12-16T12:00:00Z"),
        (pair("planted-4242", "planted-4242"), "this client id is not listed in the fixture, which --auth strict asks"),
    ];
    for (answer, start) in rows {
        assert!(hint(&answer).starts_with(start), "{}", hint(&answer));
        let secrets = ["4242", "no-longer-here", "expired-secret", "your-password", "owner-secret"];
        assert!(secrets.iter().all(|secret| !hint(&answer).contains(secret)), "{}", hint(&answer));
    }
    let change = Asked::new("POST", "/v1/auth/change-password").header("Authorization", "Bearer vijil-owner-token");
    let answer = server.send(&change.json(r#"{"current_password":"planted-4242","new_password":"planted-4242-b"}"#));
    assert!(hint(&answer).starts_with("the token acts as user@example.com"), "{}", hint(&answer));
    assert!(!hint(&answer).contains("4242"), "{}", hint(&answer));
}
