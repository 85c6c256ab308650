//! `persona-mock fixtures export DIR`: each provider's fixture, and the schema of its file for editors.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use super::args::ExportArgs;
use super::{config, print};
use crate::http::hall::Hall;
use crate::providers;

/// Where the schemas go, so that the directory itself holds fixtures alone.
const SCHEMAS: &str = "schema";

pub(super) fn run(args: &ExportArgs) -> anyhow::Result<()> {
    let files = files(args)?;
    let there: Vec<_> = files.iter().map(|(path, _)| path).filter(|path| path.exists()).collect();
    if !args.force && !there.is_empty() {
        let names: Vec<_> = there.iter().map(|path| path.display().to_string()).collect();
        bail!("{} already there; nothing was written. --force overwrites", names.join(", "));
    }
    let schemas = args.dir.join(SCHEMAS);
    std::fs::create_dir_all(&schemas).with_context(|| format!("cannot make {}", schemas.display()))?;
    for (path, text) in files {
        write(&path, &text)?;
        print::out(&path.display().to_string())?;
    }
    Ok(())
}

/// Every file with its text, all made before the first is written.
fn files(args: &ExportArgs) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let hall = Hall::build(providers::registry(), &config::world(&args.world)?)?;
    let mut files = Vec::new();
    for provider in &hall.providers {
        let id = provider.passport().id;
        let schema_file = format!("{id}.schema.json");
        let text = hall
            .export(id, &format!("./{SCHEMAS}/{schema_file}"))
            .context("the provider is not served")?
            .with_context(|| format!("cannot export {id}"))?;
        files.push((args.dir.join(format!("{id}.json")), text));
        let mut schema = serde_json::to_string_pretty(&provider.fixture_schema())?;
        schema.push('\n');
        files.push((args.dir.join(SCHEMAS).join(schema_file), schema));
    }
    Ok(files)
}

/// Writes beside the file and moves it in place, so that a reader never sees half of it.
fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    let part = path.with_extension("part");
    std::fs::write(&part, text).with_context(|| format!("cannot write {}", part.display()))?;
    std::fs::rename(&part, path).with_context(|| format!("cannot write {}", path.display()))
}
