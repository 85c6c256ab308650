//! Each pattern's function, held against the pattern as it is written.

use std::collections::BTreeSet;

use persona_mock::internals::PATTERNS;
use persona_mock::providers::registry;
use serde_json::{Value, json};

use super::texts;

/// What a text of a pattern may be spoilt with.
const EDGES: &[&str] = &[
    "0", "3", "7", "9", "٣", "५", " ", "\u{a0}", "\u{85}", "\u{180e}", "\u{200b}", "\u{200a}", "\u{feff}", "\u{2028}",
    "\u{3000}", "\u{1680}", "\n", "\r", "\t", "\u{b}", "\u{1f}", "-", ":", ".", "T", "t", "Z", "z", "+", "a", "F", "g",
    "s", "ago", " ago", "1", "10", "01", "just now", "TRUE", "false", "K", "ſ", "ı", "é", "😀", "000", ".000Z",
];

#[test]
fn each_function_is_equal_to_the_pattern_that_is_written() {
    for pattern in PATTERNS {
        let reference = jsonschema::validator_for(&json!({"pattern": pattern.written})).expect("a pattern");
        // The generator knows no anchors, and its digits are those of all scripts.
        let body = pattern.written.trim_start_matches('^').trim_end_matches('$').replace(r"\d", "[0-9]");
        texts::agree(pattern.written, &body, EDGES, 400, |text| {
            Some(((pattern.holds)(text), reference.is_valid(&Value::from(text))))
        });
    }
}

#[test]
fn each_pattern_is_written_in_a_document_or_a_fixture() {
    let mut written = BTreeSet::new();
    for provider in registry() {
        let document = serde_json::from_str(&provider.descriptor().document).expect("a document");
        for node in [document, provider.fixture_schema()] {
            gather(&node, &mut written);
        }
    }
    let known: BTreeSet<_> = PATTERNS.iter().map(|pattern| pattern.written.to_owned()).collect();
    assert_eq!(known, written);
}

fn gather(node: &Value, written: &mut BTreeSet<String>) {
    match node {
        Value::Object(members) => {
            written.extend(members.get("pattern").and_then(Value::as_str).map(str::to_owned));
            members.values().for_each(|member| gather(member, written));
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, written)),
        _ => {}
    }
}
