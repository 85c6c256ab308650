//! Faults: the rules of a sandbox, what a request wants for itself, and what each looks like on the wire.

mod clients;
mod rules;
mod vendors;
mod wire;
mod wishes;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use persona_mock::provider::register;
use serde_json::{Value, json};

use super::support::toy::Toy;
use super::support::{Answer, Asked, TestServer, server};

fn toy() -> TestServer {
    TestServer::with(&[register(Toy)], &server::setup())
}

fn get(target: &str) -> Asked {
    Asked::new("GET", target)
}

fn post(target: &str) -> Asked {
    Asked::new("POST", target).json("{}")
}

/// Arms a rule in the sandbox of a prefix.
fn arm(server: &TestServer, prefix: &str, rule: &Value) {
    let answer = server.send_unjudged(&Asked::new("POST", &format!("{prefix}/_mock/faults")).json(&rule.to_string()));
    assert_eq!(answer.status, 201, "{rule}: {}", answer.text());
}

fn armed(rule: &Value) -> TestServer {
    let server = toy();
    arm(&server, "", rule);
    server
}

fn count(server: &TestServer) -> Value {
    server.send_unjudged(&get("/toy/count")).json()["count"].clone()
}

/// All that comes back on a connection of its own, and the error in which it ends, if it does.
fn raw(server: &TestServer, asked: &Asked) -> (String, Option<std::io::ErrorKind>) {
    let mut stream = TcpStream::connect(server.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a bound");
    stream.write_all(&asked.clone().header("Connection", "close").wire()).expect("a request");
    let mut bytes = Vec::new();
    let end = stream.read_to_end(&mut bytes).err().map(|error| error.kind());
    (String::from_utf8(bytes).expect("UTF-8"), end)
}

fn told(answer: &Answer) -> (u16, Value, Option<&str>) {
    (answer.status, answer.json(), answer.header("x-mock-fault"))
}

#[test]
fn a_rule_is_listed_with_what_it_did_and_taken_away() {
    let server = armed(
        &json!({"id": "late", "match": {"operation": "toy.get_count"}, "action": {"delay": {"fixed": "1ms"}}, "when": {"every": 2}}),
    );
    arm(&server, "", &json!({"action": "stale", "ttl": "1h"}));
    for _ in 0..3 {
        count(&server);
    }
    let list = server.send(&get("/_mock/faults")).json();
    let late = &list["faults"][0];
    assert_eq!((&late["id"], &late["fitted"], &late["struck"]), (&json!("late"), &json!(3), &json!(1)));
    assert_eq!((&late["ttl"], &late["action"]), (&json!("10m"), &json!({"delay": {"fixed": "1ms"}})));
    let other = &list["faults"][1];
    assert_eq!((&other["id"], &other["struck"], &other["match"]), (&json!("fault-1"), &json!(3), &Value::Null));
    assert_eq!(server.send(&Asked::new("DELETE", "/_mock/faults/late")).status, 204);
    let gone = server.send(&Asked::new("DELETE", "/_mock/faults/late"));
    assert_eq!(
        (gone.status, &gone.json()["detail"]),
        (404, &json!("no rule `late` is armed; those that are: fault-1"))
    );
    assert_eq!(server.send(&Asked::new("DELETE", "/_mock/faults")).status, 204);
    assert_eq!(server.send(&get("/_mock/faults")).json(), json!({"faults": []}));
}

#[test]
fn a_list_of_rules_replaces_the_others_or_changes_nothing() {
    let server = armed(&json!({"id": "old", "action": "stale"}));
    let put = |body: Value| server.send(&Asked::new("PUT", "/_mock/faults").json(&body.to_string()));
    let names = || {
        let list = server.send(&get("/_mock/faults")).json();
        list["faults"].as_array().expect("a list").iter().map(|rule| rule["id"].clone()).collect::<Vec<_>>()
    };
    let wrong = put(json!({"faults": [{"action": "stale"}, {"action": {"delay": {"fixed": "1 s"}}}]}));
    assert_eq!(
        (wrong.status, &wrong.json()["at"]),
        (400, &json!("$.faults[1].action.delay.fixed")),
        "{}",
        wrong.text()
    );
    assert_eq!(names(), [json!("old")]);
    let alike = put(json!({"faults": [{"id": "a", "action": "stale"}, {"id": "a", "action": "stale"}]}));
    assert_eq!((alike.status, names()), (400, vec![json!("old")]), "{}", alike.text());
    assert_eq!(put(json!({"faults": [{"action": "stale"}, {"id": "b", "action": "stale"}]})).status, 200);
    assert_eq!(names(), [json!("fault-1"), json!("b")]);
}

#[test]
fn the_number_of_rules_is_bounded() {
    let server = toy();
    let many = |number: usize| json!({"faults": vec![json!({"action": "stale"}); number]}).to_string();
    assert_eq!(server.send(&Asked::new("PUT", "/_mock/faults").json(&many(101))).status, 400);
    assert_eq!(server.send(&Asked::new("PUT", "/_mock/faults").json(&many(100))).status, 200);
    let one = Asked::new("POST", "/_mock/faults").json(r#"{"action": "stale"}"#);
    assert_eq!(server.send(&one).status, 503);
}

#[test]
fn a_crashed_test_leaves_nothing_armed() {
    let server = armed(&json!({"action": {"refuse": {"status": 503}}, "ttl": "1s"}));
    assert_eq!(server.send(&get("/toy/count")).status, 503);
    // The sandbox's clock stands still; the life of a rule does not.
    std::thread::sleep(Duration::from_millis(1_010));
    assert_eq!(server.send(&get("/toy/count")).status, 200);
    assert_eq!(server.send(&get("/_mock/faults")).json(), json!({"faults": []}));
}

#[test]
fn no_fault_leaks_to_another_sandbox_and_a_reset_takes_it_away() {
    let server = toy();
    arm(&server, "/_sandbox/t1", &json!({"action": {"refuse": {"status": 503}}}));
    let status = |target: &str| server.send_unjudged(&get(target)).status;
    assert_eq!(["/_sandbox/t1/toy/count", "/_sandbox/t2/toy/count", "/toy/count"].map(status), [503, 200, 200]);
    assert_eq!(server.send(&Asked::new("POST", "/_sandbox/t1/_mock/reset")).status, 200);
    assert_eq!(status("/_sandbox/t1/toy/count"), 200);
    arm(&server, "/_sandbox/t1", &json!({"action": "stale"}));
    let list = server.send(&get("/_sandbox/t1/_mock/faults")).json();
    assert_eq!(list["faults"][0]["id"], "fault-1", "the names begin anew");
}
