//! What a server counted while it ran, whatever became of its sandboxes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::{Mutex, RwLock};

use super::ledger::{Beside, Ledger};
use super::queue::Queue;
use super::table::Table;
use crate::api::CoverageLevel;
use crate::contract::Document;
use crate::provider::AnyProvider;

/// What a server counted.
#[derive(Debug)]
pub(crate) struct Run {
    level: CoverageLevel,
    pub(super) tables: RwLock<Vec<Arc<Table>>>,
    pub(super) beside: Mutex<Beside>,
    pub(super) queue: Queue,
    /// How many queues of work were made.
    works: AtomicU64,
}

impl Run {
    /// A run that counts so much.
    pub(crate) fn new(level: CoverageLevel) -> Self {
        Self {
            level,
            tables: RwLock::default(),
            beside: Mutex::default(),
            queue: Queue::default(),
            works: AtomicU64::new(0),
        }
    }

    pub(crate) fn level(&self) -> CoverageLevel {
        self.level
    }

    /// What the names of the sandboxes begin with in which a new queue of work sends its requests: no other queue's do.
    pub(crate) fn name_work(&self) -> String {
        format!("gap-{}-", self.works.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// The table of a provider's document, which is made once. A provider has as many as its settings make documents.
    pub(crate) fn table(&self, provider: &dyn AnyProvider, document: &Document) -> Arc<Table> {
        let id = &provider.descriptor().id;
        let known = |tables: &[Arc<Table>]| {
            tables.iter().find(|table| table.provider == *id && table.sha256 == document.sha256()).cloned()
        };
        if let Some(table) = known(&self.tables.read()) {
            return table;
        }
        let table = Arc::new(Table::of(provider, document));
        let mut tables = self.tables.write();
        // Another thread may have made it meanwhile.
        known(&tables).unwrap_or_else(|| {
            tables.push(table.clone());
            table
        })
    }

    /// Notes what was called and is no operation.
    pub(crate) fn near_miss(&self, ledger: &Ledger, what: &str) {
        self.beside.lock().near_misses.add(what);
        ledger.note(|beside| beside.near_misses.add(what));
    }

    /// Notes what was sent and the vendor ignores.
    pub(crate) fn ignored(&self, ledger: &Ledger, what: &str) {
        self.beside.lock().ignored.add(what);
        ledger.note(|beside| beside.ignored.add(what));
    }

    /// Notes a fault rule that was armed.
    pub(crate) fn armed(&self, ledger: &Ledger, what: &str) {
        self.beside.lock().unstruck.add(what);
        ledger.note(|beside| beside.unstruck.add(what));
    }

    /// Notes that a fault rule struck for the first time.
    pub(crate) fn struck(&self, ledger: &Ledger, what: &str) {
        self.beside.lock().unstruck.take(what);
        ledger.note(|beside| beside.unstruck.take(what));
    }

    /// Whether exchanges are looked at; else it is enough that their answers are counted.
    pub(crate) fn looks_at_exchanges(&self) -> bool {
        self.level >= CoverageLevel::Fields
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        self.work_off();
        self.tables.read().iter().for_each(|table| table.run.clear());
        *self.beside.lock() = Beside::default();
    }
}
