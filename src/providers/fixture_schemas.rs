//! The schemas of the providers' fixtures, which stand ready-made in their folders, are those of the types.

#![expect(
    clippy::disallowed_methods,
    reason = "what is embedded is a file of the sources, which this test writes and reads"
)]

use std::path::Path;

use serde_json::Value;

use super::{axero, crud, equals_money, vijil};
use crate::provider::Provider;
use crate::world::fixture::{is_read_swiftly, made};

fn made_for<P: Provider>(provider: &P) -> (String, Value, Value) {
    (provider.descriptor().id.to_string(), P::fixture_schema(), made::<P::Fixture>())
}

#[test]
fn the_schemas_of_fixtures_are_those_of_their_types() {
    let all =
        [made_for(&axero::Axero), made_for(&crud::Crud), made_for(&equals_money::EqualsMoney), made_for(&vijil::Vijil)];
    let mut behind = Vec::new();
    for (id, embedded, made) in all {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/providers/{id}/fixture.schema.json"));
        let text = format!("{made}\n");
        if std::env::var_os("PERSONA_MOCK_WRITE_DOCS").is_some() {
            std::fs::write(&file, &text).expect("the file is written");
        }
        // As texts, since the order of members is part of what is exported.
        let is_current = std::fs::read_to_string(&file).is_ok_and(|known| known == text);
        if !is_current || format!("{embedded}\n") != text {
            behind.push(id);
        }
    }
    let write = "PERSONA_MOCK_WRITE_DOCS=1 cargo nextest run schemas writes them; then run it again";
    assert!(behind.is_empty(), "not what the types say of fixtures; {write}: {behind:?}");
}

#[test]
fn the_embedded_fixtures_are_read_in_one_pass() {
    fn check<P: Provider>(provider: &P) {
        let descriptor = provider.descriptor();
        assert!(is_read_swiftly::<P::Fixture>(&descriptor.fixture, P::fixture_schema), "{}", descriptor.id);
    }
    check(&axero::Axero);
    check(&crud::Crud);
    check(&equals_money::EqualsMoney);
    check(&vijil::Vijil);
}
