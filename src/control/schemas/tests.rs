//! The file of schemas is made of the types, and is held to them.

#![expect(
    clippy::disallowed_methods,
    reason = "what is embedded is a file of the sources, which this test writes and reads"
)]

use std::collections::BTreeMap;
use std::path::Path;

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Map, Value, json};

use super::plain::{never_null, plain};
use super::{Bodies, bodies, definitions, read_by};
use crate::api::Problem;
use crate::control::router::VERBS;

/// What the types say.
fn made() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let settings = settings.with_transform(RecursiveTransform(plain));
    // What a client may leave out, the server may always say: a shape says of an answer what it says of no body.
    let mut taken = settings.clone().into_generator();
    let mut answered = settings.for_serialize().into_generator();
    let (mut verbs, mut read, mut types) = (Map::new(), Map::new(), BTreeMap::new());
    for verb in VERBS.iter().flat_map(|(_, verbs)| *verbs) {
        let row = verb.row();
        let bodies = Bodies { taken: verb.body(&mut taken), answered: verb.content(&mut answered) };
        verbs.insert(row.id.to_owned(), serde_json::to_value(bodies).expect("JSON"));
        // The schemas stand in the order in which the document needs them.
        if row.refusals.iter().chain(row.scope.refusals()).any(|status| *status >= 400) {
            answered.subschema_for::<Problem>();
        }
        if let Some((name, schema)) = verb.reads() {
            read.insert(row.id.to_owned(), name.clone().into());
            let same = types.insert(name, schema.clone()).is_none_or(|known| known == schema);
            assert!(same, "another type of this name is read by {}", row.id);
        }
    }
    answered.subschema_for::<Problem>();
    let mut definitions = answered.take_definitions(true);
    definitions.values_mut().for_each(never_null);
    // A shape that is read and written is as it is read.
    definitions.extend(taken.take_definitions(true));
    json!({"verbs": verbs, "definitions": definitions, "read": read, "types": types})
}

#[test]
fn the_schemas_of_the_control_document_are_those_of_the_types() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/control/schemas/schemas.json");
    let made = made().to_string() + "\n";
    if std::env::var_os("PERSONA_MOCK_WRITE_DOCS").is_some() {
        std::fs::write(&file, &made).expect("the file is written");
    }
    let is_current = std::fs::read_to_string(&file).is_ok_and(|known| known == made);
    assert!(
        is_current,
        "{} is not current: PERSONA_MOCK_WRITE_DOCS=1 cargo nextest run control writes it",
        file.display()
    );
}

#[test]
fn every_verb_finds_its_schemas_in_the_file_and_they_find_theirs() {
    let definitions = definitions();
    for verb in VERBS.iter().flat_map(|(_, verbs)| *verbs) {
        let (id, found) = (verb.row().id, bodies(verb.row().id));
        let mut schemas = SchemaGenerator::default();
        assert_eq!(found.taken.is_some(), verb.body(&mut schemas).is_some(), "{id}");
        assert_eq!(found.answered.is_some(), verb.content(&mut schemas).is_some(), "{id}");
        assert_eq!(read_by(id), verb.reads().map(|(_, schema)| schema), "{id}");
        let all = [found.taken.map(|body| body.schema), found.answered.map(|content| content.schema)];
        for schema in all.into_iter().flatten() {
            let name = schema["$ref"].as_str().and_then(|path| path.strip_prefix("#/components/schemas/"));
            assert!(name.is_none_or(|name| definitions.contains_key(name)), "{id}: {schema}");
        }
    }
}
