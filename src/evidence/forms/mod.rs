//! The forms of a report of coverage, each a pure function of [`Coverage`]: the same counts give the same bytes.
//!
//! What strangers said (paths, fields, names of faults) stands in a report as text alone, whatever they said.

mod ctrf;
mod escape;
mod html;
mod junit;
mod markdown;
#[cfg(test)]
mod tests;

pub(crate) use html::POLICY as PAGE_POLICY;

use crate::api::{Coverage, CoverageCell, CoverageNote};

/// How many of a list are shown, beside how many there are.
const MOST_LISTED: usize = 20;

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

    /// The report, ended by a line end.
    ///
    /// # Errors
    ///
    /// It cannot be written as JSON, which does not happen.
    pub(crate) fn write(self, coverage: &Coverage, demands: &[Demand]) -> Result<String, serde_json::Error> {
        let mut report = match self {
            Self::Json => serde_json::to_string_pretty(coverage)?,
            Self::Junit => junit::write(coverage, demands),
            Self::Ctrf => ctrf::write(coverage, demands)?,
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

/// What was demanded of a coverage, and whether it is so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Demand {
    /// As it was asked for, such as `--min statuses=40%`.
    pub(crate) asked: String,
    /// What was found, such as `3 % (12 of 302)`.
    pub(crate) found: String,
    /// Whether that is enough.
    pub(crate) is_met: bool,
}

/// What became of a cell: the first of the columns that it was met in.
fn raw_status(cell: &CoverageCell) -> &'static str {
    match (cell.exercised, cell.refused, cell.injected) {
        (1.., ..) => "exercised",
        (0, 1.., _) => "refused",
        (0, 0, 1..) => "injected",
        (0, 0, 0) => "empty",
    }
}

/// Why a cell is no passed test, where it is none.
fn why_skipped(cell: &CoverageCell) -> Option<&'static str> {
    match (cell.is_covered(), cell.injected) {
        (true, _) => None,
        (false, 0) => Some("not exercised"),
        (false, _) => Some("sent only where a fault, a limit or `Prefer` made the answer"),
    }
}

/// Whose calls a report counts.
fn title(coverage: &Coverage) -> String {
    match &coverage.sandbox {
        Some(sandbox) => format!("Coverage of sandbox {sandbox}"),
        None => "Coverage of the run".into(),
    }
}

/// What is listed beside the cells: what each list is, and the list.
fn lists(coverage: &Coverage) -> impl Iterator<Item = (&'static str, &[CoverageNote])> {
    [
        ("called, and no operation", &*coverage.near_misses),
        ("sent, and ignored by the vendor", &*coverage.ignored),
        ("faults that never struck", &*coverage.unstruck),
    ]
    .into_iter()
    .filter(|(_, notes)| !notes.is_empty())
}
