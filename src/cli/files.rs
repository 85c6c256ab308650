//! Fixture directories: one `<provider>.json` each, nothing else that ends in `.json`.

use std::path::Path;

use anyhow::Context;

use crate::http::hall::FixtureText;
use crate::providers;
use crate::world::fixture::Fault;

/// The texts of a directory's fixture files, and what is wrong with its files before a text is looked
/// at. An unknown `*.json` is a fault: a misspelt name would otherwise be served as the embedded
/// fixture in silence.
pub(super) fn read_fixtures(dir: &Path) -> anyhow::Result<(Vec<FixtureText>, Vec<Fault>)> {
    let known: Vec<_> = providers::registry().iter().map(|provider| provider.passport().id).collect();
    let entries =
        std::fs::read_dir(dir).with_context(|| format!("cannot read the fixture directory {}", dir.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("cannot list {}", dir.display()))?.path();
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) && !path.is_dir() {
            paths.push(path);
        }
    }
    paths.sort();
    let (mut texts, mut faults) = (Vec::new(), Vec::new());
    for path in paths {
        let file = path.display().to_string();
        let provider = known.iter().find(|id| path.file_name().is_some_and(|name| *name == *format!("{id}.json")));
        let Some(provider) = provider else {
            let names: Vec<_> = known.iter().map(|id| format!("{id}.json")).collect();
            faults.push(Fault::new(&file, "$", "a file of no provider", format_args!("one of {}", names.join(", "))));
            continue;
        };
        let bytes = std::fs::read(&path).with_context(|| format!("cannot read {file}"))?;
        match String::from_utf8(bytes) {
            Ok(text) => texts.push(FixtureText { provider: (*provider).to_owned(), file, text }),
            Err(error) => {
                let place = format_args!("byte {}", error.utf8_error().valid_up_to());
                faults.push(Fault::new(&file, place, "a byte that is no UTF-8", "one JSON object in UTF-8"));
            }
        }
    }
    Ok((texts, faults))
}
