//! What the history keeps alive is bounded for itself, and takes nothing from the room for state.

use std::time::{Duration, Instant};

use super::*;

const WIDE: StateBounds =
    StateBounds { total: 1 << 40, sandbox: 1 << 40, write: 1 << 40, snapshots: 1_000, faults: 100 };

fn bounded(state: StateBounds, sandbox: u64, total: u64) -> TestServer {
    TestServer::start(&Setup { state, history: HistoryBounds { sandbox, total }, ..server::setup() })
}

fn metric(server: &TestServer, name: &str) -> u64 {
    let page = control(server, "GET", "/_mock/metrics", "").text();
    let number = page.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    number.expect("a number").parse().expect("bytes")
}

fn held(server: &TestServer) -> u64 {
    metric(server, "persona_mock_state_bytes")
}

fn kept(server: &TestServer) -> u64 {
    metric(server, "persona_mock_history_bytes")
}

/// Waits until all sandboxes hold so many bytes of state: what was replaced may be read by others for a moment.
fn settles_at(server: &TestServer, bytes: u64) {
    let end = Instant::now() + Duration::from_secs(20);
    while held(server) != bytes {
        assert!(Instant::now() < end, "expected {bytes} bytes, found {}", held(server));
        std::thread::sleep(Duration::from_millis(10));
    }
}

fn large(server: &TestServer, prefix: &str, length: usize) -> String {
    let body = json!({"project_id": PROJECT, "name": "n", "demographics": {"age_range": "x".repeat(length)}});
    let answer = crud(server, prefix, "POST", "", &body.to_string());
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

fn enlarge(server: &TestServer, prefix: &str, id: &str, length: usize) -> u16 {
    let body = json!({"id": id, "demographics": {"age_range": "y".repeat(length)}});
    crud(server, prefix, "PUT", "", &body.to_string()).status
}

fn made_and_gone(server: &TestServer, prefix: &str) -> [u64; 2] {
    let page = control(server, "GET", &format!("{prefix}/_mock/history"), "").json();
    [&page["made"], &page["gone"]].map(|number| number.as_u64().expect("a number"))
}

/// What each of so many steps counts that make a persona, where nothing is let go of.
fn costs(steps: usize) -> Vec<u64> {
    let server = bounded(WIDE, 1 << 30, 1 << 30);
    let cost = |_| {
        let before = kept(&server);
        make(&server, "", "n");
        kept(&server) - before
    };
    (0..steps).map(cost).collect()
}

/// A bound that has room for so many bytes and for no step more: a little more goes at once.
fn room_for(bytes: u64) -> u64 {
    bytes * 64 / 63 + 64
}

#[test]
fn a_step_counts_the_more_the_more_records_there_are() {
    let few = costs(1)[0];
    assert!((4_096..6_000).contains(&few), "{few}");
    let mut setup = Setup { state: WIDE, ..server::setup() };
    setup.serving.control_timeout = Duration::from_secs(60);
    let server = TestServer::start(&setup);
    let mut whole = control(&server, "GET", "/_mock/state/crud", "").json();
    let persona = whole["personas"][0].clone();
    whole["personas"].as_array_mut().expect("rows").extend((0..500).map(|number| {
        let mut row = persona.clone();
        row["id"] = json!(format!("00000000-0000-4000-8000-{number:012x}"));
        row
    }));
    let loaded = control(&server, "PUT", "/_mock/state/crud", &whole.to_string());
    assert_eq!(loaded.status, 204, "{}", loaded.text());
    let id = persona["id"].as_str().expect("an id");
    let cost = |change: &dyn Fn()| {
        let before = kept(&server);
        change();
        kept(&server) - before
    };
    let made = cost(&|| drop(make(&server, "", "n")));
    let changed = cost(&|| change(&server, id, "other"));
    // A row of the control API is taken out and put in, which copies the way to it once.
    let path = "/_mock/state/crud/personas/00000000-0000-4000-8000-000000000001";
    let edited = cost(&|| {
        assert_eq!(control(&server, "PATCH", path, r#"{"name": "third"}"#).status, 200);
    });
    assert!((9_000..14_000).contains(&made), "{made}");
    assert!(changed.abs_diff(made) < 2_000 && edited.abs_diff(made) < 2_000, "{made}, {changed}, {edited}");
}

#[test]
fn the_oldest_steps_of_a_sandbox_go_first_and_what_is_gone_is_told_with_its_flag() {
    let costs = costs(6);
    let last: u64 = costs[2..].iter().sum();
    let server = bounded(WIDE, room_for(last), 1 << 30);
    (0..6).for_each(|_| drop(make(&server, "", "n")));
    assert_eq!((made_and_gone(&server, ""), kept(&server)), ([6, 2], last));
    for (way, id) in [("before", "w-2"), ("after", "w-1"), ("before", "1")] {
        let gone = rewind(&server, way, id);
        assert!(gone.status == 410 && gone.text().contains("--history-bytes"), "{way} {id}: {}", gone.text());
    }
    assert_eq!(control(&server, "GET", "/_mock/requests/1/diff", "").status, 410);
    assert_eq!(rewind(&server, "after", "w-2").status, 200, "the step behind it keeps it");
    let exact = bounded(WIDE, costs[0], 1 << 30);
    make(&exact, "", "a");
    assert_eq!(undo(&exact).status, 200, "a step is so many bytes");
    let less = bounded(WIDE, costs[0] - 1, 1 << 30);
    make(&less, "", "a");
    let gone = undo(&less);
    assert!(gone.status == 410 && gone.text().contains("--history-bytes"), "{}", gone.text());
}

#[test]
fn over_all_sandboxes_the_oldest_step_goes_first_and_one_that_goes_gives_its_bytes_back() {
    let costs = costs(8);
    let [first, last]: [u64; 2] = [&costs[..6], &costs[4..]].map(|some| some.iter().sum());
    let server = bounded(WIDE, 1 << 30, room_for(first + last));
    (0..8).for_each(|_| drop(make(&server, "/_sandbox/a", "n")));
    (0..6).for_each(|_| drop(make(&server, "/_sandbox/b", "n")));
    assert_eq!(
        [made_and_gone(&server, "/_sandbox/a"), made_and_gone(&server, "/_sandbox/b")],
        [[8, 4], [6, 0]],
        "{}",
        kept(&server)
    );
    assert_eq!(kept(&server), first + last);
    assert_eq!(control(&server, "DELETE", "/_mock/sandboxes/a", "").status, 204);
    assert_eq!(kept(&server), first);
    assert_eq!(control(&server, "POST", "/_sandbox/b/_mock/reset", "").status, 200);
    assert_eq!(kept(&server), 0);
}

#[test]
fn what_only_the_history_has_is_no_state_and_locks_nobody_out() {
    let server = bounded(StateBounds { sandbox: 150_000, ..WIDE }, 350_000, 1 << 30);
    let id = large(&server, "", 100_000);
    let weight = held(&server);
    for _ in 0..20 {
        assert_eq!(enlarge(&server, "", &id, 100_000), 200);
    }
    settles_at(&server, weight);
    assert!((300_000..=350_000).contains(&kept(&server)), "{}", kept(&server));
    assert_eq!(enlarge(&server, "", &id, 150_000), 503, "the bound of state is what it was");
    let [made, gone] = made_and_gone(&server, "");
    assert_eq!((made, made - gone), (21, 3), "a refused write is no step");
    for _ in 0..10 {
        assert_eq!([undo(&server).status, undo(&server).status], [200, 200]);
        settles_at(&server, weight);
        assert_eq!(rewind(&server, "after", &format!("w-{}", made_and_gone(&server, "")[0] - 2)).status, 200);
        settles_at(&server, weight);
        assert!(kept(&server) <= 350_000);
        assert_eq!([enlarge(&server, "", &id, 100_000), enlarge(&server, "", &id, 100_000)], [200, 200]);
    }
    let gone = crud(&server, "", "DELETE", &format!("?id={id}"), "");
    assert_eq!((gone.status, held(&server)), (200, 0), "{}", gone.text());
    assert_eq!(control(&server, "POST", "/_mock/reset", "").status, 200);
    settles_at(&server, 0);
    assert_eq!(kept(&server), 0);
}

#[test]
fn what_was_made_and_taken_back_by_a_rewind_is_the_historys() {
    let server = bounded(StateBounds { sandbox: 250_000, ..WIDE }, 1 << 20, 1 << 30);
    let one = large(&server, "", 100_000);
    let weight = held(&server);
    let steps: u64 = costs(2).iter().sum();
    large(&server, "", 100_000);
    assert_eq!(rewind(&server, "before", "w-1").status, 200);
    assert_eq!((held(&server), kept(&server)), (0, 2 * weight + steps + 4_096));
    assert_eq!(rewind(&server, "after", "w-2").status, 200);
    assert_eq!((held(&server), kept(&server)), (2 * weight, steps + 2 * 4_096));
    assert_eq!(enlarge(&server, "", &one, 200_000), 503);
    assert_eq!(undo(&server).status, 200);
    assert_eq!((held(&server), kept(&server)), (0, 2 * weight + steps + 3 * 4_096));
    large(&server, "", 100_000);
    assert_eq!(control(&server, "POST", "/_mock/reset", "").status, 200);
    settles_at(&server, 0);
}

#[test]
fn a_step_that_is_larger_than_the_bound_is_not_kept_and_its_memory_comes_back() {
    let server = bounded(StateBounds { sandbox: 500_000, ..WIDE }, 100_000, 1 << 30);
    let id = large(&server, "", 200_000);
    let weight = held(&server);
    assert_eq!(enlarge(&server, "", &id, 200_000), 200);
    let gone = undo(&server);
    assert!(gone.status == 410 && gone.text().contains("--history-bytes"), "{}", gone.text());
    assert_eq!(kept(&server), 0);
    for _ in 0..10 {
        assert_eq!(enlarge(&server, "", &id, 200_000), 200);
    }
    settles_at(&server, weight);
    make(&server, "", "small");
    assert_eq!(undo(&server).status, 200, "what comes later is kept again");
}

#[test]
fn a_snapshot_counts_as_state_until_it_goes_and_then_as_history() {
    let server = bounded(StateBounds { sandbox: 250_000, ..WIDE }, 1 << 20, 1 << 30);
    let id = large(&server, "", 100_000);
    let weight = held(&server);
    for name in ["a", "b"] {
        assert_eq!(control(&server, "PUT", &format!("/_mock/snapshots/{name}"), "").status, 200);
    }
    assert_eq!(enlarge(&server, "", &id, 100_000), 200);
    assert!((2 * weight..2 * weight + 20_000).contains(&held(&server)), "{}", held(&server));
    assert_eq!(enlarge(&server, "", &id, 100_000), 200);
    let costs = costs(2);
    assert_eq!(kept(&server), costs[0] + 2 * costs[1] + weight, "a change finds one record more than what made it");
    for name in ["a", "b"] {
        assert_eq!(control(&server, "DELETE", &format!("/_mock/snapshots/{name}"), "").status, 204);
    }
    settles_at(&server, weight);
    make(&server, "", "small");
    assert!((2 * weight..2 * weight + 30_000).contains(&kept(&server)), "{}", kept(&server));
    assert_eq!(rewind(&server, "after", "w-1").status, 200);
    settles_at(&server, weight);
}

#[test]
fn a_state_that_was_loaded_is_the_historys_once_another_takes_its_place() {
    let server = bounded(StateBounds { sandbox: 300_000, ..WIDE }, 1 << 20, 1 << 30);
    let fixture = include_str!("../../../fixtures/crud.json");
    let load = |length: usize| {
        let text = fixture.replacen('{', &format!("{{{}", " ".repeat(length.saturating_sub(fixture.len()))), 1);
        control(&server, "PUT", "/_mock/state/crud", &text).status
    };
    assert_eq!([load(60_000), load(70_000), load(50_000)], [204; 3]);
    assert_eq!((held(&server), kept(&server)), (200_000, 520_000 + 3 * 4_096));
    assert_eq!(undo(&server).status, 200);
    assert_eq!((held(&server), kept(&server)), (280_000, 440_000 + 4 * 4_096));
    assert_eq!(undo(&server).status, 200);
    assert_eq!((held(&server), kept(&server)), (240_000, 480_000 + 5 * 4_096));
    assert_eq!(undo(&server).status, 200);
    assert_eq!((held(&server), kept(&server)), (0, 720_000 + 6 * 4_096));
    assert_eq!(load(60_000), 204);
    assert_eq!(control(&server, "POST", "/_mock/reset", "").status, 200);
    settles_at(&server, 0);
}
