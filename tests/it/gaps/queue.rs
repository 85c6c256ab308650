//! What a queue is of: whose cells, which of them, under which settings and with which data.

use std::collections::BTreeSet;

use persona_mock::api::{CoverageAxis, CoverageGap, CoverageLevel, Requests, SettingsChange};
use persona_mock::mock::CallRequest;
use persona_mock::{Mock, PersonaMock};
use serde_json::{Value, json};

use super::super::support::Asked;
use super::{call, gaps, line, mock, run};

fn refused(mock: &PersonaMock, target: &str) -> String {
    let (status, body) = call(mock, &Asked::new("GET", target));
    let problem: Value = serde_json::from_slice(&body).expect("a problem");
    assert!((400..500).contains(&status), "{target}: {status}");
    problem["detail"].as_str().expect("a detail").to_owned()
}

fn target(command: &str) -> String {
    line::requests(command).last().expect("a request").target.clone()
}

#[test]
fn a_look_at_the_queue_changes_counts_and_makes_nothing() {
    let mock = mock("vijil").build().expect("a mock");
    let before = mock.coverage().expect("a report");
    assert!(!gaps(&mock, "/_mock/coverage/gaps?sandbox=*&limit=200").gaps.is_empty());
    assert!(!gaps(&mock, "/_sandbox/t1/_mock/coverage/gaps?limit=20").gaps.is_empty());
    assert_eq!(mock.coverage().expect("a report"), before);
    assert_eq!(mock.sandboxes().expect("a list").len(), 1, "`default` alone");
    mock.sandbox("default").assert_unchanged();
    assert!(mock.sandbox("default").requests(&Requests::default()).expect("a journal").is_empty());
}

#[test]
fn the_most_useful_come_first_and_each_in_a_sandbox_that_nobody_else_has() {
    let mock = mock("vijil").build().expect("a mock");
    let two = [0, 1].map(|_| gaps(&mock, "/_mock/coverage/gaps?sandbox=*&limit=40"));
    let axes: Vec<_> = two[0].gaps.iter().map(|gap| gap.axis).collect();
    assert!(axes.is_sorted() && axes[0] == CoverageAxis::Operations, "{axes:?}");
    assert!(two[0].sandbox.is_none() && two[0].gaps.len() == 40 && two[0].empty > 400, "{}", two[0].empty);
    let commands = two.iter().flat_map(|all| &all.gaps).filter_map(|gap| gap.command.as_deref());
    let names = commands.map(|command| target(command).split('/').nth(2).expect("a sandbox").to_owned());
    assert_eq!(names.collect::<BTreeSet<_>>().len(), 80);
    let text = two[0].to_string();
    assert!(text.starts_with("vijil.login POST\tcurl -sS -i "), "{text}");
    assert!(text.ends_with(&format!("\n# and {} more", two[0].empty - 40)), "{text}");
}

#[test]
fn the_queue_of_a_sandbox_is_of_its_own_data_and_sends_to_it() {
    let mock = mock("axero").build().expect("a mock");
    let sandbox = mock.sandbox("t1");
    let mut state = sandbox.state_of("axero").expect("a state");
    state["personas"] = json!([state["personas"][0]]);
    state["personas"][0]["PersonaID"] = json!(77);
    sandbox.put_state_of("axero", &state).expect("a state");
    let all = gaps(&mock, "/_sandbox/t1/_mock/coverage/gaps?axis=operations");
    assert_eq!(all.sandbox.as_deref(), Some("t1"));
    let read = all.gaps.iter().find(|gap| gap.operation == "axero.get_persona").expect("a gap");
    assert!(target(read.command.as_deref().expect("a command")).starts_with("/_sandbox/t1/api/personas/77"), "{read}");
    assert_eq!(all.gaps.iter().filter_map(|gap| run(&mock, gap)).collect::<Vec<_>>(), Vec::<String>::new());
    assert_eq!(gaps(&mock, "/_sandbox/t1/_mock/coverage/gaps?axis=operations").empty, 0);
}

#[test]
fn cells_of_other_settings_are_filled_under_those() {
    let mock = mock("crud").build().expect("a mock");
    let settings = SettingsChange::default().set("crud", "envelope", "data");
    let sandbox = mock.sandbox("other");
    sandbox.change_settings(&settings).expect("settings");
    sandbox.call(CallRequest::get("/crud/personas")).expect("an answer");
    let all = gaps(&mock, "/_mock/coverage/gaps?sandbox=*&axis=answer_fields");
    let of_data = |gap: &&CoverageGap| gap.cell == "200 $.data[].name" && gap.operation == "crud.list_personas";
    let gap = all.gaps.iter().find(of_data).expect("a gap of the other document");
    let command = gap.command.as_deref().expect("a command");
    let settings = line::requests(command);
    assert_eq!((settings.len(), &*settings[0].method), (2, "PUT"), "{command}");
    assert_eq!(run(&mock, gap), None);
    // The queue of a sandbox leaves its settings alone.
    sandbox.change_settings(&SettingsChange::default().set("crud", "envelope", "resource")).expect("settings");
    sandbox.call(CallRequest::get("/crud/personas")).expect("an answer");
    let all = gaps(&mock, "/_sandbox/other/_mock/coverage/gaps?axis=answer_fields");
    let gap = all.gaps.iter().find(of_data).expect("a gap of the other document");
    assert!(gap.command.is_none() && gap.reason.as_ref().is_some_and(|why| why.contains("/_mock/settings")), "{gap}");
}

#[test]
fn a_token_of_the_server_is_in_no_line() {
    let mock = mock("vijil").control_token("sesame-7").build().expect("a mock");
    let asked =
        Asked::new("GET", "/_mock/coverage/gaps?sandbox=*&axis=statuses").header("Authorization", "Bearer sesame-7");
    let (status, body) = call(&mock, &asked);
    let text = String::from_utf8(body).expect("text");
    assert!(status == 200 && !text.contains("sesame"), "{status}");
}

#[test]
fn data_of_ones_own_is_asked_for_by_its_own_ids() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/vijil.json");
    let text = std::fs::read_to_string(path).expect("the embedded fixture");
    // Every id, token and address is another than in the document's examples.
    let other = text.replace("-4", "-5").replace("vijil-", "own-").replace("user@", "own@").replace("vk_", "own_");
    let other: Value = serde_json::from_str(&other).expect("JSON");
    let mock = mock("vijil").fixture("vijil", &other).build().expect("a mock");
    let all = gaps(&mock, "/_mock/coverage/gaps?sandbox=*&axis=operations");
    let wrong: Vec<_> = all.gaps.iter().filter(|gap| gap.command.is_none()).map(ToString::to_string).collect();
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(all.gaps.iter().filter_map(|gap| run(&mock, gap)).collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn wrong_input_is_told_with_what_would_be_right() {
    let mock = mock("vijil").build().expect("a mock");
    for (query, said) in [
        ("axis=status", "the axes are operations, statuses, transport"),
        ("limit=0", "`limit` is a whole number from 1 to 10000, such as 20; found \"0\""),
        ("limit=many", "found \"many\""),
        ("provider=vigil", "`vijil` was probably meant"),
        ("sandbox=t1", "`sandbox` takes `*`"),
    ] {
        let detail = refused(&mock, &format!("/_mock/coverage/gaps?{query}"));
        assert!(detail.contains(said), "{query}: {detail}");
    }
}

#[test]
fn an_axis_that_is_not_counted_has_no_empty_queue() {
    let mock = mock("vijil").coverage_level(CoverageLevel::Operations).build().expect("a mock");
    let detail = refused(&mock, "/_mock/coverage/gaps?axis=parameters");
    assert_eq!(detail, "parameters are not counted; start the server with --coverage-level fields");
    assert!(!gaps(&mock, "/_mock/coverage/gaps?axis=statuses").gaps.is_empty());
}
