//! What was counted as a report.

use std::sync::Arc;

use super::counts::Tally;
use super::ledger::{Ledger, Listed, OfDocument};
use super::run::Run;
use super::table::{OperationCells, Table};
use crate::api::{Coverage, CoverageAxis, CoverageCell, CoverageLevel, DocumentCoverage, OperationCoverage};

impl Run {
    /// What the run counted. The documents of `present` are there whether or not anything was counted of them.
    pub(crate) fn report(&self, present: &[Arc<Table>]) -> Coverage {
        self.work_off();
        let tables = self.tables.read().clone();
        let counted = tables.into_iter().map(|table| OfDocument { tallies: table.run.tallies(), table });
        let counted = counted.filter(|of| of.tallies.iter().flatten().any(|times| *times > 0)).collect();
        let listed = self.beside.lock().listed();
        self.coverage(None, present, counted, listed)
    }

    /// What a sandbox counted. The documents of `present` are there whether or not anything was counted of them.
    pub(crate) fn report_of(&self, name: &str, ledger: &Ledger, present: &[Arc<Table>]) -> Coverage {
        self.work_off();
        let (counted, listed) = ledger.counted();
        self.coverage(Some(name.to_owned()), present, counted, listed)
    }

    fn coverage(
        &self,
        sandbox: Option<String>,
        present: &[Arc<Table>],
        mut counted: Vec<OfDocument>,
        listed: Listed,
    ) -> Coverage {
        let mut documents = Vec::new();
        for table in present {
            let at = counted.iter().position(|of| Arc::ptr_eq(&of.table, table));
            let tallies =
                at.map_or_else(|| vec![Tally::default(); table.cells().len()], |at| counted.remove(at).tallies);
            documents.push(self.document(table, &tallies));
        }
        // Others were in force once: each stands behind those of its provider.
        for OfDocument { table, tallies } in counted {
            let last = documents.iter().rposition(|known| known.provider == *table.provider);
            documents.insert(last.map_or(documents.len(), |last| last + 1), self.document(&table, &tallies));
        }
        let Listed { not_looked_at, near_misses, ignored, unstruck } = listed;
        Coverage { sandbox, level: self.level(), documents, not_looked_at, near_misses, ignored, unstruck }
    }

    fn document(&self, table: &Table, tallies: &[Tally]) -> DocumentCoverage {
        DocumentCoverage {
            provider: table.provider.to_string(),
            sha256: table.sha256.clone(),
            settings: table.settings.clone(),
            operations: table.operations.iter().map(|operation| self.operation(table, operation, tallies)).collect(),
        }
    }

    fn operation(&self, table: &Table, operation: &OperationCells, tallies: &[Tally]) -> OperationCoverage {
        let numbered = table.cells().iter().zip(tallies).skip(operation.cells.start).take(operation.cells.len());
        let is_status =
            |axis| matches!(axis, CoverageAxis::Operations | CoverageAxis::Statuses | CoverageAxis::Transport);
        let mut sum = Tally::default();
        for (_, tally) in numbered.clone().filter(|(cell, _)| is_status(cell.axis)) {
            sum.iter_mut().zip(tally).for_each(|(sum, times)| *sum += times);
        }
        let cells = numbered.filter(|(cell, _)| self.level() == CoverageLevel::Fields || is_status(cell.axis));
        let cells = cells.map(|(cell, tally)| {
            // An operation was called as often as it was answered, with whatever status.
            let [exercised, refused, injected] = if cell.axis == CoverageAxis::Operations { sum } else { *tally };
            let (axis, name, provenance) = (cell.axis, cell.name.to_string(), cell.provenance);
            CoverageCell { axis, name, provenance, exercised, refused, injected }
        });
        OperationCoverage {
            operation: operation.name.clone(),
            method: operation.method.clone(),
            path: operation.path.clone(),
            cells: cells.collect(),
        }
    }
}
