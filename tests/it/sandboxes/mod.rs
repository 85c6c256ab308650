//! When a sandbox is made, when it stays, and when it goes.

mod ends;
mod first;
mod forks;
mod full;
mod kept;

use persona_mock::internals::{Bounds, Setup};
use persona_mock::provider::register;
use serde_json::Value;

use super::support::toy::Toy;
use super::support::{Answer, Asked, TestServer, server};

fn toy(change: impl FnOnce(&mut Setup)) -> TestServer {
    let mut setup = server::setup();
    change(&mut setup);
    TestServer::with(&[register(Toy)], &setup)
}

fn bounded(bounds: Bounds) -> TestServer {
    toy(|setup| setup.bounds = bounds)
}

fn get(server: &TestServer, target: &str) -> Answer {
    server.send(&Asked::new("GET", target))
}

fn post(server: &TestServer, target: &str) -> Answer {
    server.send(&Asked::new("POST", target).body("{}"))
}

fn put(server: &TestServer, target: &str, body: &str) -> Answer {
    server.send(&Asked::new("PUT", target).json(body))
}

/// The sandboxes that are there beside `default`.
fn names(server: &TestServer) -> Vec<String> {
    let list = get(server, "/_mock/sandboxes").json();
    let name = |sandbox: &Value| sandbox["name"].as_str().expect("a name").to_owned();
    list["sandboxes"].as_array().expect("sandboxes").iter().skip(1).map(name).collect()
}

/// What an answer says of how its sandbox was made.
fn created(answer: &Answer) -> Option<&str> {
    answer.header("x-mock-sandbox-created")
}

fn count(server: &TestServer, name: &str) -> Option<u64> {
    get(server, &format!("/_sandbox/{name}/toy/count")).json()["count"].as_u64()
}
