//! What forks keep of sandboxes that are gone is theirs, in the list and where a bound is reached.

use std::time::{Duration, Instant};

use persona_mock::internals::StateBounds;
use serde_json::{Value, json};

use super::super::support::{Answer, Asked, TestServer, server};
use super::{get, put};

const PROJECT: &str = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10";
const WIDE: StateBounds =
    StateBounds { total: 1 << 40, sandbox: 1 << 40, write: 1 << 40, snapshots: 1_000, faults: 100 };

fn start(state: StateBounds) -> TestServer {
    let mut setup = server::setup();
    setup.state = state;
    TestServer::start(&setup)
}

fn write(server: &TestServer, sandbox: &str, length: usize) -> Answer {
    let body = json!({"project_id": PROJECT, "name": "n", "narrative": {"t": "x".repeat(length)}});
    let asked = Asked::new("POST", &format!("/_sandbox/{sandbox}/crud/personas"));
    server.send(&asked.header("Authorization", "Bearer vm_anything").json(&body.to_string()))
}

fn fork(server: &TestServer, name: &str, from: &str) {
    let made = put(server, &format!("/_mock/sandboxes/{name}"), &json!({"from": from}).to_string());
    assert_eq!(made.status, 201, "{}", made.text());
}

fn delete(server: &TestServer, name: &str) {
    assert_eq!(server.send(&Asked::new("DELETE", &format!("/_mock/sandboxes/{name}"))).status, 204);
}

/// What a sandbox holds, and its part of what others left.
fn held(server: &TestServer, name: &str) -> [u64; 2] {
    let shown = get(server, &format!("/_mock/sandboxes/{name}")).json();
    ["bytes", "shared_bytes"].map(|member| shown[member].as_u64().unwrap_or_else(|| panic!("{member} in {shown}")))
}

/// What the list adds up to, and what counts.
fn sums(server: &TestServer) -> [u64; 2] {
    let list = get(server, "/_mock/sandboxes").json();
    let of =
        |sandbox: &Value| sandbox["bytes"].as_u64().expect("bytes") + sandbox["shared_bytes"].as_u64().expect("bytes");
    let listed = list["sandboxes"].as_array().expect("sandboxes").iter().map(of).sum();
    let page = get(server, "/_mock/metrics").text();
    let counted = page.lines().find_map(|line| line.strip_prefix("persona_mock_state_bytes "));
    [listed, counted.expect("a number").parse().expect("bytes")]
}

/// Waits until what went is let go of.
fn settles(server: &TestServer, is_so: impl Fn() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !is_so() {
        assert!(Instant::now() < end, "{}", get(server, "/_mock/sandboxes").text());
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn who_keeps_what_is_told_until_the_last_fork_is_gone() {
    let server = start(StateBounds { total: 1_000_000, ..WIDE });
    for (source, name) in [("a", "b"), ("c", "d")] {
        assert_eq!(write(&server, source, 400_000).status, 201);
        let [bytes, _] = held(&server, source);
        fork(&server, name, source);
        assert_eq!(held(&server, name), [0, 0], "as long as its source is there, that holds it");
        delete(&server, source);
        settles(&server, || held(&server, name) == [0, bytes]);
        let [listed, counted] = sums(&server);
        assert_eq!(listed, counted);
    }
    let full = write(&server, "e", 400_000);
    let hint = full.header("x-mock-hint").unwrap_or_default().to_owned();
    assert_eq!(full.status, 503, "{}", full.text());
    let [_, counted] = sums(&server);
    let said = format!("{counted} bytes are of sandboxes that are gone, whose forks keep them (b, d); all sandboxes");
    assert!(hint.contains(&said), "{said} in {hint}");
    let large =
        json!({"id": "00000000-0000-4000-8000-00000000000a", "project_id": PROJECT, "name": "x".repeat(400_000)});
    let added = server.send(&Asked::new("POST", "/_mock/state/crud/personas").json(&large.to_string()));
    assert!(added.status == 503 && added.text().contains(&said), "{}", added.text());
    delete(&server, "b");
    settles(&server, || sums(&server)[1] < 500_000);
    assert_eq!(write(&server, "e", 400_000).status, 201, "what the fork kept is free");
    delete(&server, "d");
    delete(&server, "e");
    settles(&server, || sums(&server) == [0, 0]);
}

#[test]
fn forks_have_equal_parts_and_a_fork_of_a_fork_keeps_what_both_left() {
    let server = start(WIDE);
    assert_eq!(write(&server, "a", 100_000).status, 201);
    let [bytes, _] = held(&server, "a");
    fork(&server, "b", "a");
    fork(&server, "c", "a");
    delete(&server, "a");
    settles(&server, || [held(&server, "b"), held(&server, "c")] == [[0, bytes.div_ceil(2)]; 2]);
    assert_eq!(write(&server, "b", 50_000).status, 201);
    let [own, _] = held(&server, "b");
    fork(&server, "d", "b");
    delete(&server, "b");
    delete(&server, "c");
    // What the write copied of the tables beside the state that the fork before it kept goes with that.
    settles(&server, || held(&server, "d") == [0, bytes + own]);
    let [listed, counted] = sums(&server);
    assert_eq!(listed, counted);
    delete(&server, "d");
    settles(&server, || sums(&server) == [0, 0]);
}

#[test]
fn a_sandbox_whose_forks_keep_what_it_let_go_of_is_told_of_them() {
    let server = start(StateBounds { sandbox: 500_000, ..WIDE });
    assert_eq!(write(&server, "a", 400_000).status, 201);
    fork(&server, "b", "a");
    assert_eq!(server.send(&Asked::new("POST", "/_sandbox/a/_mock/reset")).status, 200);
    let full = write(&server, "a", 400_000);
    let hint = full.header("x-mock-hint").unwrap_or_default();
    assert!(
        full.status == 503 && hint.contains("its forks keep what they share with it (b); the sandbox holds"),
        "{hint}"
    );
    delete(&server, "b");
    settles(&server, || held(&server, "a") == [0, 0]);
    assert_eq!(write(&server, "a", 400_000).status, 201);
}
