//! What a report says in numbers: of each document and axis how many cells were exercised, refused and injected.
//!
//! Each is a number of its own, and no two are added: a cell may have been all three.

use super::super::Provenance;
use super::{Coverage, CoverageAxis, CoverageCell, DocumentCoverage, OperationCoverage};

/// How many cells of one axis of a document were exercised, refused and injected, each at least once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) axis: CoverageAxis,
    pub(crate) exercised: usize,
    pub(crate) refused: usize,
    pub(crate) injected: usize,
    /// How many were covered: what a threshold is held against, and no sum of the others.
    pub(crate) covered: usize,
    /// How many cells there are.
    pub(crate) of: usize,
}

impl Tally {
    fn of<'a>(axis: CoverageAxis, cells: impl Iterator<Item = &'a CoverageCell>) -> Self {
        let mut tally = Self { axis, exercised: 0, refused: 0, injected: 0, covered: 0, of: 0 };
        for cell in cells.filter(|cell| cell.axis == axis) {
            tally.exercised += usize::from(cell.exercised > 0);
            tally.refused += usize::from(cell.refused > 0);
            tally.injected += usize::from(cell.injected > 0);
            tally.covered += usize::from(cell.is_covered());
            tally.of += 1;
        }
        tally
    }

    /// How much of it was covered, in whole percent, rounded down: 100 is all of it.
    pub(crate) fn percent(self) -> usize {
        (self.covered * 100).checked_div(self.of).unwrap_or_default()
    }
}

impl OperationCoverage {
    /// How many cells of an axis were exercised, refused and injected.
    pub(crate) fn tally(&self, axis: CoverageAxis) -> Tally {
        Tally::of(axis, self.cells.iter())
    }
}

impl DocumentCoverage {
    /// Whether any of its cells was met.
    pub(crate) fn is_exercised(&self) -> bool {
        self.tallies().any(|tally| tally.exercised + tally.refused + tally.injected > 0)
    }

    /// Of each axis that the document has cells of.
    pub(crate) fn tallies(&self) -> impl Iterator<Item = Tally> {
        let cells = || self.operations.iter().flat_map(|operation| &operation.cells);
        CoverageAxis::ALL.into_iter().map(move |axis| Tally::of(axis, cells())).filter(|tally| tally.of > 0)
    }
}

impl CoverageCell {
    /// Whether a suite got this from the vendor's own rules and it is this project's guess.
    pub(crate) fn is_leaned_on(&self) -> bool {
        let is_called = self.exercised > 0 || self.refused > 0;
        self.provenance == Provenance::Inferred && self.axis != CoverageAxis::Transport && is_called
    }
}

impl Coverage {
    /// What a reader calls a document: its provider, with the start of its hash where the provider has several.
    pub(crate) fn label(&self, document: &DocumentCoverage) -> String {
        let of_provider = self.documents.iter().filter(|other| other.provider == document.provider).count();
        match document.sha256.get(..8).filter(|_| of_provider > 1) {
            Some(start) => format!("{}@{start}", document.provider),
            None => document.provider.clone(),
        }
    }

    /// The documents of which any cell was met, and what a reader calls the others: most suites call one vendor.
    pub(crate) fn exercised(&self) -> (Vec<&DocumentCoverage>, Vec<String>) {
        let (met, others): (Vec<_>, Vec<_>) = self.documents.iter().partition(|document| document.is_exercised());
        (met, others.into_iter().map(|document| self.label(document)).collect())
    }

    /// What a reader calls an operation: its name, with the start of the document's hash where its provider has several,
    /// and with its method where that of another path or method has the name too. No two have one.
    pub(crate) fn operation_label(&self, document: &DocumentCoverage, operation: &OperationCoverage) -> String {
        let named = document.operations.iter().filter(|other| other.operation == operation.operation);
        let name = operation.operation.strip_prefix(&*document.provider).unwrap_or(&operation.operation);
        let label = format!("{}.{}", self.label(document), name.trim_start_matches('.'));
        match (named.clone().count(), named.filter(|other| other.method == operation.method).count()) {
            (0 | 1, _) => label,
            (_, 0 | 1) => format!("{label} ({})", operation.method),
            _ => format!("{label} ({} {})", operation.method, operation.path),
        }
    }

    /// How many cells of each axis are inferred and were leaned on, in a few words: `statuses 2, parameters 1`.
    pub(crate) fn leaned_on_by_axis(&self) -> String {
        let of = |axis| self.leaned_on().filter(|(_, _, cell)| cell.axis == axis).count();
        let counted = CoverageAxis::ALL.into_iter().map(|axis| (axis, of(axis))).filter(|(_, many)| *many > 0);
        counted.map(|(axis, many)| format!("{axis} {many}")).collect::<Vec<_>>().join(", ")
    }

    /// What is inferred and was leaned on: the document, the operation and the cell.
    pub(crate) fn leaned_on(&self) -> impl Iterator<Item = (&DocumentCoverage, &OperationCoverage, &CoverageCell)> {
        let operations = self
            .documents
            .iter()
            .flat_map(|document| document.operations.iter().map(move |operation| (document, operation)));
        operations.flat_map(|(document, operation)| {
            let cells = operation.cells.iter().filter(|cell| cell.is_leaned_on());
            cells.map(move |cell| (document, operation, cell))
        })
    }
}
