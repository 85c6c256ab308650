//! The journal on the wire: what is kept, what is shown, what is explained.

mod all;
mod anew;
mod claims;
mod delivery;
mod documents;
pub mod events;
mod pact;
mod pages;
mod secrets;
mod vendors;
mod verify;

use persona_mock::internals::Setup;
use persona_mock::provider::register;
use serde_json::Value;

use super::support::toy::Toy;
use super::support::{Answer, Asked, TestServer, server};

fn toy() -> TestServer {
    toy_with(|_| {})
}

fn toy_with(change: impl FnOnce(&mut Setup)) -> TestServer {
    let mut setup = server::setup();
    change(&mut setup);
    TestServer::with(&[register(Toy)], &setup)
}

fn ask(server: &TestServer, method: &str, target: &str, body: &str) -> Answer {
    let asked = Asked::new(method, target);
    server.send_unjudged(&if body.is_empty() { asked } else { asked.json(body) })
}

fn told(server: &TestServer, method: &str, target: &str, body: &str) -> (u16, Value) {
    let answer = ask(server, method, target, body);
    (answer.status, answer.json())
}

/// The exchanges of a page.
fn shown(server: &TestServer, query: &str) -> Vec<Value> {
    let (status, mut page) = told(server, "GET", &format!("/_mock/requests{query}"), "");
    assert_eq!(status, 200, "{page}");
    match page["requests"].take() {
        Value::Array(entries) => entries,
        other => panic!("no list: {other}"),
    }
}

fn numbers(entries: &[Value]) -> Vec<u64> {
    entries.iter().map(|entry| entry["number"].as_u64().expect("a number")).collect()
}
