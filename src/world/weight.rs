//! What sandboxes hold beyond the fixtures of the server, in bytes, and the bounds of it.
//!
//! Each record that a request writes, each fixture that the control API loads, each snapshot and each fault rule has a
//! [`Charge`] to its sandbox's [`Account`]. A charge lives as long as what it stands for: a record that a snapshot shares
//! with the present state counts once, and counts until both are gone. So nothing is walked to know what is held.
//!
//! Four kinds of bytes are held and do not count as state. What only the [history](super::history) has counts there. What is [`Leaving`] was replaced or deleted, and a thread is about to
//! let go of it. What is stale stands only in the state before a provider's last write, and goes as soon as its room is
//! needed. A fault rule that has expired goes before anybody is refused.

mod charges;
mod count;
mod expiring;
mod forks;
mod full;
mod leaving;
mod origins;
mod room;
mod writing;

use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use parking_lot::Mutex;
use serde::Serialize;

pub(crate) use self::charges::Charges;
pub(crate) use self::count::{MEASURED, length};
use self::expiring::Expiring;
pub(crate) use self::expiring::Expiry;
use self::full::Bound;
pub(crate) use self::full::{Full, MOST_ANSWER, RETRY_AFTER_S};
pub(crate) use self::leaving::{Going, Leaving};
use self::origins::Origins;
use self::room::Stales;
pub(crate) use self::room::{MakeRoom, Reclaim, Room};
pub(crate) use self::writing::{Copied, Sharing, Tally, charge, charged, copies, is_too_much, remove};
use super::discard::{Discarded, Discards};
use super::history::{Histories, History, HistoryBounds};

/// How much may be held beyond the fixtures of the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateBounds {
    /// Bytes in all sandboxes of a server.
    pub total: u64,
    /// Bytes in one sandbox, with its snapshots and fault rules.
    pub sandbox: u64,
    /// Bytes of records that one request writes, a batch above all.
    pub write: u64,
    /// Snapshots of one sandbox.
    pub snapshots: usize,
    /// Fault rules of one sandbox.
    pub faults: usize,
}

impl Default for StateBounds {
    fn default() -> Self {
        Self { total: 256 << 20, sandbox: 128 << 20, write: 128 << 20, snapshots: 1_000, faults: 100 }
    }
}

/// What is held by somebody, and what of that does not count.
#[derive(Debug, Default)]
struct Sum {
    held: AtomicU64,
    leaving: AtomicU64,
    stale: AtomicU64,
    /// What only the history has.
    past: AtomicU64,
}

impl Sum {
    /// What is held and stays as state, stale states included.
    fn staying(&self) -> u64 {
        // First what goes: it ends when that is no longer held.
        let leaving = self.leaving.load(Ordering::Acquire);
        let past = self.past.load(Ordering::Acquire);
        self.held.load(Ordering::Acquire).saturating_sub(leaving).saturating_sub(past)
    }

    fn stale(&self) -> u64 {
        self.stale.load(Ordering::Acquire)
    }

    /// What counts.
    fn counted(&self) -> u64 {
        self.staying().saturating_sub(self.stale())
    }
}

/// What a server's sandboxes hold together.
#[derive(Default)]
pub(crate) struct Budget {
    sum: Sum,
    bounds: StateBounds,
    discards: Discards,
    histories: Histories,
    stales: Stales,
    expiring: Arc<Expiring>,
    sandboxes: OnceLock<Box<dyn MakeRoom>>,
}

impl Budget {
    /// An empty one. What makes room in it is let go of by `discards`, and what was there before each change is kept within
    /// bounds of its own.
    #[must_use]
    pub(crate) fn new(bounds: StateBounds, history: HistoryBounds, discards: Discards) -> Arc<Self> {
        Arc::new(Self { bounds, discards, histories: Histories::new(history), ..Self::default() })
    }

    /// What the histories of all sandboxes keep.
    #[must_use]
    pub(crate) fn histories(&self) -> &Histories {
        &self.histories
    }

    /// What counts as held.
    #[must_use]
    pub(crate) fn held(&self) -> u64 {
        self.expiring.forget();
        self.sum.counted()
    }

    /// What is held, whether it counts or not.
    #[cfg(test)]
    pub(crate) fn all_held(&self) -> u64 {
        self.sum.held.load(Ordering::Acquire)
    }

    /// An account of a sandbox that holds nothing yet.
    #[must_use]
    pub(crate) fn account(self: &Arc<Self>) -> Arc<Account> {
        let history = Arc::new(History::new(self.histories.clone()));
        history.enlist();
        Arc::new(Account::of(self.clone(), history))
    }
}

impl fmt::Debug for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Budget").field("sum", &self.sum).field("bounds", &self.bounds).finish_non_exhaustive()
    }
}

/// What a sandbox holds.
pub struct Account {
    sum: Sum,
    budget: Arc<Budget>,
    /// What the sandbox was before each change.
    history: Arc<History>,
    /// Who has stale states of the sandbox.
    stales: Mutex<Vec<Weak<dyn Reclaim>>>,
    /// Whether the budget knows that there are any.
    is_listed: AtomicBool,
    origins: Origins<Self>,
}

impl Default for Account {
    fn default() -> Self {
        Self::of(Arc::default(), Arc::new(History::off()))
    }
}

impl Account {
    fn of(budget: Arc<Budget>, history: Arc<History>) -> Self {
        let (stales, is_listed) = (Mutex::default(), AtomicBool::new(false));
        Self { sum: Sum::default(), budget, history, stales, is_listed, origins: Origins::default() }
    }

    /// An account of another sandbox of the server.
    #[must_use]
    pub(crate) fn sibling(&self) -> Arc<Self> {
        self.budget.account()
    }

    /// An account of a sandbox of nobody's, without a history.
    #[must_use]
    pub(crate) fn apart(&self) -> Arc<Self> {
        Arc::new(Self::of(self.budget.clone(), Arc::new(History::off())))
    }

    /// What the sandbox was before each change.
    #[must_use]
    pub(crate) fn history(&self) -> &History {
        &self.history
    }

    /// Counts so many bytes as the history's, and as no state.
    pub(crate) fn note_past(&self, bytes: u64) {
        self.sum.past.fetch_add(bytes, Ordering::AcqRel);
        self.budget.sum.past.fetch_add(bytes, Ordering::AcqRel);
    }

    /// Counts so many bytes no longer as the history's.
    pub(crate) fn note_no_past(&self, bytes: u64) {
        self.sum.past.fetch_sub(bytes, Ordering::AcqRel);
        self.budget.sum.past.fetch_sub(bytes, Ordering::AcqRel);
    }

    /// What counts as held.
    #[must_use]
    pub(crate) fn held(&self) -> u64 {
        self.sum.counted()
    }

    /// What is held in all sandboxes of the server.
    #[must_use]
    pub(crate) fn held_by_all(&self) -> u64 {
        self.budget.held()
    }

    /// What may be held.
    #[must_use]
    pub(crate) fn bounds(&self) -> StateBounds {
        self.budget.bounds
    }

    /// Who takes idle sandboxes away where all of them hold too much; the first one stays.
    pub(crate) fn set_sandboxes(&self, sandboxes: impl MakeRoom + 'static) {
        let _ = self.budget.sandboxes.set(Box::new(sandboxes));
    }

    /// Lets go of fault rules that have expired, in every sandbox.
    pub(crate) fn forget_expired(&self) {
        self.budget.expiring.forget();
    }

    /// Lets go of what made room. No lock may be held by the caller.
    pub(crate) fn let_go(&self, discarded: Discarded) {
        self.budget.discards.take(discarded);
    }

    /// Holds so many bytes more, within the bounds or not.
    #[must_use]
    pub(crate) fn charge(self: &Arc<Self>, bytes: u64) -> Charge {
        self.charge_born(bytes, 0)
    }

    /// The same for a record of the state of this version.
    fn charge_born(self: &Arc<Self>, bytes: u64, born: u64) -> Charge {
        self.sum.held.fetch_add(bytes, Ordering::AcqRel);
        self.budget.sum.held.fetch_add(bytes, Ordering::AcqRel);
        Charge { account: self.clone(), bytes, born }
    }

    fn no_longer_held(&self, bytes: u64) {
        self.sum.held.fetch_sub(bytes, Ordering::AcqRel);
        self.budget.sum.held.fetch_sub(bytes, Ordering::AcqRel);
    }

    /// Whether a write may go on.
    ///
    /// # Errors
    ///
    /// It wrote more than one request may.
    pub(crate) fn check_write(&self, tally: &Tally) -> Result<(), Full> {
        let most = self.budget.bounds.write;
        let is_within = tally.added <= most;
        if is_within { Ok(()) } else { Err(Full { bound: Bound::Write, most, retry_after_s: RETRY_AFTER_S }) }
    }

    /// Whether so many bytes alone are more than may ever be held.
    ///
    /// # Errors
    ///
    /// The bound that they exceed.
    pub(crate) fn could_hold(&self, bytes: u64) -> Result<(), Full> {
        let StateBounds { total, sandbox, .. } = self.budget.bounds;
        let bounds = [(Bound::Sandbox, sandbox), (Bound::Total, total)];
        let exceeded = bounds.into_iter().find(|(_, most)| bytes > *most);
        exceeded.map_or(Ok(()), |(bound, most)| Err(Full { bound, most, retry_after_s: RETRY_AFTER_S }))
    }
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("sum", &self.sum).finish_non_exhaustive()
    }
}

/// Bytes that are held until it is dropped.
#[derive(Debug)]
pub(crate) struct Charge {
    account: Arc<Account>,
    bytes: u64,
    /// The version of the state that had it first.
    born: u64,
}

impl Charge {
    /// How many they are.
    #[must_use]
    pub(crate) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Has somebody asked to let go of it after a time.
    #[must_use]
    pub(crate) fn expire(&self, after: std::time::Duration, who: Weak<dyn Reclaim>) -> Expiry {
        self.account.budget.expiring.note(after, who)
    }

    /// Takes over what another holds.
    pub(crate) fn absorb(&mut self, mut other: Self) {
        self.bytes += std::mem::take(&mut other.bytes);
    }

    /// Holds no more than so many bytes from now on.
    pub(crate) fn shrink(&mut self, most: u64) {
        let excess = self.bytes.saturating_sub(most);
        self.bytes -= excess;
        self.account.no_longer_held(excess);
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.account.no_longer_held(self.bytes);
    }
}

/// About how many times its text a loaded fixture takes.
const LOADED: u64 = 4;

/// About how many bytes the state takes that a fixture's text loads to.
#[must_use]
pub(crate) fn of_fixture(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX).saturating_mul(LOADED)
}

/// About how many bytes a value takes that has a JSON form: its own size and that of its texts.
#[must_use]
pub(crate) fn of<T: Serialize>(value: &T) -> usize {
    size_of::<T>() + length(value)
}

#[cfg(test)]
mod tests;
