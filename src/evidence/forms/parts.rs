//! What several forms say.

use crate::api::{Coverage, CoverageCell, CoverageNote};

/// How many of a list are shown, beside how many there are.
pub(super) const MOST_LISTED: usize = 20;

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
pub(super) fn raw_status(cell: &CoverageCell) -> &'static str {
    match (cell.exercised, cell.refused, cell.injected) {
        (1.., ..) => "exercised",
        (0, 1.., _) => "refused",
        (0, 0, 1..) => "injected",
        (0, 0, 0) => "empty",
    }
}

/// Why a cell is no passed test, where it is none.
pub(super) fn why_skipped(cell: &CoverageCell) -> Option<&'static str> {
    match (cell.is_covered(), cell.injected) {
        (true, _) => None,
        (false, 0) => Some("not exercised"),
        (false, _) => Some("sent only where a fault, a limit or `Prefer` made the answer"),
    }
}

/// Whose calls a report counts.
pub(super) fn title(coverage: &Coverage) -> String {
    match &coverage.sandbox {
        Some(sandbox) => format!("Coverage of sandbox {sandbox}"),
        None => "Coverage of the run".into(),
    }
}

/// What is listed beside the cells: what each list is, and the list.
pub(super) fn lists(coverage: &Coverage) -> impl Iterator<Item = (&'static str, &[CoverageNote])> {
    [
        ("called, and no operation", &*coverage.near_misses),
        ("sent, and ignored by the vendor", &*coverage.ignored),
        ("faults that never struck", &*coverage.unstruck),
    ]
    .into_iter()
    .filter(|(_, notes)| !notes.is_empty())
}
