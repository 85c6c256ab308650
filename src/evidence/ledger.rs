//! What one sandbox counted.

use std::sync::Arc;

use parking_lot::Mutex;

use super::counts::{Column, Sparse, Tally};
use super::notes::Notes;
use super::table::{CellNumber, Table};
use crate::api::CoverageNote;
use crate::world::options::Options;

/// What one sandbox counted.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    /// How often it was emptied.
    generation: u32,
    documents: Vec<Counted>,
    beside: Option<Box<Beside>>,
}

/// What was counted of one document, and the options that it was last served under: they tell which document a request
/// is of by one look at a pointer.
#[derive(Debug)]
struct Counted {
    options: Arc<Options>,
    table: Arc<Table>,
    counts: Sparse,
}

/// What is listed beside the cells.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) not_looked_at: u64,
    pub(super) near_misses: Notes,
    pub(super) ignored: Notes,
    /// Fault rules that were armed and have not struck yet.
    pub(super) unstruck: Notes,
}

/// What was counted of one document.
pub(super) struct OfDocument {
    pub(super) table: Arc<Table>,
    pub(super) tallies: Vec<Tally>,
}

/// What is listed beside the cells, as a report has it.
#[derive(Debug, Default)]
pub(super) struct Listed {
    pub(super) not_looked_at: u64,
    pub(super) near_misses: Vec<CoverageNote>,
    pub(super) ignored: Vec<CoverageNote>,
    pub(super) unstruck: Vec<CoverageNote>,
}

impl Beside {
    pub(super) fn listed(&self) -> Listed {
        Listed {
            not_looked_at: self.not_looked_at,
            near_misses: self.near_misses.list(),
            ignored: self.ignored.list(),
            unstruck: self.unstruck.list(),
        }
    }
}

/// How often a ledger was emptied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Generation(u32);

/// A place in a ledger: a document there, and how often the ledger had been emptied.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) table: Arc<Table>,
    pub(crate) generation: Generation,
}

impl Ledger {
    /// Counts an answer of a provider's operation, by the number of its route. Of an answer whose head never left no
    /// status is counted, and its operation is. Nothing of it is counted where no answer
    /// under these options was counted before: which document they make must be found out first.
    ///
    /// # Errors
    ///
    /// How often the ledger was emptied, for [`Ledger::count_late`].
    pub(crate) fn count(
        &self,
        options: &Arc<Options>,
        (route, status): (usize, Option<u16>),
        column: Column,
    ) -> Result<(), Generation> {
        let mut kept = self.0.lock();
        let generation = kept.generation;
        let counted = kept.documents.iter_mut().find(|known| Arc::ptr_eq(&known.options, options));
        let Some(counted) = counted else { return Err(Generation(generation)) };
        if let Some(cell) = counted.table.status(route, status) {
            counted.counts.add(cell, column);
            counted.table.run.add(cell, column);
        }
        Ok(())
    }

    /// Counts an answer whose document was found out after it; of the run alone, where the ledger was emptied since.
    pub(crate) fn count_late(
        &self,
        options: &Arc<Options>,
        place: &Place,
        (route, status): (usize, Option<u16>),
        column: Column,
    ) {
        let mut kept = self.0.lock();
        if Generation(kept.generation) == place.generation {
            kept.know(options, &place.table);
        }
        drop(kept);
        if let Some(cell) = place.table.status(route, status) {
            place.table.run.add(cell, column);
            self.add(place, &[cell], column);
        }
    }

    /// Where an exchange counts that was just counted under these options.
    pub(crate) fn place(&self, options: &Arc<Options>) -> Option<Place> {
        let kept = self.0.lock();
        let counted = kept.documents.iter().find(|known| Arc::ptr_eq(&known.options, options))?;
        Some(Place { table: counted.table.clone(), generation: Generation(kept.generation) })
    }

    /// Counts cells of a document, unless the ledger was emptied since.
    pub(super) fn add(&self, place: &Place, cells: &[CellNumber], column: Column) {
        let mut kept = self.0.lock();
        if Generation(kept.generation) != place.generation {
            return;
        }
        let Some(counted) = kept.documents.iter_mut().find(|known| Arc::ptr_eq(&known.table, &place.table)) else {
            return;
        };
        cells.iter().for_each(|cell| counted.counts.add(*cell, column));
    }

    /// Notes what is listed beside the cells.
    pub(super) fn note(&self, note: impl FnOnce(&mut Beside)) {
        note(self.0.lock().beside.get_or_insert_default());
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        let mut kept = self.0.lock();
        let generation = kept.generation.wrapping_add(1);
        *kept = Kept { generation, ..Kept::default() };
    }

    /// What was counted, document by document.
    pub(super) fn counted(&self) -> (Vec<OfDocument>, Listed) {
        let kept = self.0.lock();
        let counted = kept.documents.iter().filter(|known| !known.counts.is_empty()).map(|known| {
            let (table, tallies) = (known.table.clone(), known.counts.tallies(known.table.cells().len()));
            OfDocument { table, tallies }
        });
        let beside = kept.beside.as_ref();
        (counted.collect(), beside.map(|beside| beside.listed()).unwrap_or_default())
    }

    /// How many bytes it takes, the tables apart.
    #[cfg(test)]
    pub(crate) fn weight(&self) -> usize {
        let kept = self.0.lock();
        let counts = kept.documents.iter().map(|known| known.counts.weight());
        size_of::<Self>() + kept.documents.capacity() * size_of::<Counted>() + counts.sum::<usize>()
    }
}

impl Kept {
    fn know(&mut self, options: &Arc<Options>, table: &Arc<Table>) {
        match self.documents.iter_mut().find(|known| Arc::ptr_eq(&known.table, table)) {
            // Settings on which the document does not depend.
            Some(known) => known.options = options.clone(),
            None => {
                self.documents.reserve_exact(1);
                self.documents.push(Counted {
                    options: options.clone(),
                    table: table.clone(),
                    counts: Sparse::default(),
                });
            }
        }
    }
}
