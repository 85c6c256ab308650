//! What a server counted while it ran, whatever became of its sandboxes.

use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use super::ledger::{Beside, Ledger, Place};
use super::queue::Queue;
use super::table::Table;
use crate::api::CoverageLevel;
use crate::contract::Document;
use crate::provider::{AnyProvider, Options};

/// The most tables of a server. Each provider has one for each of its settings' combinations that its document depends on.
pub(crate) const MOST_TABLES: usize = 256;

/// What a server counted.
#[derive(Debug)]
pub(crate) struct Run {
    level: CoverageLevel,
    pub(super) tables: RwLock<Vec<Arc<Table>>>,
    pub(super) beside: Mutex<Beside>,
    pub(super) queue: Queue,
}

impl Run {
    /// A run that counts so much.
    pub(crate) fn new(level: CoverageLevel) -> Self {
        Self { level, tables: RwLock::default(), beside: Mutex::default(), queue: Queue::default() }
    }

    pub(crate) fn level(&self) -> CoverageLevel {
        self.level
    }

    /// The table of a provider's document, which is made once.
    pub(crate) fn table(&self, provider: &dyn AnyProvider, document: &Document) -> Option<Arc<Table>> {
        let id = &provider.descriptor().id;
        let known = |tables: &[Arc<Table>]| {
            tables.iter().find(|table| table.provider == *id && table.sha256 == document.sha256()).cloned()
        };
        if let Some(table) = known(&self.tables.read()) {
            return Some(table);
        }
        let table = Arc::new(Table::of(provider, document));
        let mut tables = self.tables.write();
        // Another thread may have made it meanwhile.
        known(&tables).or_else(|| {
            let has_room = tables.len() < MOST_TABLES;
            has_room.then(|| {
                tables.push(table.clone());
                table
            })
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

    /// Where an exchange is looked at that was just counted under these options; nowhere where it is enough that it was
    /// counted.
    pub(crate) fn place(&self, ledger: &Ledger, options: &Arc<Options>) -> Option<Place> {
        if self.level < CoverageLevel::Fields { None } else { ledger.place(options) }
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        self.look_at_all();
        self.tables.read().iter().for_each(|table| table.run.clear());
        *self.beside.lock() = Beside::default();
    }
}
