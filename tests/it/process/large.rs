//! What large states cost: their requests are answered on threads that no other waits for, and work on them ends in time.
#![cfg(target_os = "linux")]

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use persona_mock::providers::registry;
use serde_json::{Value, json};

use super::held::ran;
use super::{Process, soon};
use crate::command::command;
use crate::support::client::{Answer, Asked, Connection};

const PROJECT: &str = "3f6c1b52-8d4e-4a7b-b0c9-5e2a7d913c10";

/// The embedded fixture of CRUD with so many personas beside its own.
fn crud(personas: usize) -> String {
    let provider = registry().iter().find(|provider| provider.descriptor().id == "crud").expect("a provider");
    let mut fixture: Value = serde_json::from_str(&provider.descriptor().fixture).expect("JSON");
    let rows = fixture["personas"].as_array_mut().expect("rows");
    rows.extend((0..personas).map(|number| {
        let id = format!("00000000-0000-4000-8000-{number:012}");
        json!({"id": id, "project_id": PROJECT, "name": format!("Tess {number}")})
    }));
    fixture.to_string()
}

fn ask(address: SocketAddr, asked: Asked) -> Answer {
    Connection::to(address).send(&asked.header("Host", "localhost").header("Authorization", "Bearer vm_anything"))
}

/// How long the threads of a name ran.
fn cpu(process: &Process, name: &str) -> Duration {
    ran(process.0.id(), name).into_values().map(|(_, ran)| ran).sum()
}

/// The same once they do nothing any more.
fn settled(process: &Process, name: &str) -> Duration {
    soon("the end of the work", || {
        let before = cpu(process, name);
        std::thread::sleep(Duration::from_millis(100));
        Some(before).filter(|before| cpu(process, name) == *before)
    })
}

/// Whether a request is answered aside.
#[track_caller]
fn is_aside(process: &Process, address: SocketAddr, asked: Asked, expected: bool) {
    let before = settled(process, "large");
    let answer = ask(address, asked);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(settled(process, "large") > before, expected);
}

#[test]
fn what_may_walk_or_show_much_is_answered_aside_and_nothing_else() {
    let (process, address) = Process::serve(&mut command(&["serve", "--port", "0", "--log", "off"]));
    let search = || Asked::new("GET", "/crud/personas?search=nobody");
    let make = |size: usize| {
        let text = "x".repeat(size);
        let body = json!({"project_id": PROJECT, "name": "Tess", "demographics": {"age_range": text}}).to_string();
        ask(address, Asked::new("POST", "/crud/personas").json(&body)).json()["id"].as_str().expect("an id").to_owned()
    };
    is_aside(&process, address, search(), false);
    let id = make(30_000);
    let batch = |times: usize| {
        let body = Value::from(vec![json!({"id": id, "name": "Tess"}); times]).to_string();
        Asked::new("PATCH", "/crud/personas").json(&body)
    };
    is_aside(&process, address, batch(1), true);
    is_aside(&process, address, batch(20), true);
    is_aside(&process, address, search(), false);
    assert_eq!(ask(address, Asked::new("PUT", "/_mock/state/crud").json(&crud(12_000))).status, 204);
    is_aside(&process, address, search(), true);
    is_aside(&process, address, Asked::new("GET", "/crud/personas?limit=1&offset=11000"), true);
    assert_eq!(ask(address, Asked::new("POST", "/_mock/reset")).status, 200);
    is_aside(&process, address, search(), false);
}

#[test]
fn loads_and_exports_end_at_their_deadline_and_change_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let fixture = crud(60_000);
    std::fs::write(folder.path().join("crud.json"), &fixture).expect("a file");
    let fixtures = folder.path().to_str().expect("a path");
    let args = ["serve", "--port", "0", "--log", "off", "--control-timeout", "200ms", "--fixtures", fixtures];
    let (process, address) = Process::serve(&mut command(&args));
    let delete = Asked::new("DELETE", "/crud/personas?id=00000000-0000-4000-8000-000000000007");
    assert_eq!(ask(address, delete).status, 200);
    let whole = format!("{{\"crud\": {fixture}}}");
    for asked in [
        Asked::new("PUT", "/_mock/state/crud").json(&fixture),
        Asked::new("PUT", "/_mock/state").json(&whole),
        Asked::new("PUT", "/_mock/sandboxes/t1").json(&format!("{{\"fixtures\": {whole}}}")),
        Asked::new("GET", "/_mock/state/crud"),
        Asked::new("GET", "/_mock/state"),
    ] {
        let answer = ask(address, asked);
        assert_eq!((answer.status, answer.header("x-mock-sandbox")), (503, Some("default")), "{}", answer.text());
        assert!(answer.text().contains("--control-timeout 200ms"), "{}", answer.text());
        ends(&process);
    }
    let gone = Asked::new("GET", "/crud/personas?id=00000000-0000-4000-8000-000000000007");
    assert_eq!(ask(address, gone).status, 404, "the state was replaced");
    assert_eq!(ask(address, Asked::new("GET", "/_mock/sandboxes/t1")).status, 404, "the sandbox was made");
}

/// Waits until no work is done aside any more, for a time in which the whole of it would not be done.
fn ends(process: &Process) {
    let before = cpu(process, "aside");
    let more = settled(process, "aside").saturating_sub(before);
    assert!(more < Duration::from_millis(300), "the work went on for {more:?}");
}

#[test]
fn a_load_ends_with_its_client() {
    let args = ["serve", "--port", "0", "--log", "off", "--control-timeout", "10m"];
    let (process, address) = Process::serve(&mut command(&args));
    // In a debug build it takes longer than the two seconds for which a client may be gone.
    let asked = Asked::new("PUT", "/_mock/state/crud").header("Host", "localhost").json(&crud(250_000));
    let mut client = TcpStream::connect(address).expect("a connection");
    client.write_all(&asked.wire()).expect("a request");
    soon("the work", || (cpu(&process, "aside") > Duration::from_millis(50)).then_some(()));
    drop(client);
    settled(&process, "aside");
    let made = ask(address, Asked::new("GET", "/crud/personas?id=00000000-0000-4000-8000-000000000007"));
    assert_eq!(made.status, 404, "the state was replaced");
}
