//! This project's checks of schemas, held against the `jsonschema` crate.

mod chance;
mod documents;
mod formats;
mod generated;
mod mutants;
mod patterns;
mod reference;
mod samples;
mod texts;

use chance::Chance;
use mutants::Pool;
use persona_mock::internals::{Checks, Formats};
use reference::Reference;
use serde_json::Value;

/// How many values each schema judges in a test. By hand a variable asks for more:
/// `PERSONA_MOCK_SCHEMA_ROUNDS=2000 cargo test schemas -- --nocapture`.
fn rounds(few: u64) -> u64 {
    std::env::var("PERSONA_MOCK_SCHEMA_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}

/// Tells who runs a test by hand what it compared.
#[expect(clippy::print_stdout, reason = "a test's own words, kept by the runner unless asked for")]
fn tell(words: &str) {
    println!("{words}");
}

/// What was compared.
#[derive(Default)]
struct Tally {
    values: u64,
    fitting: u64,
}

/// Holds both verdicts on samples of a schema and on their mutants against each other. `seeds` are values to start
/// from beside those that the schema describes.
fn compare(name: &str, root: &Value, schema: &Value, seeds: &[&Value], rounds: u64, tally: &mut Tally) {
    for formats in [Formats::Checked(reference::OWN), Formats::Noted] {
        let checks = Checks::compile(root, schema, formats).unwrap_or_else(|error| panic!("{name}: {error}"));
        let reference = Reference::of(root, schema, formats);
        let pool = Pool::of(root, schema);
        let mut chance = Chance::of(name);
        for round in 0..rounds {
            let mut value = match seeds.len() as u64 {
                0 => samples::sample(root, schema, &pool, &mut chance),
                many => match seeds.get(chance.below(2 * many) as usize) {
                    Some(seed) => (*seed).clone(),
                    None => samples::sample(root, schema, &pool, &mut chance),
                },
            };
            for _ in 0..round % 4 {
                mutants::mutate(&mut value, &pool, &mut chance);
            }
            let (ours, theirs) = (checks.accepts(&value), reference.accepts(&value));
            let found = checks.findings(&value, 50);
            let told: Vec<_> = found.iter().map(ToString::to_string).collect();
            let told = told.join("\n");
            let context = || format!("{name}, {formats:?}\nvalue: {value}\nschema: {schema}\nfindings: {told}");
            assert_eq!(ours, theirs, "fits, here and there: {}", context());
            assert_eq!(ours, found.is_empty(), "the verdict and its findings: {}", context());
            tally.values += 1;
            tally.fitting += u64::from(ours);
        }
    }
}
