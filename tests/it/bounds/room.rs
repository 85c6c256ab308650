//! The bounds of state hold whatever is done, and what goes makes room at once for everybody.

use std::time::Duration;

use persona_mock::internals::{Bounds, JournalBounds, Setup, StateBounds, WhenFull};
use serde_json::{Value, json};

use super::super::support::client::Answer;
use super::super::support::{Asked, TestServer, server};
use super::{EMPTY, control, held, start};

const PROJECT: &str = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10";
const LONG: usize = 9_000;

fn crud(server: &TestServer, method: &str, prefix: &str, body: &Value) -> Answer {
    let asked = Asked::new(method, &format!("{prefix}/crud/personas")).header("Authorization", "Bearer vm_anything");
    server.send(&asked.json(&body.to_string()))
}

fn long(letter: char) -> Value {
    json!({"t": letter.to_string().repeat(LONG)})
}

/// Makes so many large personas; their ids.
fn fill(server: &TestServer, count: usize) -> Vec<Value> {
    let item = json!({"project_id": PROJECT, "name": "n", "narrative": long('x')});
    let made = crud(server, "POST", "", &Value::from(vec![item; count]));
    assert_eq!(made.status, 201, "{}", made.text());
    made.json()["personas"].as_array().expect("a list").iter().map(|persona| persona["id"].clone()).collect()
}

fn update(server: &TestServer, ids: &[Value], letter: char) -> u16 {
    let items: Vec<_> = ids.iter().map(|id| json!({"id": id, "narrative": long(letter)})).collect();
    crud(server, "PUT", "", &items.into()).status
}

fn delete(server: &TestServer, ids: &[Value]) -> u16 {
    let items: Vec<_> = ids.iter().map(|id| json!({"id": id})).collect();
    crud(server, "DELETE", "", &items.into()).status
}

fn one(server: &TestServer, prefix: &str, length: usize) -> u16 {
    let item = json!({"project_id": PROJECT, "name": "n", "narrative": {"t": "x".repeat(length)}});
    crud(server, "POST", prefix, &item).status
}

#[test]
fn snapshots_and_updates_of_equal_length_stay_within_the_bounds() {
    let server = start(StateBounds { sandbox: 1_000_000, total: 1_500_000, ..EMPTY });
    let ids = fill(&server, 30);
    let mut statuses = Vec::new();
    for (number, letter) in ('a'..'k').enumerate() {
        let saved = control(&server, "PUT", &format!("/_mock/snapshots/s{number}"), "").status;
        statuses.push((saved, update(&server, &ids, letter)));
        assert!(held(&server) <= 1_000_000, "{}", held(&server));
    }
    assert_eq!(&statuses[..3], &[(200, 200), (200, 200), (200, 503)], "{statuses:?}");
    assert_eq!((one(&server, "", 200_000), one(&server, "/_sandbox/other", 200_000)), (503, 201));
    for number in 0..10 {
        control(&server, "DELETE", &format!("/_mock/snapshots/s{number}"), "");
    }
    assert_eq!((update(&server, &ids, 'z'), one(&server, "", 200_000)), (200, 201), "snapshots that go make room");
    assert_eq!(control(&server, "POST", "/_mock/reset", "").status, 200);
    assert_eq!(fill(&server, 30).len(), 30, "and so does a reset");
}

#[test]
fn a_state_that_a_snapshot_holds_does_not_make_room_for_one_that_is_loaded() {
    let server = start(StateBounds { sandbox: 1_000_000, ..EMPTY });
    let fixture = |letter: char| {
        let mut state = control(&server, "GET", "/_mock/state/crud", "").json();
        state["personas"][0]["narrative"] = json!({"t": letter.to_string().repeat(80_000)});
        control(&server, "PUT", "/_mock/state/crud", &state.to_string()).status
    };
    assert_eq!((fixture('a'), fixture('b')), (204, 204), "one takes the place of another");
    let mut statuses = Vec::new();
    for (number, letter) in ('c'..'h').enumerate() {
        assert_eq!(control(&server, "PUT", &format!("/_mock/snapshots/{number}"), "").status, 200);
        statuses.push(fixture(letter));
        assert!(held(&server) <= 1_000_000, "{}", held(&server));
    }
    assert_eq!(statuses, [204, 503, 503, 503, 503]);
}

#[test]
fn what_was_deleted_makes_room_at_once_for_other_providers_and_sandboxes() {
    let server = start(StateBounds { sandbox: 1_000_000, total: 1_000_000, ..EMPTY });
    let ids = fill(&server, 95);
    assert_eq!(one(&server, "/_sandbox/other", 100_000), 503);
    assert_eq!((delete(&server, &ids), held(&server) < 10_000), (200, true), "{}", held(&server));
    let vijil = control(&server, "GET", "/_mock/state/vijil", "").text();
    assert_eq!(control(&server, "PUT", "/_mock/state/vijil", &vijil).status, 204);
    let rule = json!({"match": {"provider": "crud", "body": {"k": "x".repeat(60_000)}}, "action": "stale"}).to_string();
    assert_eq!(control(&server, "POST", "/_mock/faults", &rule).status, 201);
    assert_eq!((one(&server, "/_sandbox/other", 700_000), one(&server, "/_sandbox/other", 700_000)), (201, 503));
}

#[test]
fn a_rule_that_expired_makes_room_at_once_for_everybody() {
    let server = start(StateBounds { sandbox: 100_000, total: 150_000, ..EMPTY });
    let add = |prefix: &str, ttl: &str| {
        let matches = json!({"provider": "crud", "body": {"k": "x".repeat(60_000)}});
        let rule = json!({"match": matches, "action": "stale", "ttl": ttl}).to_string();
        control(&server, "POST", &format!("{prefix}/_mock/faults"), &rule)
    };
    assert_eq!((add("/_sandbox/a", "1500ms").status, add("/_sandbox/b", "1500ms").status), (201, 201));
    let full = add("/_sandbox/c", "1h");
    let wait = full.header("retry-after").expect("a time").parse::<u64>().expect("seconds");
    assert!(full.status == 503 && (1..=2).contains(&wait), "{wait}: {}", full.text());
    std::thread::sleep(Duration::from_secs(wait));
    assert_eq!(held(&server), 0);
    assert_eq!((add("/_sandbox/a", "1h").status, add("/_sandbox/c", "1h").status), (201, 201));
}

/// A server whose sandboxes may go at once, or after so long.
fn crowded(safe: Duration, when_full: WhenFull) -> TestServer {
    let state = StateBounds { total: 400_000, ..EMPTY };
    let journal = JournalBounds { exchanges: 0, ..JournalBounds::default() };
    let bounds = Bounds { safe, when_full, ..Bounds::default() };
    TestServer::start(&Setup { state, journal, bounds, ..server::setup() })
}

/// Makes a sandbox that holds about 100,000 bytes.
fn make(server: &TestServer, name: &str) -> Answer {
    let mut state: Value = serde_json::from_str(include_str!("../../../fixtures/crud.json")).expect("a fixture");
    let used = state.to_string().len();
    state["personas"][0]["narrative"] = json!({"t": "x".repeat(26_000 - used)});
    control(server, "PUT", &format!("/_mock/sandboxes/{name}"), &json!({"fixtures": {"crud": state}}).to_string())
}

fn names(server: &TestServer) -> Vec<String> {
    let list = control(server, "GET", "/_mock/sandboxes", "").json();
    list["sandboxes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| one["name"].as_str().expect("a name").into())
        .collect()
}

#[test]
fn idle_sandboxes_that_hold_bytes_make_room_for_those_of_others() {
    let server = crowded(Duration::ZERO, WhenFull::Evict);
    assert_eq!(control(&server, "PUT", "/_mock/sandboxes/small", "{}").status, 201, "it holds no bytes");
    for name in ["a", "b", "c"] {
        assert_eq!(make(&server, name).status, 201);
    }
    assert_eq!(make(&server, "d").status, 201);
    assert_eq!(names(&server), ["default", "b", "c", "d", "small"], "the longest unused that holds any");
    assert_eq!(one(&server, "/_sandbox/fresh", 250_000), 201);
    assert_eq!(names(&server), ["default", "d", "fresh", "small"]);
    let gone = control(&server, "GET", "/_sandbox/b/_mock/faults", "");
    assert!(
        gone.status == 404 && gone.text().contains("was evicted") && gone.text().contains("--max-state"),
        "{}",
        gone.text()
    );
    assert!(held(&server) <= 400_000);
    assert_eq!(one(&server, "", 250_000), 201, "the default sandbox never goes, and the others go for it");
    assert_eq!(names(&server), ["default", "small"]);
    assert_eq!((one(&server, "/_sandbox/e", 50_000), one(&server, "/_sandbox/f", 300_000)), (201, 503));
    assert!(names(&server).contains(&"e".to_owned()), "none goes in vain: {:?}", names(&server));
}

#[test]
fn sandboxes_that_were_used_a_moment_ago_stay_and_the_newcomer_is_told_when_they_may_go() {
    let server = crowded(Duration::from_secs(30), WhenFull::Evict);
    let made: Vec<_> = ["a", "b", "c", "d"].into_iter().map(|name| make(&server, name)).collect();
    let full = made.iter().find(|answer| answer.status != 201).expect("one too many");
    let wait = full.header("retry-after").expect("a time").parse::<u64>().expect("seconds");
    assert!(full.status == 503 && (20..=30).contains(&wait), "{wait}: {}", full.text());
    let refusing = crowded(Duration::ZERO, WhenFull::Refuse);
    let made: Vec<_> = ["a", "b", "c", "d"].into_iter().map(|name| make(&refusing, name).status).collect();
    assert!(made.contains(&503) && names(&refusing).contains(&"a".to_owned()), "{made:?}");
}

#[test]
fn a_snapshot_of_a_large_table_is_charged_what_it_copies() {
    let server = start(EMPTY);
    let mut state = control(&server, "GET", "/_mock/state/crud", "").json();
    let id = |number: usize| json!(format!("{number:08x}-0000-4000-8000-{number:012x}"));
    let many = (0..2_000).map(|number| json!({"id": id(number), "project_id": PROJECT, "name": "n"}));
    state["personas"] = many.collect::<Vec<_>>().into();
    assert_eq!(control(&server, "PUT", "/_mock/state/crud", &state.to_string()).status, 204);
    let before = held(&server);
    for number in 0..20 {
        assert_eq!(control(&server, "PUT", &format!("/_mock/snapshots/s{number}"), "").status, 200);
        let patch = json!({"id": id(number * 97), "name": "m"});
        assert_eq!(crud(&server, "PATCH", "", &patch).status, 200);
    }
    let each = (held(&server) - before) / 20;
    assert!((6_000..40_000).contains(&each), "{each}");
    for number in 0..20 {
        control(&server, "DELETE", &format!("/_mock/snapshots/s{number}"), "");
    }
    assert!(held(&server) - before < 20 * 1_500, "{}", held(&server) - before);
}

#[test]
fn a_bound_of_one_or_none_is_told_as_such() {
    let told = |bound: usize, method: &str, target: &str, body: &str| {
        let server = start(StateBounds { snapshots: bound, faults: bound, ..EMPTY });
        let mut asked =
            (0..=bound).map(|number| control(&server, method, &target.replace("{n}", &number.to_string()), body));
        let last = asked.by_ref().last().expect("an answer");
        assert_eq!(last.status, 503, "{}", last.text());
        last.text()
    };
    let snapshots = |bound| told(bound, "PUT", "/_mock/snapshots/a{n}", "");
    assert!(snapshots(0).contains("no sandbox may have snapshots (--max-snapshots 0)"), "{}", snapshots(0));
    assert!(snapshots(1).contains("the sandbox has 1 snapshot already (--max-snapshots)"), "{}", snapshots(1));
    let rules = |bound| told(bound, "POST", "/_mock/faults", r#"{"action": "stale"}"#);
    assert!(rules(0).contains("no sandbox may have fault rules (--max-faults 0)"), "{}", rules(0));
    assert!(rules(1).contains("a sandbox has at most 1 rule (--max-faults)"), "{}", rules(1));
}
