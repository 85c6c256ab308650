//! Rate limits on the wire.

use persona_mock::internals::Setup;
use persona_mock::mock::SetupError;
use persona_mock::provider::register;
use serde_json::{Value, json};

use super::support::toy::Toy;
use super::support::{Answer, Asked, TestServer, server};

fn toy(limit: Option<&str>) -> TestServer {
    let rate_limits = limit.into_iter().map(str::to_owned).collect();
    TestServer::with(&[register(Toy)], &Setup { rate_limits, ..server::setup() })
}

fn get(prefix: &str, key: &str) -> Asked {
    Asked::new("GET", &format!("{prefix}/toy/count")).header("Authorization", key)
}

fn put(server: &TestServer, target: &str, body: &str) -> Answer {
    server.send(&Asked::new("PUT", target).json(body))
}

#[test]
fn a_caller_above_the_limit_is_refused_until_the_sandboxes_clock_says_so() {
    let server = toy(Some("toy=2/1m"));
    let ask = || server.send(&get("", "Bearer a"));
    assert_eq!([ask().status, ask().status], [200, 200]);
    let refused = ask();
    assert_eq!((refused.status, refused.json()), (429, json!({"toy": 429})));
    assert_eq!((refused.header("retry-after"), refused.header("x-mock-limit")), (Some("60"), Some("2/1m")));
    assert_eq!(put(&server, "/_mock/clock", r#"{"advance": "59s"}"#).status, 200);
    assert_eq!(ask().header("retry-after"), Some("1"));
    assert_eq!(put(&server, "/_mock/clock", r#"{"advance": "1s"}"#).status, 200);
    assert_eq!([ask().status, ask().status, ask().status], [200, 200, 429]);
}

#[test]
fn callers_and_sandboxes_are_counted_apart() {
    let server = toy(Some("toy=1/1m"));
    let status = |prefix: &str, key: &str| server.send_unjudged(&get(prefix, key)).status;
    assert_eq!([status("", "Bearer a"), status("", "Bearer b"), status("", "Bearer a")], [200, 200, 429]);
    assert_eq!([status("/_sandbox/t1", "Bearer a"), status("/_sandbox/t1", "Bearer a")], [200, 429]);
    let anonymous = Asked::new("GET", "/toy/count");
    assert_eq!([server.send(&anonymous).status, server.send(&anonymous).status], [200, 429]);
    let limits = server.send(&Asked::new("GET", "/_mock/limits")).json();
    assert_eq!(limits["limits"]["toy"], json!({"limit": "1/1m", "provenance": "inferred", "callers": 3}));
}

#[test]
fn a_limit_is_off_until_a_test_sets_it_and_a_reset_takes_it_back() {
    let server = toy(None);
    let limits = |body: &str| -> (u16, Value) {
        let answer = put(&server, "/_mock/limits", body);
        (answer.status, answer.json())
    };
    assert_eq!(server.send(&Asked::new("GET", "/_mock/limits")).json(), json!({"limits": {"toy": null}}));
    let (status, set) = limits(r#"{"limits": {"toy": "1/s"}}"#);
    assert_eq!((status, &set["limits"]["toy"]["limit"]), (200, &json!("1/1s")));
    let ask = || server.send(&get("", "Bearer a")).status;
    assert_eq!([ask(), ask()], [200, 429]);
    assert_eq!(limits(r#"{"limits": {"toy": "1/s"}}"#).0, 200);
    assert_eq!([ask(), ask()], [200, 429], "a limit that is set counts anew");
    assert_eq!(limits(r#"{"limits": {"toy": "on"}}"#).1["limits"]["toy"]["limit"], "60/1m");
    assert_eq!(limits(r#"{"limits": {"toy": "off"}}"#).1, json!({"limits": {"toy": null}}));
    assert_eq!([ask(), ask()], [200, 200]);
    assert_eq!(limits(r#"{"limits": {"toy": "1/s"}}"#).0, 200);
    assert_eq!(server.send(&Asked::new("POST", "/_mock/reset")).status, 200);
    assert_eq!([ask(), ask()], [200, 200], "a reset returns to the limits of the start");
}

#[test]
fn a_reset_clears_the_counts_and_keeps_the_limits_of_the_start() {
    let server = toy(Some("toy=1/1h"));
    let ask = || server.send(&get("", "Bearer a")).status;
    assert_eq!([ask(), ask()], [200, 429]);
    assert_eq!(server.send(&Asked::new("POST", "/_mock/reset")).status, 200);
    assert_eq!([ask(), ask()], [200, 429]);
}

#[test]
fn a_limit_that_cannot_be_meant_is_refused() {
    let server = toy(None);
    for (body, at, detail) in [
        (r#"{"limits": {"toy": "lots"}}"#, "$.limits.toy", "expected N/PERIOD"),
        (r#"{"limits": {"tyo": "on"}}"#, "$.limits.tyo", "the providers are toy"),
        (r#"{"limit": {}}"#, "$.limit", "unknown name `limit`"),
    ] {
        let answer = put(&server, "/_mock/limits", body);
        let problem = answer.json();
        assert!(problem["detail"].as_str().is_some_and(|said| said.contains(detail)), "{body}: {problem}");
        assert_eq!((answer.status, &problem["at"]), (400, &json!(at)), "{body}");
    }
    for text in ["toy=0/1m", "tyo", "toy="] {
        let setup = Setup { rate_limits: vec![text.to_owned()], ..server::setup() };
        let outcome = persona_mock::internals::AppState::build(&[register(Toy)], &setup);
        assert!(matches!(outcome, Err(SetupError::RateLimit { .. })), "{text}");
    }
}
