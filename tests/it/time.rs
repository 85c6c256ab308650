//! A sandbox's clock moves what its vendors date and count, and nothing of another sandbox.

use persona_mock::internals::Setup;
use persona_mock::providers::registry;
use serde_json::{Value, json};

use super::cases;
use super::support::{Asked, TestServer, case, server};

fn advance(server: &TestServer, sandbox: &str, distance: &str) {
    let asked = Asked::new("PUT", &format!("/_sandbox/{sandbox}/_mock/clock"));
    let answer = server.send(&asked.json(&json!({"advance": distance}).to_string()));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn read(server: &TestServer, target: &str, credential: &str) -> (u16, Value) {
    let answer = server.send(&Asked::new("GET", target).header("Authorization", credential));
    (answer.status, answer.json())
}

#[test]
fn advancing_a_clock_moves_axeros_words() {
    let server = TestServer::start(&server::setup());
    let created = Asked::new("POST", "/_sandbox/t1/api/personas").header("Authorization", "Bearer x");
    let persona = server.send(&created.json(r#"{"Name": "Night Shift"}"#)).json()["ResponseData"]["PersonaID"].clone();
    let words = || {
        let (_, envelope) = read(&server, &format!("/_sandbox/t1/api/personas/{persona}"), "Bearer x");
        envelope["ResponseData"]["DateCreatedString"].clone()
    };
    assert_eq!(words(), "just now");
    for (distance, expected) in
        [("59s", "just now"), ("1s", "1 minute ago"), ("2h", "2 hours ago"), ("6d", "6 days ago")]
    {
        advance(&server, "t1", distance);
        assert_eq!(words(), expected, "after {distance} more");
    }
}

#[test]
fn advancing_a_clock_expires_equals_moneys_invites() {
    let server = TestServer::start(&server::setup());
    let key = "ApiKey 00000000-0000-4000-8000-000000000000";
    let body = json!({
        "accountId": "F50091", "firstName": "Ada", "lastName": "Lark", "roleName": "Viewer",
        "emailAddress": "ada.lark@gmail.com"
    });
    let asked = Asked::new("POST", "/_sandbox/t1/v2/people").header("Authorization", key).json(&body.to_string());
    let made = server.send(&asked);
    assert_eq!(made.status, 201, "{}", made.text());
    let person = made.json()["id"].as_str().expect("an id").to_owned();
    let status = || {
        let target = format!("/_sandbox/t1/v2/people?accountId=F50091&people={person}");
        read(&server, &target, key).1["rows"][0]["persona"]["status"].clone()
    };
    assert_eq!(status(), "invited");
    advance(&server, "t1", "14d");
    assert_eq!(status(), "invited", "an invite is valid for 14 days");
    advance(&server, "t1", "1s");
    assert_eq!(status(), "inviteExpired");
}

#[test]
fn advancing_a_clock_expires_vijils_tokens_in_that_sandbox_alone() {
    let server = TestServer::start(&server::setup());
    let login = Asked::new("POST", "/v1/auth/jwt/login").json(r#"{"email": "a@b.test", "password": "x"}"#);
    let token = server.send(&login).json()["access_token"].as_str().expect("a token").to_owned();
    let me = |sandbox: &str| read(&server, &format!("/_sandbox/{sandbox}/v1/users/me"), &format!("Bearer {token}")).0;
    advance(&server, "t1", "23h");
    assert_eq!(me("t1"), 200);
    advance(&server, "t1", "1h");
    assert_eq!((me("t1"), me("t2")), (401, 200));
}

/// The ends of what a calendar shows, where dates turn, and instants that no vendor expects.
const ODD_INSTANTS: [&str; 9] = [
    "-009999-01-02T01:59:59Z",
    "-000001-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "1582-10-10T00:00:00Z",
    "1752-12-31T23:59:59.999Z",
    "1969-12-31T23:59:59.999Z",
    "1970-01-01T00:00:00Z",
    "2038-01-19T03:14:08Z",
    "9999-12-30T22:00:00.999Z",
];

#[test]
fn every_case_is_answered_at_any_clock() {
    for instant in ODD_INSTANTS {
        let setup = Setup { clock: instant.parse().expect("a clock"), ..server::setup() };
        let server = TestServer::start(&setup);
        let files = registry().iter().flat_map(|provider| cases::files(&provider.descriptor().id));
        for exchange in files.flat_map(|file| case::read(&file).exchanges) {
            let answer = server.send_unjudged(&exchange.asked);
            let asked = format!("{} {} at {instant}", exchange.asked.method, exchange.asked.target);
            assert!(answer.status < 500 || exchange.status >= 500, "{asked}: {} {}", answer.status, answer.text());
            let date = answer.header("date").unwrap_or_else(|| panic!("{asked}: no date"));
            assert_eq!(date.len(), 29, "{asked}: {date}");
        }
        for page in ["clock", "requests", "requests.har", "state", "sandboxes", "settings", "health", "metrics"] {
            assert_eq!(server.send(&Asked::new("GET", &format!("/_mock/{page}"))).status, 200, "{page} at {instant}");
        }
    }
}

#[test]
fn a_sandboxs_clock_may_go_to_any_instant_and_come_back() {
    let server = TestServer::start(&server::setup());
    let put = |body: Value| server.send(&Asked::new("PUT", "/_sandbox/t1/_mock/clock").json(&body.to_string()));
    for instant in ODD_INSTANTS {
        for change in [json!({"freeze": instant}), json!({"set": instant}), json!({"run": true})] {
            assert_eq!(put(change.clone()).status, 200, "{change}");
            let (status, _) = read(&server, "/_sandbox/t1/v1/users/me", "Bearer x");
            assert_eq!(status, 200, "{change} at {instant}");
        }
        assert_eq!(put(json!({"real": true})).status, 200);
    }
}
