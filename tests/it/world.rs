//! What holds for every provider's world: fixtures, isolation from failure, determinism.

use std::sync::Arc;

use persona_mock::internals::{AppState, FixtureText, Setup};
use persona_mock::providers::registry;

use super::support::{Asked, TestServer, case, server};

#[test]
fn load_export_load_gives_an_equal_state() {
    for provider in registry() {
        let descriptor = provider.descriptor();
        let now = "2026-01-15T12:00:00Z".parse().expect("an instant");
        let slot = provider.clone().slot("embedded", (&*descriptor.fixture).into(), now, Arc::default());
        let slot = slot.unwrap_or_else(|faults| panic!("{faults:#?}"));
        let text = slot.clone().present().export(None, usize::MAX).expect("a text");
        let later = "2027-07-07T07:07:07Z".parse().expect("an instant");
        let second = slot.load("exported", text.as_str().into(), later).unwrap_or_else(|faults| panic!("{faults:#?}"));
        assert!(second.is_present(), "{}: {text}", descriptor.id);
    }
}

#[test]
fn a_world_that_was_changed_exports_and_loads_again() {
    let server = TestServer::start(&server::setup());
    for (asked, _) in writes() {
        server.send(&asked);
    }
    for provider in registry() {
        let id = &*provider.descriptor().id;
        let text = server.app.export(id, "schema.json").expect("a provider").expect("a text");
        let fixtures = vec![FixtureText { provider: id.to_owned(), file: id.to_owned(), text: text.clone() }];
        let app = AppState::build(registry(), &Setup { fixtures, ..server::setup() });
        let again = app.unwrap_or_else(|error| panic!("{error}")).export(id, "schema.json");
        assert_eq!(again.expect("a provider").expect("a text"), text, "{id}");
    }
}

/// One write a provider, with a status that says it was taken.
fn writes() -> Vec<(Asked, u16)> {
    let case = |provider: &str, name: &str| {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cases/{provider}/{name}.http"));
        let case = case::read(&path);
        let exchange = case.exchanges.into_iter().next().expect("an exchange");
        let status = exchange.status;
        (exchange.asked, status)
    };
    vec![
        case("axero", "creates_a_persona"),
        case("equals_money", "updates_a_persona"),
        case("vijil", "creates_a_persona"),
        case("crud", "creates_a_persona"),
    ]
}

#[test]
fn same_seed_clock_and_requests_give_the_same_bytes() {
    let run = || {
        let server = TestServer::start(&server::setup());
        let mut bytes = Vec::new();
        for _ in 0..3 {
            for (asked, status) in writes() {
                let answer = server.send(&asked.header("Origin", "http://app.test"));
                assert!(answer.status == status || answer.status < 500);
                bytes.push((answer.status, answer.headers.clone(), answer.body.clone()));
            }
        }
        bytes
    };
    assert_eq!(run(), run());
}

#[test]
fn another_seed_gives_other_ids() {
    let create = |seed: u64| {
        let setup = Setup { seed: persona_mock::provider::Seed(seed), ..server::setup() };
        let (asked, _) = writes().swap_remove(2);
        TestServer::start(&setup).send(&asked).json()["id"].clone()
    };
    assert_eq!(create(1), create(1));
    assert_ne!(create(1), create(2));
}
