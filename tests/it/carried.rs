//! A sandbox that follows a request through servers: `baggage` and the cookie.

use persona_mock::internals::Setup;
use persona_mock::provider::AuthMode;

use super::support::{Answer, Asked, TestServer, server};

const PERSONAS: &str = "/crud/personas";

fn get(target: &str) -> Asked {
    Asked::new("GET", target).header("Authorization", "Bearer vm_anything")
}

fn sandbox(answer: &Answer) -> &str {
    answer.header("x-mock-sandbox").expect("a sandbox")
}

fn of(server: &TestServer, asked: &Asked) -> String {
    let answer = server.send(asked);
    assert_eq!(answer.status, 200, "{}", answer.text());
    sandbox(&answer).to_owned()
}

#[test]
fn baggage_and_cookie_name_a_sandbox_and_baggage_counts_more() {
    let server = TestServer::start(&server::setup());
    let baggage = |asked: Asked| asked.header("baggage", "userId=alice, mock.sandbox=b1;ttl=1");
    let cookie = |asked: Asked| asked.header("Cookie", "lang=en; mock_sandbox=c1");
    assert_eq!(of(&server, &baggage(get(PERSONAS))), "b1");
    assert_eq!(of(&server, &cookie(get(PERSONAS))), "c1");
    assert_eq!(of(&server, &cookie(baggage(get(PERSONAS)))), "b1");
    assert_eq!(of(&server, &get(PERSONAS)), "default");
}

#[test]
fn what_names_a_sandbox_at_the_call_counts_more_and_disagrees_with_neither() {
    let server = TestServer::start(&server::setup());
    for (target, name, value) in [
        ("/_sandbox/t1/crud/personas", "Accept", "*/*"),
        (PERSONAS, "X-Mock-Sandbox", "t1"),
        (PERSONAS, "Rest-Api-Key", "unused"),
    ] {
        let credential = if name == "Rest-Api-Key" { "Bearer vm_x+sandbox.t1" } else { "Bearer vm_x" };
        // Two that are wrong, which nobody reads.
        for (baggage, cookie) in [("mock.sandbox=b1", "mock_sandbox=c1"), ("mock.sandbox=a/b", "mock_sandbox=a/b")] {
            let asked = Asked::new("GET", target).header("Authorization", credential).header(name, value);
            let asked = asked.header("baggage", baggage).header("Cookie", cookie);
            assert_eq!(of(&server, &asked), "t1", "{name} {baggage}");
        }
    }
    let two = get("/_sandbox/t1/crud/personas").header("X-Mock-Sandbox", "t2").header("baggage", "mock.sandbox=t1");
    assert_eq!(server.send(&two).status, 400);
}

#[test]
fn a_credential_in_the_body_counts_more_than_what_is_carried() {
    let server = TestServer::start(&server::setup());
    let pair = r#"{"client_id": "vk_any+sandbox.t2", "client_secret": "x"}"#;
    let asked = Asked::new("POST", "/v1/auth/token").json(pair).header("baggage", "mock.sandbox=t1");
    assert_eq!(sandbox(&server.send(&asked)), "t2");
    let made = server.send(&Asked::new("GET", "/_mock/sandboxes")).text();
    assert!(made.contains("\"t2\"") && !made.contains("\"t1\""), "{made}");
}

#[test]
fn a_cookie_steers_nothing_and_baggage_does() {
    let server = TestServer::start(&server::setup());
    for target in ["/_mock/clock", "/_mock/state", "/_mock/requests", "/_mock/nothing", "/"] {
        let asked = Asked::new("GET", target).header("Cookie", "mock_sandbox=c1");
        let answer = server.send(&asked);
        assert!(answer.header("x-mock-sandbox").is_none_or(|name| name == "default"), "{target}");
        let wrong = Asked::new("GET", target).header("Cookie", "mock_sandbox=a/b");
        assert_eq!(server.send(&wrong).status, answer.status, "{target}");
    }
    let reset = |name: &str, value: &str| {
        let asked = Asked::new("POST", "/_mock/reset").header(name, value);
        server.send(&asked).json()["sandbox"].as_str().expect("a name").to_owned()
    };
    assert_eq!(reset("Cookie", "mock_sandbox=c1"), "default");
    assert_eq!(reset("baggage", "mock.sandbox=b1"), "b1");
}

#[test]
fn several_members_or_a_bad_name_are_refused_and_the_field_is_named() {
    let server = TestServer::start(&server::setup());
    for (field, value, said) in [
        ("baggage", "mock.sandbox=b1,mock.sandbox=b1", "the header baggage names a sandbox 2 times"),
        ("baggage", "mock.sandbox=a%20b", "the header baggage names no sandbox: a sandbox's name is 1 to 64 letters"),
        ("Cookie", "mock_sandbox=c1; mock_sandbox=c2", "the header Cookie names a sandbox 2 times"),
        ("Cookie", "mock_sandbox=", "the header Cookie names no sandbox: a sandbox's name is 1 to 64 letters"),
    ] {
        let answer = server.send(&get(PERSONAS).header(field, value));
        let error = answer.header("x-mock-error").expect("a diagnosis");
        assert_eq!(answer.status, 400, "{field}: {value}");
        assert!(error.starts_with(said), "{field}: {value}: {error}");
        assert!(answer.json()["error"].is_string(), "not as the vendor says it: {}", answer.text());
        let nowhere = server.send(&Asked::new("GET", "/nowhere").header(field, value));
        assert!(nowhere.status == 400 && nowhere.text().contains(said), "{}", nowhere.text());
    }
    let control = server.send(&Asked::new("GET", "/_mock/clock").header("baggage", "mock.sandbox=a/b"));
    assert!(control.status == 400 && control.text().contains("the header baggage"), "{}", control.text());
}

#[test]
fn no_vendor_sees_them_and_none_sets_the_cookie() {
    let setup = Setup { auth: AuthMode::Strict, ..server::setup() };
    let server = TestServer::start(&setup);
    // Vijil takes its token from a cookie, too.
    let both = "mock_sandbox=c1; fastapiusersauth=vijil-owner-token; lang=en";
    let me = server.send(&Asked::new("GET", "/v1/users/me").header("Cookie", both));
    let alone = Asked::new("GET", "/v1/users/me").header("Cookie", "fastapiusersauth=vijil-owner-token");
    assert_eq!((me.status, me.text()), (200, server.send(&alone).text()));
    assert_eq!(sandbox(&me), "c1");
    let fixture: serde_json::Value = serde_json::from_str(include_str!("../../fixtures/vijil.json")).expect("JSON");
    let (email, password) = (&fixture["users"][0]["email"], &fixture["users"][0]["password"]);
    let login = serde_json::json!({"email": email, "password": password}).to_string();
    let asked = Asked::new("POST", "/v1/auth/jwt/login").json(&login).header("Cookie", "mock_sandbox=c1");
    let answer = server.send(&asked.header("baggage", "mock.sandbox=b1"));
    assert_eq!((answer.status, sandbox(&answer)), (200, "b1"), "{}", answer.text());
    assert!(answer.headers.iter().all(|(_, value)| !value.contains("mock_sandbox")), "{:?}", answer.headers);
}

#[test]
fn a_required_sandbox_may_be_carried() {
    let mut setup = server::setup();
    setup.serving.require_sandbox = true;
    let server = TestServer::start(&setup);
    assert_eq!(of(&server, &get(PERSONAS).header("baggage", "mock.sandbox=b1")), "b1");
    assert_eq!(of(&server, &get(PERSONAS).header("Cookie", "mock_sandbox=c1")), "c1");
    assert_eq!(server.send(&get(PERSONAS).header("Cookie", "lang=en")).status, 400);
}

#[test]
fn a_strangers_page_makes_no_sandbox_by_the_cookie() {
    let server = TestServer::start(&server::setup());
    let image = get(PERSONAS).header("Cookie", "mock_sandbox=c1").header("Sec-Fetch-Mode", "no-cors");
    assert_eq!(of(&server, &image.header("Sec-Fetch-Site", "cross-site")), "c1");
    let made = server.send(&Asked::new("GET", "/_mock/sandboxes")).text();
    assert!(!made.contains("\"c1\""), "{made}");
}

#[test]
fn the_name_in_a_cookie_is_no_secret_and_the_others_are() {
    let server = TestServer::start(&server::setup());
    let name = "writes-a-name-0a1b2c3d4e";
    let cookie = format!("mock_sandbox={name}; other=writes-4242-a-name");
    let target = format!("{PERSONAS}?search={name}&also=writes-4242-a-name");
    assert_eq!(of(&server, &get(&target).header("Cookie", &cookie)), name);
    let kept = server.send(&Asked::new("GET", &format!("/_sandbox/{name}/_mock/requests"))).text();
    assert!(kept.contains(&format!("search={name}")), "{kept}");
    assert!(!kept.contains("writes-4242-a-name") && kept.contains("[redacted]"), "{kept}");
}
