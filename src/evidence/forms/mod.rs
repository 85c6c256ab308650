//! The forms of a report of coverage, each a pure function of [`Coverage`]: the same counts give the same bytes.
//!
//! What strangers said (paths, fields, names of faults) stands in a report as text alone, whatever they said.

mod ctrf;
mod escape;
mod html;
mod junit;
mod markdown;
mod parts;
#[cfg(test)]
mod tests;

pub(crate) use html::POLICY as PAGE_POLICY;
pub(crate) use parts::Demand;

use crate::api::Coverage;
use crate::world::cancel::{Cancel, Cancelled};

/// Why a report is not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotWritten {
    #[error("it is no longer wanted")]
    Cancelled(Cancelled),
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl From<Cancelled> for NotWritten {
    fn from(cancelled: Cancelled) -> Self {
        Self::Cancelled(cancelled)
    }
}

/// A form of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReportForm {
    /// JSON, which `coverage merge` reads.
    Json,
    /// JUnit's XML, which CI servers read.
    Junit,
    /// The Common Test Report Format.
    Ctrf,
    /// The summary of a pull request.
    Markdown,
    /// A page for browsers.
    Html,
    /// A short table for a terminal.
    Text,
}

impl ReportForm {
    /// Every form with its name and the end of the names of its files; where two ends fit, the first one is meant.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 6] = [
        (Self::Ctrf, "ctrf", ".ctrf.json"),
        (Self::Json, "json", ".json"),
        (Self::Junit, "junit", ".xml"),
        (Self::Markdown, "markdown", ".md"),
        (Self::Html, "html", ".html"),
        (Self::Text, "text", ".txt"),
    ];

    /// The form that the name of a file asks for.
    pub(crate) fn of_file(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        Self::ALL.iter().find(|(_, _, end)| name.ends_with(end)).map(|(form, _, _)| *form)
    }

    /// How many bytes of a file tell whether it is a report.
    pub(crate) const BEGIN: u64 = 2_048;

    /// Whether a file that begins so is a report of any form, of any version.
    pub(crate) fn begins(text: &str) -> bool {
        let dense: String = text.chars().filter(|char| !char.is_whitespace()).take(200).collect();
        let is_json = |level: &str| dense.starts_with(&format!("{{\"level\":\"{level}\",\"documents\":["));
        ["operations", "fields"].into_iter().any(is_json)
            || (dense.starts_with("{\"reportFormat\":\"CTRF\"") && dense.contains("\"generatedBy\":\"persona-mock\""))
            || (text.starts_with("<?xml") && text.contains(junit::NAME))
            || (text.starts_with("<!DOCTYPE html>") && text.contains("<title>Coverage of "))
            || text.starts_with(markdown::TITLE)
            || text.starts_with("coverage of the run, at level ")
    }

    /// The report, ended by a line end.
    ///
    /// # Errors
    ///
    /// It cannot be written as JSON, which does not happen.
    pub(crate) fn write(self, coverage: &Coverage, demands: &[Demand]) -> Result<String, NotWritten> {
        self.write_wanted(coverage, demands, &Cancel::never())
    }

    /// The same, as long as it is wanted.
    ///
    /// # Errors
    ///
    /// It is not; or it cannot be written as JSON.
    pub(crate) fn write_wanted(
        self,
        coverage: &Coverage,
        demands: &[Demand],
        cancel: &Cancel,
    ) -> Result<String, NotWritten> {
        cancel.check()?;
        let mut report = match self {
            Self::Json => serde_json::to_string_pretty(coverage)?,
            Self::Junit => junit::write(coverage, demands, cancel)?,
            Self::Ctrf => ctrf::write(coverage, demands, cancel)?,
            Self::Markdown => markdown::write(coverage, demands),
            Self::Html => html::write(coverage, demands),
            Self::Text => coverage.to_string(),
        };
        if !report.ends_with('\n') {
            report.push('\n');
        }
        Ok(report)
    }
}
