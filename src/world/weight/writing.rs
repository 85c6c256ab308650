//! The write that is under way, and what it adds and takes out.

use std::cell::RefCell;
use std::sync::Arc;

use super::{Account, Charge};

/// What a write added and took out, in bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// What its new records weigh.
    pub(crate) added: u64,
    /// What the records weigh that are no longer there.
    pub(crate) removed: u64,
    /// Of those, what no snapshot holds: it goes with the state that had them.
    pub(crate) alone: u64,
    /// Of those, what the last snapshot holds and none before it.
    pub(crate) last: u64,
    /// Of those, what the write itself had added: it has gone already.
    pub(crate) own: u64,
    /// What it would copy of each table, were the state before it kept.
    pub(crate) copies: Vec<Copied>,
}

/// The share of a table that writes copied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Copied {
    /// Which table, by its number.
    pub(crate) table: u64,
    /// What they copied, in bytes.
    pub(crate) bytes: u64,
    /// All that there was to copy.
    pub(crate) most: u64,
}

/// Which records snapshots hold, by the versions of the states that had them first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sharing {
    /// The version of the state that is written.
    pub(crate) version: u64,
    /// The version of the last snapshot.
    pub(crate) last: Option<u64>,
    /// That of the one before it.
    pub(crate) before: Option<u64>,
}

struct Writing {
    account: Arc<Account>,
    sharing: Sharing,
    tally: Tally,
}

// A write is a synchronous closure on a plain value, which tables and providers change without a word of accounts.
thread_local! {
    static WRITING: RefCell<Option<Writing>> = const { RefCell::new(None) };
}

/// Ends a write, also where it crashed.
struct Ending;

impl Drop for Ending {
    fn drop(&mut self) {
        WRITING.take();
    }
}

/// Runs a write whose records are charged to an account.
pub(crate) fn charged<T>(account: &Arc<Account>, sharing: Sharing, write: impl FnOnce() -> T) -> (T, Tally) {
    WRITING.set(Some(Writing { account: account.clone(), sharing, tally: Tally::default() }));
    let _ending = Ending;
    let outcome = write();
    let tally = WRITING.with_borrow_mut(|writing| writing.as_mut().map(|writing| std::mem::take(&mut writing.tally)));
    (outcome, tally.unwrap_or_default())
}

/// Charges the write that is under way. Where there is none a fixture is read, which counts as a whole: nothing is weighed.
pub(crate) fn charge(bytes: impl FnOnce() -> usize) -> Option<Arc<Charge>> {
    WRITING.with_borrow_mut(|writing| {
        let writing = writing.as_mut()?;
        let bytes = u64::try_from(bytes()).unwrap_or(u64::MAX);
        writing.tally.added += bytes;
        Some(Arc::new(writing.account.charge_born(bytes, writing.sharing.version + 1)))
    })
}

/// Whether the write under way added more than one request may: whatever it goes on to do, it will be refused.
#[must_use]
pub(crate) fn is_too_much() -> bool {
    let is_too_much = |writing: &Writing| writing.account.check_write(&writing.tally).is_err();
    WRITING.with_borrow(|writing| writing.as_ref().is_some_and(is_too_much))
}

/// Says that the write under way takes out what has this charge. Others may still share it.
pub(crate) fn remove(charge: Option<&Arc<Charge>>) {
    let Some(charge) = charge else { return };
    WRITING.with_borrow_mut(|writing| {
        let Some(Writing { account, sharing, tally }) = writing else { return };
        if !Arc::ptr_eq(account, &charge.account) {
            // The state began as one of another slot, to whose sandbox the record stays charged.
            return;
        }
        tally.removed += charge.bytes;
        let of = match charge.born {
            born if born > sharing.version => &mut tally.own,
            born if sharing.last.is_none_or(|last| born > last) => &mut tally.alone,
            born if sharing.before.is_none_or(|before| born > before) => &mut tally.last,
            _ => return,
        };
        *of += charge.bytes;
    });
}

/// Says that the write under way changes a table: which, how many bytes a change copies, and how many there are to copy.
/// It is asked for only where a snapshot or the history keeps what is copied.
pub(crate) fn copies(look: impl FnOnce() -> Copied) {
    WRITING.with_borrow_mut(|writing| {
        let keeps = |writing: &&mut Writing| writing.sharing.last.is_some() || writing.account.history().is_on();
        if let Some(writing) = writing.as_mut().filter(keeps) {
            add(&mut writing.tally.copies, look());
        }
    });
}

/// Adds what was copied of one table.
pub(super) fn add(copies: &mut Vec<Copied>, more: Copied) {
    match copies.iter_mut().find(|known| known.table == more.table) {
        // What there was to copy is what there was at first.
        Some(known) => known.bytes = known.most.min(known.bytes.saturating_add(more.bytes)),
        None => copies.push(Copied { bytes: more.bytes.min(more.most), ..more }),
    }
}

impl Tally {
    /// Whether it needs room for records.
    #[must_use]
    pub(crate) fn adds(&self) -> bool {
        self.added > self.own
    }
}

impl Copied {
    /// Adds what was copied since to what was copied before, of each table.
    pub(crate) fn add_all(known: &mut Vec<Self>, more: &[Self]) {
        more.iter().for_each(|more| add(known, more.clone()));
    }

    /// How many bytes were copied of all tables.
    #[must_use]
    pub(crate) fn sum(copies: &[Self]) -> u64 {
        copies.iter().map(|copy| copy.bytes).sum()
    }
}
