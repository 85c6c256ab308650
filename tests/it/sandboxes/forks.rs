//! `PUT /_mock/sandboxes/{name}` with `from`: a fork of another sandbox.

use std::time::Duration;

use persona_mock::internals::{Bounds, Stopwatch};
use persona_mock::mock::{Mock, PersonaMock};
use serde_json::{Value, json};

use super::super::support::{Asked, TestServer};
use super::{bounded, count, get, names, post, put, toy};

fn fork(server: &TestServer, name: &str, start: &str) -> (u16, Value) {
    let answer = put(server, &format!("/_mock/sandboxes/{name}"), start);
    (answer.status, answer.json())
}

fn of(server: &TestServer, name: &str, page: &str) -> Value {
    get(server, &format!("/_sandbox/{name}/_mock/{page}")).json()
}

#[test]
fn a_fork_starts_at_what_the_other_is_and_neither_sees_the_other() {
    let server = toy(|_| {});
    post(&server, "/_sandbox/base/toy/count");
    put(&server, "/_sandbox/base/_mock/clock", r#"{"freeze": "2030-01-01T00:00:00Z"}"#);
    put(&server, "/_sandbox/base/_mock/seed", r#"{"seed": 9}"#);
    put(&server, "/_sandbox/base/_mock/settings", r#"{"auth": "strict"}"#);
    put(&server, "/_sandbox/base/_mock/snapshots/here", "");
    let rule = r#"{"refuse": 500, "match": {"operation": "toy.add_count", "method": "DELETE"}}"#;
    server.send(&Asked::new("POST", "/_sandbox/base/_mock/faults").json(rule));
    let (status, made) = fork(&server, "t1", r#"{"from": "base"}"#);
    assert_eq!(
        (status, &made["seed"], &made["clock"]["now"]),
        (201, &json!(9), &json!("2030-01-01T00:00:00Z")),
        "{made}"
    );
    assert_eq!(of(&server, "t1", "settings")["auth"], "strict");
    for _ in 0..2 {
        post(&server, "/_sandbox/t1/toy/count");
    }
    post(&server, "/_sandbox/base/toy/count");
    assert_eq!((count(&server, "t1"), count(&server, "base")), (Some(4), Some(3)));
    // A reset returns to the moment of the fork, whatever became of the other.
    server.send(&Asked::new("DELETE", "/_mock/sandboxes/base"));
    put(&server, "/_sandbox/t1/_mock/settings", r#"{"auth": "off"}"#);
    post(&server, "/_sandbox/t1/_mock/reset");
    assert_eq!((count(&server, "t1"), of(&server, "t1", "seed")["seed"].as_u64()), (Some(2), Some(9)));
    assert_eq!(of(&server, "t1", "settings")["auth"], "strict");
    // What is no part of the world is its own.
    assert_eq!(of(&server, "t1", "snapshots")["snapshots"], json!([]));
    assert_eq!(of(&server, "t1", "faults")["faults"], json!([]));
    assert_eq!(of(&server, "t1", "requests")["written"], 1, "but for the call since the reset");
}

#[test]
fn what_a_start_states_beside_the_fork_comes_before_it() {
    let server = toy(|_| {});
    post(&server, "/_sandbox/base/toy/count");
    put(&server, "/_sandbox/base/_mock/seed", r#"{"seed": 9}"#);
    let start = r#"{"from": "base", "seed": 5, "clock": "2031-01-01T00:00:00Z", "ttl": "10m"}"#;
    let (_, made) = fork(&server, "t1", start);
    assert_eq!((&made["seed"], &made["ttl"], count(&server, "t1")), (&json!(5), &json!("10m"), Some(2)), "{made}");
    let (status, _) = fork(&server, "t2", r#"{"from": "t1", "fixtures": {"toy": {"count": 7}}}"#);
    assert_eq!((status, count(&server, "t2"), of(&server, "t2", "seed")["seed"].as_u64()), (201, Some(7), Some(5)));
    // A fork of itself starts anew at what it is.
    post(&server, "/_sandbox/t1/toy/count");
    assert_eq!(fork(&server, "t1", r#"{"from": "t1"}"#).0, 201);
    post(&server, "/_sandbox/t1/_mock/reset");
    assert_eq!(count(&server, "t1"), Some(3));
    assert_eq!(fork(&server, "t3", r#"{"from": "default"}"#).0, 201);
    assert_eq!(count(&server, "t3"), Some(1));
}

#[test]
fn a_fork_of_nobody_or_under_no_name_is_refused_and_makes_nothing() {
    let server = bounded(Bounds { sandboxes: 1, safe: Duration::ZERO, ..Bounds::default() });
    let check = |name: &str, start: &str, status: u16, at: Option<&str>, said: &str| {
        let (found, problem) = fork(&server, name, start);
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert_eq!((found, problem["at"].as_str()), (status, at), "{problem}");
        assert!(detail.contains(said), "{detail}");
    };
    check("t1", r#"{"from": "nobody"}"#, 404, Some("$.from"), "there is no sandbox `nobody`");
    check("t1", r#"{"from": "a b"}"#, 400, Some("$.from"), "a sandbox's name is 1 to 64 letters");
    check("t1", r#"{"from": ""}"#, 400, Some("$.from"), "a sandbox's name");
    check("t1", r#"{"from": 1}"#, 400, Some("$.from"), "expected");
    check("default", r#"{"from": "default"}"#, 409, None, "`default` is as the server was started");
    check("a%20b", r#"{"from": "default"}"#, 400, None, "a sandbox's name");
    assert_eq!(names(&server), [""; 0]);
    post(&server, "/_sandbox/a/toy/count");
    post(&server, "/_sandbox/b/toy/count");
    check("t1", r#"{"from": "a"}"#, 404, Some("$.from"), "was evicted");
}

/// A server with so many personas in the sandbox `base`.
fn with_personas(many: usize) -> PersonaMock {
    let mock = PersonaMock::builder().providers(["crud"]).build().expect("a mock");
    let base = mock.sandbox("base");
    let mut state = base.state_of("crud").expect("a state");
    let personas = state["personas"].as_array_mut().expect("personas");
    let first = personas[0].clone();
    personas.clear();
    for number in 0..many {
        let mut persona = first.clone();
        persona["id"] = json!(format!("00000000-0000-4000-8000-{number:012x}"));
        personas.push(persona);
    }
    base.put_state_of("crud", &state).expect("a state");
    mock
}

#[test]
fn a_fork_costs_and_holds_the_same_whatever_there_is() {
    let cost = |many: usize| {
        let mock = with_personas(many);
        let base = mock.sandbox("base");
        let held = || {
            let page = mock.metrics().expect("a page");
            let line =
                page.lines().find(|line| line.starts_with("persona_mock_state_bytes ")).expect("a line").to_owned();
            line.rsplit(' ').next().and_then(|bytes| bytes.parse::<u64>().ok()).expect("a number")
        };
        let before = held();
        let fastest = (0..20).map(|number| {
            let watch = Stopwatch::start();
            base.fork(&format!("f{number}")).expect("a fork");
            watch.elapsed()
        });
        let fastest = fastest.min().expect("a fork");
        assert_eq!(held(), before, "a fork of {many} shares all of it");
        fastest
    };
    let (few, many) = (cost(100), cost(10_000));
    assert!(many < few * 10 + Duration::from_millis(1), "{few:?} for 100, {many:?} for 10,000");
}
