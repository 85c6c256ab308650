//! Fixture directories: one `<provider>.json` each, nothing else that ends in `.json`.

use std::path::Path;

use anyhow::{Context, bail};

use crate::http::hall::FixtureText;
use crate::providers;

/// The texts of a directory's fixture files. An unknown `*.json` is an error: a misspelt name would
/// otherwise be served as the embedded fixture in silence.
pub(super) fn read_fixtures(dir: &Path) -> anyhow::Result<Vec<FixtureText>> {
    let known: Vec<_> = providers::registry().iter().map(|provider| provider.passport().id).collect();
    let entries =
        std::fs::read_dir(dir).with_context(|| format!("cannot read the fixture directory {}", dir.display()))?;
    let mut texts = Vec::new();
    let mut unknown = Vec::new();
    for entry in entries {
        let path = entry.with_context(|| format!("cannot list {}", dir.display()))?.path();
        if path.extension().is_none_or(|extension| extension != "json") || path.is_dir() {
            continue;
        }
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if !known.contains(&stem) {
            unknown.push(path.display().to_string());
            continue;
        }
        let text = std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        texts.push(FixtureText { provider: stem.to_owned(), file: path.display().to_string(), text });
    }
    if !unknown.is_empty() {
        unknown.sort();
        let names: Vec<_> = known.iter().map(|id| format!("{id}.json")).collect();
        bail!("unknown fixture file(s) {}: expected {}", unknown.join(", "), names.join(", "));
    }
    texts.sort_by(|one, other| one.file.cmp(&other.file));
    Ok(texts)
}
