//! Reports that servers wrote, read back.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use crate::api::Coverage;
use crate::cli::steer::text;
use crate::evidence::merged;

/// The reports of these files as one.
pub(super) fn merge(files: &[PathBuf]) -> anyhow::Result<Coverage> {
    let reports = files.iter().map(|file| Ok((file.display().to_string(), read(file)?)));
    merged(reports.collect::<anyhow::Result<_>>()?).map_err(|error| anyhow!(error))
}

fn read(file: &Path) -> anyhow::Result<Coverage> {
    let text = text(file)?;
    serde_json::from_str(&text).with_context(|| {
        format!(
            "cannot read {} as a coverage; expected the JSON that --coverage FILE.json or `persona-mock coverage \
             --format json` wrote",
            file.display()
        )
    })
}
