//! `--coverage FILE`: what the run exercised, written when the server ends. The end of the file's name picks the form.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};

use crate::api::Coverage;
use crate::cli::exit::usage;
use crate::cli::replace::{can_replace, replace};
use crate::cli::sources::source;
use crate::cli::written::{begin, has_folder};
use crate::evidence::forms::ReportForm;

/// The files that the server writes when it ends.
#[derive(Debug, Default)]
pub(in crate::cli) struct CoverageFiles(Vec<(PathBuf, ReportForm)>);

impl CoverageFiles {
    /// Finds out that each can be written. Whoever is told at the end has run his suite for nothing.
    pub(in crate::cli) fn check(paths: &[PathBuf]) -> anyhow::Result<Self> {
        let files = paths.iter().map(|path| {
            let form = form(path).map_err(usage)?;
            check(path)?;
            Ok((path.clone(), form))
        });
        files.collect::<anyhow::Result<_>>().map(Self)
    }

    /// The same without trying to write.
    pub(in crate::cli) fn look(paths: &[PathBuf]) -> anyhow::Result<()> {
        paths.iter().try_for_each(|path| {
            form(path).map_err(usage)?;
            look(path)?;
            has_folder(path).with_context(|| cannot(path))
        })
    }

    pub(in crate::cli) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Writes all of them; the first failure is told once the others are written.
    pub(in crate::cli) fn write(&self, coverage: &Coverage) -> anyhow::Result<()> {
        let written = self.0.iter().map(|(path, form)| {
            let cannot = || format!("cannot write the coverage to {}", path.display());
            let text = form.write(coverage, &[]).with_context(cannot)?;
            replace(path, text.as_bytes()).with_context(cannot)?;
            tracing::info!("coverage written to {}", path.display());
            anyhow::Ok(())
        });
        let written: Vec<_> = written.collect();
        written.into_iter().collect()
    }
}

/// The form that a file's name asks for.
fn form(path: &Path) -> Result<ReportForm, String> {
    let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
    ReportForm::of_file(&name).ok_or_else(|| {
        let ends: Vec<_> = ReportForm::ALL.iter().map(|(_, _, end)| *end).collect();
        format!(
            "cannot take {} {}: the end of the name picks the form, and it is none of {}; an example is \
             coverage.json",
            source("coverage"),
            path.display(),
            ends.join(", ")
        )
    })
}

fn cannot(path: &Path) -> String {
    format!("cannot write the coverage to {} when the server ends", path.display())
}

fn check(path: &Path) -> anyhow::Result<()> {
    look(path)?;
    can_replace(path).with_context(|| {
        format!("{}; its folder must be there, and this user must be allowed to write in it", cannot(path))
    })
}

/// Whether a report may stand where the path leads.
fn look(path: &Path) -> anyhow::Result<()> {
    let cannot = || cannot(path);
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => {
            bail!("{}: it is a directory; name a file in it, such as coverage.json", cannot())
        }
        Ok(found) if !found.is_file() => bail!("{}: it is no regular file", cannot()),
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error).with_context(cannot),
        Ok(_) => {
            let found = begin(path, ReportForm::BEGIN).with_context(cannot)?;
            if !found.is_empty() && !ReportForm::begins(&String::from_utf8_lossy(&found)) {
                bail!(
                    "{}: found a file that is no coverage, which is left as it is; expected a file of its own, such as \
                     ./coverage.json",
                    cannot()
                );
            }
        }
        Err(_) => {}
    }
    Ok(())
}
