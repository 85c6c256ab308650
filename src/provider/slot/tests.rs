//! Tests of slots, with a provider that is read from a text.

use super::*;
use crate::provider::call::View;
use crate::provider::from_text::FromText;
use crate::provider::{Base, Headers, register};
use crate::world::history::no_turn;
use crate::world::ids::Seed;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// A slot of a provider whose every name is read here.
fn slot() -> Arc<dyn Slot> {
    let text = r#"{"id": "tally", "mount": "/t", "operations": [
        {"name": "tally.show", "method": "GET", "path": "/t/n"},
        {"name": "tally.add", "method": "POST", "path": "/t/n"}
    ]}"#;
    let provider = register(FromText::read(text));
    provider.slot("tally.json", r#"{"number": 1}"#.into(), NOW, Arc::default()).expect("a fixture")
}

fn ask(slot: &dyn Slot, method: &str, stale: bool) -> (String, bool) {
    let headers = Headers::new();
    let descriptor = slot.provider().descriptor();
    let mount = descriptor.mounts.iter().find(|mount| mount.takes("/t/n")).expect("a mount");
    let base = Base::LOCALHOST;
    let (raw_path, path, body) = ("/t/n", "/t/n", &[][..]);
    let request =
        Request { method, raw_path, path, mount: &mount.path, rest: "/n", query: None, headers: &headers, body, base };
    let nobody = Vec::new();
    let view = View { stale, ..View::of(NOW, Seed(1), slot.options(), &nobody) };
    let Routed::Operation(meant) = slot.route(&request, &view.options) else { panic!("no operation") };
    let response = meant.answer(request, &view);
    (String::from_utf8_lossy(response.bytes()).into_owned(), view.wrote.get())
}

#[test]
fn a_provider_whose_names_are_read_from_a_text_answers() {
    let slot = slot();
    let answer = |method| ask(&*slot, method, false);
    assert_eq!(answer("GET"), ("tally.show says 1".to_owned(), false));
    assert_eq!(answer("POST"), ("tally.add says 2".to_owned(), true));
    let names: Vec<_> = slot.provider().operations().into_iter().map(|operation| &*operation.name).collect();
    assert_eq!((&*slot.provider().descriptor().id, &names[..]), ("tally", &["tally.show", "tally.add"][..]));
}

#[test]
fn a_stale_answer_is_of_the_state_before_the_last_write_and_writes_nothing() {
    let slot = slot();
    let answer = |method| ask(&*slot, method, false).0;
    let stale = |method| ask(&*slot, method, true).0;
    answer("POST");
    assert_eq!(
        [stale("GET"), stale("POST"), answer("GET")].map(|text| text[text.len() - 1..].to_owned()),
        ["1", "2", "2"]
    );
}

#[test]
fn a_moment_is_restored_into_the_slot_that_it_is_of() {
    let slot = slot();
    let other = slot.fresh(&slot.account().sibling());
    let add = |slot: &dyn Slot| ask(slot, "POST", false).0;
    let moment = slot.clone().present();
    assert!(moment.is_present());
    assert_eq!((add(&*slot), add(&*other)), ("tally.add says 2".to_owned(), "tally.add says 2".to_owned()));
    assert!(!moment.is_present());
    drop(moment.restore(&mut no_turn()));
    assert!(moment.is_present() && slot.clone().start().is_present());
    assert_eq!(add(&*other), "tally.add says 3", "the other keeps its own");
}

#[test]
fn a_fixture_with_a_fault_changes_nothing() {
    let slot = slot();
    let before = slot.clone().present();
    assert!(slot.clone().load("tally.json", r#"{"number": "one"}"#.into(), NOW).is_err());
    let five = slot.clone().load("tally.json", r#"{"number": 5}"#.into(), NOW).expect("a fixture");
    assert!(before.is_present(), "a fixture is read before it is put in place");
    let mut turn = no_turn();
    drop((five.begin(&mut turn), before.restore(&mut turn), slot.reset(&mut turn)));
    assert!(five.is_present());
}
