//! Texts at the edges of a regular expression.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::{rounds, tell};

/// Texts that match, texts that nearly do, and texts of what stands at the edges.
fn texts(model: &str, edges: &'static [&'static str]) -> impl Strategy<Value = String> + use<> {
    let matching = proptest::string::string_regex(model).expect("a pattern").boxed();
    let edge = prop::sample::select(edges);
    let spoilt = (matching.clone(), any::<prop::sample::Index>(), edge.clone(), 0..3_u8);
    let spoilt = spoilt.prop_map(|(text, place, edge, how)| {
        let mut chars: Vec<char> = text.chars().collect();
        let place = place.index(chars.len() + 1);
        if how > 0 && place < chars.len() {
            chars.remove(place);
        }
        if how < 2 {
            chars.splice(place..place, edge.chars());
        }
        chars.into_iter().collect::<String>()
    });
    let edges = prop::collection::vec(edge, 0..5).prop_map(|parts| parts.concat());
    prop_oneof![matching, spoilt, edges]
}

/// Asks both sides about such texts. Each answer must be met; `None` says that a text is of no interest.
pub fn agree(
    name: &str,
    model: &str,
    edges: &'static [&'static str],
    few: u64,
    asked: impl Fn(&str) -> Option<(bool, bool)>,
) {
    let (yes, no) = (Cell::new(0), Cell::new(0));
    let cases = u32::try_from(rounds(few)).expect("few");
    let config = Config { failure_persistence: None, ..Config::with_cases(cases) };
    let run = TestRunner::new(config).run(&texts(model, edges), |text| {
        let Some((ours, theirs)) = asked(&text) else { return Ok(()) };
        prop_assert_eq!(ours, theirs, "{}: {:?}", name, text);
        let met = if ours { &yes } else { &no };
        met.set(met.get() + 1);
        Ok(())
    });
    assert!(run.is_ok(), "{name}: {run:?}");
    assert!(yes.get() > 20 && no.get() > 20, "{name}: {} yes, {} no", yes.get(), no.get());
    tell(&format!("{name}: {} yes, {} no", yes.get(), no.get()));
}
