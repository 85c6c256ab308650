//! What a sandbox was before each change of its state, and the way there.

mod bounds;
mod differences;
mod threads;

use persona_mock::internals::{HistoryBounds, Setup, StateBounds};
use serde_json::{Value, json};

use super::support::client::Answer;
use super::support::{Asked, TestServer, server};

const PROJECT: &str = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10";

fn start() -> TestServer {
    TestServer::start(&server::setup())
}

fn control(server: &TestServer, method: &str, target: &str, body: &str) -> Answer {
    let asked = Asked::new(method, target);
    server.send(&if body.is_empty() { asked } else { asked.json(body) })
}

fn crud(server: &TestServer, prefix: &str, method: &str, target: &str, body: &str) -> Answer {
    let asked = Asked::new(method, &format!("{prefix}/crud/personas{target}"));
    let asked = asked.header("Authorization", "Bearer vm_anything");
    server.send(&if body.is_empty() { asked } else { asked.json(body) })
}

/// Makes a persona: its id.
fn make(server: &TestServer, prefix: &str, name: &str) -> String {
    let answer = crud(server, prefix, "POST", "", &json!({"project_id": PROJECT, "name": name}).to_string());
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["id"].as_str().expect("an id").to_owned()
}

fn change(server: &TestServer, id: &str, name: &str) {
    let answer = crud(server, "", "PUT", "", &json!({"id": id, "name": name}).to_string());
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn axero(server: &TestServer, name: &str) {
    let asked = Asked::new("POST", "/api/personas").header("Authorization", "Bearer YOUR_TOKEN");
    let answer = server.send(&asked.json(&json!({"Name": name}).to_string()));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

fn state(server: &TestServer) -> String {
    control(server, "GET", "/_mock/state", "").text()
}

fn rewind(server: &TestServer, way: &str, id: &str) -> Answer {
    control(server, "POST", "/_mock/rewind", &json!({way: id}).to_string())
}

fn undo(server: &TestServer) -> Answer {
    control(server, "POST", "/_mock/undo", "")
}

fn steps(server: &TestServer) -> Vec<Value> {
    let mut steps = control(server, "GET", "/_mock/history", "").json()["steps"].as_array().expect("steps").clone();
    steps.reverse();
    steps
}

fn newest(server: &TestServer) -> Value {
    control(server, "GET", "/_mock/requests?order=newest&limit=1", "").json()["requests"][0].clone()
}

#[test]
fn every_change_of_the_state_is_a_step_whoever_made_it() {
    let server = start();
    let id = make(&server, "", "a");
    let entry = newest(&server);
    assert_eq!((&entry["step"], &entry["changed"]), (&json!("w-1"), &json!(true)));
    assert_eq!(crud(&server, "", "PUT", "", &json!({"id": id, "name": 1}).to_string()).status, 400, "refused");
    assert_eq!(newest(&server)["step"], Value::Null);
    let batch = json!([{"id": id, "name": "b"}, {"id": id, "name": "c"}]).to_string();
    assert_eq!(crud(&server, "", "PUT", "", &batch).status, 200);
    assert_eq!(newest(&server)["step"], "w-2", "a batch is one step");
    axero(&server, "Robin");
    assert_eq!(control(&server, "PUT", "/_mock/snapshots/s", "").status, 200);
    assert_eq!(control(&server, "POST", "/_mock/snapshots/s/restore", "").status, 204);
    let all = state(&server);
    assert_eq!(control(&server, "PUT", "/_mock/state", &all).status, 204);
    let vijil = control(&server, "GET", "/_mock/state/vijil", "").text();
    assert_eq!(control(&server, "PUT", "/_mock/state/vijil", &vijil).status, 204);
    assert_eq!(control(&server, "POST", "/_mock/reset", r#"{"only": "crud"}"#).status, 200);
    assert_eq!(rewind(&server, "after", "w-3").status, 200);
    assert_eq!(undo(&server).status, 200);
    let told =
        |step: &Value| format!("{} {} {}", step["step"], step["by"], step["providers"].as_array().unwrap().len());
    let told: Vec<_> = steps(&server).iter().map(|step| told(step).replace('"', "")).collect();
    assert_eq!(
        told,
        [
            "w-1 crud.create_persona 1",
            "w-2 crud.update_personas_batch 1",
            "w-3 axero.create_persona 1",
            "w-4 restore_snapshot 4",
            "w-5 replace_all 4",
            "w-6 replace_one 1",
            "w-7 reset 1",
            "w-8 rewind 4",
            "w-9 undo 4",
        ]
    );
    let first = &steps(&server)[0];
    assert_eq!((first["request"] == entry["id"], &first["number"]), (true, &json!(1)));
}

#[test]
fn undo_goes_back_step_by_step_and_rewind_goes_forward_again() {
    let server = start();
    let mut seen = vec![state(&server)];
    let id = make(&server, "", "a");
    seen.push(state(&server));
    change(&server, &id, "b");
    seen.push(state(&server));
    axero(&server, "Robin");
    seen.push(state(&server));
    let back = undo(&server).json();
    assert_eq!((&back["step"], &back["back_to"]), (&json!("w-4"), &json!("w-2")));
    assert!(state(&server) == seen[2]);
    assert_eq!(undo(&server).json()["back_to"], "w-1");
    assert!(state(&server) == seen[1], "twice goes two steps back");
    assert_eq!(undo(&server).json()["back_to"], "start");
    assert!(state(&server) == seen[0]);
    let nothing = undo(&server);
    assert!(nothing.status == 409 && nothing.text().contains("nothing before"), "{}", nothing.text());
    for (step, wanted) in [("w-3", 3), ("w-1", 1), ("w-2", 2), ("w-5", 1), ("w-4", 2)] {
        assert_eq!(rewind(&server, "after", step).status, 200);
        assert!(state(&server) == seen[wanted], "{step}");
    }
    assert_eq!(undo(&server).status, 200, "a rewind can be taken back too");
    assert!(state(&server) == seen[1]);
    let made = make(&server, "", "a again");
    assert_ne!(made, id, "other requests came between, and ids go on from where the state was");
}

#[test]
fn ids_are_drawn_again_after_a_rewind() {
    let server = start();
    let first = make(&server, "", "a");
    assert_eq!(rewind(&server, "before", "1").status, 200);
    assert_eq!(make(&server, "", "a"), first);
}

#[test]
fn a_call_is_gone_back_to_by_id_number_and_step_and_a_read_means_the_last_step_before_it() {
    let server = start();
    make(&server, "", "a");
    let after_first = state(&server);
    assert_eq!(crud(&server, "", "GET", "", "").status, 200);
    let read = newest(&server);
    make(&server, "", "b");
    let after_second = state(&server);
    let second = newest(&server)["id"].as_str().expect("an id").to_owned();
    make(&server, "", "c");
    for (way, id, wanted) in [
        ("before", &*second, &after_first),
        ("after", &*second, &after_second),
        ("before", read["id"].as_str().expect("an id"), &after_first),
        ("after", "2", &after_first),
        ("before", "4", &after_second),
        ("before", "w-2", &after_first),
    ] {
        let answer = rewind(&server, way, id);
        assert_eq!(answer.status, 200, "{}", answer.text());
        assert!(state(&server) == *wanted, "{way} {id}");
    }
}

#[test]
fn the_clocks_setting_goes_back_and_real_time_goes_on() {
    let server = start();
    let clock = |body: &str| control(&server, "PUT", "/_mock/clock", body);
    assert_eq!(clock(r#"{"freeze": "2026-01-15T12:00:00Z"}"#).status, 200);
    make(&server, "", "a");
    assert_eq!(clock(r#"{"advance": "14d"}"#).status, 200);
    make(&server, "", "b");
    assert_eq!(clock(r#"{"real": true}"#).status, 200);
    let now = || control(&server, "GET", "/_mock/clock", "").json();
    assert_eq!(undo(&server).json()["clock"]["now"], "2026-01-29T12:00:00Z", "as it was before the step");
    assert_eq!(now()["now"], "2026-01-29T12:00:00Z");
    assert_eq!(rewind(&server, "after", "w-1").status, 200);
    assert_eq!(now(), json!({"mode": "frozen", "now": "2026-01-15T12:00:00Z"}), "as it was behind the step");
    assert_eq!(clock(r#"{"run": true}"#).status, 200);
    make(&server, "", "c");
    assert_eq!(clock(r#"{"freeze": "now"}"#).status, 200);
    assert_eq!(undo(&server).status, 200);
    assert_eq!(now()["mode"], "offset", "it runs on, by the same difference to real time");
}

#[test]
fn a_diff_says_what_one_call_changed_and_nothing_of_a_read() {
    let server = start();
    let id = make(&server, "", "a");
    change(&server, &id, "b");
    axero(&server, "Robin");
    assert_eq!(crud(&server, "", "GET", "", "").status, 200);
    let diff = |id: &str| control(&server, "GET", &format!("/_mock/requests/{id}/diff"), "").json();
    let named = format!("$.personas[id={id}]");
    let first = diff("1");
    let added = first["providers"]["crud"].as_array().expect("changes");
    assert!(added.iter().any(|one| one["change"] == "added" && one["path"] == named), "{first}");
    let second = diff("2");
    let changes = second["providers"]["crud"].as_array().expect("changes");
    let name = changes.iter().find(|one| one["path"] == format!("{named}.name")).expect("the name");
    assert_eq!((&name["from"], &name["to"], second["providers"].get("axero")), (&json!("a"), &json!("b"), None));
    assert_eq!(diff("3")["providers"].as_object().expect("providers").len(), 1);
    assert_eq!(diff("w-3")["providers"], diff("3")["providers"]);
    assert_eq!(diff("4")["providers"], json!({}));
    assert_eq!(rewind(&server, "before", "1").status, 200);
    assert_eq!(diff("2")["providers"], second["providers"], "also once it was taken back");
}

#[test]
fn what_is_no_step_is_told_with_what_would_be_right() {
    let server = start();
    let refused = |way: &str, id: &str, status: u16, said: &str| {
        let answer = rewind(&server, way, id);
        assert!(answer.status == status && answer.text().contains(said), "{id}: {} {}", answer.status, answer.text());
    };
    refused("before", "w-1", 404, "none was made");
    make(&server, "", "a");
    refused("after", "w-2", 404, "the last one is w-1");
    refused("before", "w-0", 404, "no step `w-0`");
    refused("after", "w-", 404, "no exchange `w-` is kept");
    refused("after", "2d0c1d0e-0000-4000-8000-000000000000", 404, "no exchange");
    refused("later", "w-1", 400, "before");
    make(&server, "/_sandbox/other", "b");
    let other = control(&server, "GET", "/_sandbox/other/_mock/requests", "").json()["requests"][0]["id"].clone();
    let change_seed = control(&server, "PUT", "/_sandbox/third/_mock/seed", r#"{"seed": 7}"#);
    assert_eq!(change_seed.status, 200);
    make(&server, "/_sandbox/third", "b");
    let third = control(&server, "GET", "/_sandbox/third/_mock/requests", "").json()["requests"][0]["id"].clone();
    refused("before", third.as_str().expect("an id"), 404, "no exchange");
    assert!(other.is_string());
    let diff = control(&server, "GET", "/_mock/requests/nope/diff", "");
    assert_eq!(diff.status, 404);
    let both = control(&server, "POST", "/_mock/rewind", r#"{"before": "w-1", "after": "w-1"}"#);
    assert_eq!(both.status, 400, "{}", both.text());
}

#[test]
fn a_reset_empties_the_list_and_one_of_a_provider_is_a_step() {
    let server = start();
    make(&server, "", "a");
    let before = state(&server);
    assert_eq!(control(&server, "POST", "/_mock/reset", r#"{"only": "crud"}"#).status, 200);
    assert_eq!(undo(&server).status, 200);
    assert!(state(&server) == before);
    assert_eq!(control(&server, "POST", "/_mock/reset", "").status, 200);
    let nothing = undo(&server);
    assert!(nothing.status == 409 && nothing.text().contains("nothing before"), "{}", nothing.text());
    assert!(steps(&server).is_empty());
    make(&server, "", "b");
    assert_eq!(steps(&server)[0]["step"], "w-1", "the journal is numbered anew, and so are the steps");
    let to_start = json!({"state": "the sandbox at its start", "action": "setup"}).to_string();
    assert_eq!(control(&server, "POST", "/_mock/provider-states", &to_start).status, 200);
    let gone = rewind(&server, "before", "1");
    assert!(gone.status == 410 && gone.text().contains("reset"), "the journal stayed: {}", gone.text());
    assert_eq!(control(&server, "GET", "/_mock/requests/1/diff", "").status, 410);
    make(&server, "", "c");
    assert_eq!(steps(&server)[0]["step"], "w-2", "its steps are named in the journal that stayed");
}

#[test]
fn a_sandbox_has_a_list_of_its_own_as_long_as_it_is_there() {
    let server = start();
    let prefix = "/_sandbox/t1";
    make(&server, prefix, "a");
    make(&server, "", "b");
    let at = |target: &str| format!("{prefix}/_mock/{target}");
    assert_eq!(control(&server, "GET", &at("history"), "").json()["made"], 1);
    assert_eq!(control(&server, "POST", &at("undo"), "").status, 200);
    assert_eq!(undo(&server).status, 200);
    assert_eq!(control(&server, "DELETE", "/_mock/sandboxes/t1", "").status, 204);
    assert_eq!(control(&server, "POST", &at("undo"), "").status, 409);
    let own = json!({"fixtures": {"crud": control(&server, "GET", "/_mock/state/crud", "").json()}}).to_string();
    assert_eq!(control(&server, "PUT", "/_mock/sandboxes/t1", &own).status, 201);
    assert_eq!(control(&server, "GET", &at("history"), "").json()["made"], 0, "what it starts with is no step");
}

#[test]
fn a_snapshot_outlives_a_reset_and_its_restore_can_be_taken_back() {
    let server = start();
    make(&server, "", "a");
    let saved = state(&server);
    assert_eq!(control(&server, "PUT", "/_mock/snapshots/s", "").status, 200);
    assert_eq!(control(&server, "POST", "/_mock/reset", "").status, 200);
    let fresh = state(&server);
    assert_eq!(control(&server, "POST", "/_mock/snapshots/s/restore", "").status, 204);
    assert!(state(&server) == saved);
    assert_eq!(undo(&server).json()["back_to"], "start");
    assert!(state(&server) == fresh);
    assert_eq!(control(&server, "POST", "/_mock/snapshots/s/restore", "").status, 204);
    assert_eq!(control(&server, "POST", "/_mock/snapshots/s/restore", "").status, 204, "it is there already");
    assert_eq!([undo(&server).status, undo(&server).status, undo(&server).status], [200, 200, 409]);
    assert!(state(&server) == fresh);
}

#[test]
fn the_list_is_read_a_page_at_a_time() {
    let server = start();
    for number in 0..5 {
        make(&server, "", &format!("n{number}"));
    }
    let page = |query: &str| control(&server, "GET", &format!("/_mock/history?{query}"), "");
    let names = |page: &Value| -> Vec<String> {
        page["steps"]
            .as_array()
            .expect("steps")
            .iter()
            .map(|step| step["step"].as_str().expect("a name").into())
            .collect()
    };
    let first = page("limit=2").json();
    assert_eq!(
        (names(&first), &first["made"], &first["gone"]),
        (vec!["w-5".into(), "w-4".into()], &json!(5), &json!(0))
    );
    let next = page(&format!("limit=3&cursor={}", first["next"].as_str().expect("a cursor"))).json();
    assert_eq!((names(&next), next.get("next")), (vec!["w-3".into(), "w-2".into(), "w-1".into()], None));
    for (query, at) in [("limit=0", "query.limit"), ("limit=x", "query.limit"), ("cursor=x", "query.cursor")] {
        let wrong = page(query);
        assert_eq!((wrong.status, wrong.json()["at"].as_str()), (400, Some(at)), "{}", wrong.text());
    }
}

#[test]
fn without_a_history_nothing_is_kept_and_everything_else_is_as_before() {
    let server = TestServer::start(&Setup { history: HistoryBounds { sandbox: 0, total: 1 << 30 }, ..server::setup() });
    let id = make(&server, "", "a");
    change(&server, &id, "b");
    assert_eq!((newest(&server)["changed"].clone(), newest(&server)["step"].clone()), (json!(true), Value::Null));
    for (method, target, body) in [
        ("GET", "/_mock/history", ""),
        ("POST", "/_mock/undo", ""),
        ("POST", "/_mock/rewind", r#"{"before": "1"}"#),
        ("GET", "/_mock/requests/1/diff", ""),
    ] {
        let answer = control(&server, method, target, body);
        assert!(answer.status == 409 && answer.text().contains("--history-bytes"), "{target}: {}", answer.text());
    }
    assert_eq!(control(&server, "POST", "/_mock/reset", "").status, 200);
}
