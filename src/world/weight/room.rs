//! Whether there is room for what was charged, and what makes room.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::full::{Bound, Full, RETRY_AFTER_S};
use super::{Account, StateBounds};
use crate::world::discard::Discarded;

/// Somebody who holds what need not be held.
pub(crate) trait Reclaim: Send + Sync {
    /// Lets go of it.
    fn reclaim(&self) -> Discarded;
}

/// Who can take sandboxes away.
pub(crate) trait MakeRoom: Send + Sync {
    /// Takes away those that may go until so many bytes are free; none where that cannot be. Whether any went.
    fn make_room(&self, bytes: u64, replaced: &mut Discarded) -> bool;

    /// After how many seconds one may go that holds something, if that is known.
    fn retry_after_s(&self) -> Option<u64>;

    /// Looks at each that has a name, and at its account.
    fn look(&self, look: &mut dyn FnMut(&str, &Account));
}

/// How much room there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// Enough for stale states too.
    Ample,
    /// Enough if nothing stale is kept.
    Short,
}

/// The sandboxes that have stale states, the one that has them longest first.
#[derive(Default)]
pub(super) struct Stales(Mutex<VecDeque<Weak<Account>>>);

/// So many entries may be of sandboxes that are gone, beside as many as there are others.
const GONE: usize = 64;

impl Stales {
    fn add(&self, account: &Arc<Account>) {
        let mut all = self.0.lock();
        if all.len() == all.capacity() && all.len() >= GONE {
            all.retain(|account| account.strong_count() > 0);
        }
        all.push_back(Arc::downgrade(account));
    }

    fn next(&self) -> Option<Arc<Account>> {
        let mut all = self.0.lock();
        while let Some(account) = all.pop_front() {
            if let Some(account) = account.upgrade() {
                return Some(account);
            }
        }
        None
    }
}

impl fmt::Debug for Stales {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stales").field(&self.0.lock().len()).finish()
    }
}

impl Account {
    /// Notes who may have stale states of the sandbox.
    pub(crate) fn add_stale(&self, who: Weak<dyn Reclaim>) {
        self.stales.lock().push(who);
    }

    /// Counts so many bytes as stale.
    pub(crate) fn note_stale(self: &Arc<Self>, bytes: u64) {
        self.sum.stale.fetch_add(bytes, Ordering::AcqRel);
        self.budget.sum.stale.fetch_add(bytes, Ordering::AcqRel);
        if bytes > 0 && !self.is_listed.swap(true, Ordering::AcqRel) {
            self.budget.stales.add(self);
        }
    }

    /// Counts so many bytes no longer as stale.
    pub(crate) fn note_fresh(&self, bytes: u64) {
        self.sum.stale.fetch_sub(bytes, Ordering::AcqRel);
        self.budget.sum.stale.fetch_sub(bytes, Ordering::AcqRel);
    }

    /// Whether what is held is within the bounds, but for `leaving`: bytes that go with what is asked for. Whatever makes
    /// room goes into `replaced`, to be let go of behind the locks: fault rules that have expired, idle sandboxes, stale
    /// states.
    ///
    /// # Errors
    ///
    /// The bound that is exceeded, and nothing more can make room.
    pub(crate) fn check(&self, leaving: u64, replaced: &mut Discarded) -> Result<Room, Full> {
        let StateBounds { total, sandbox, .. } = self.budget.bounds;
        if self.exceeded(leaving).is_some() {
            self.budget.expiring.forget();
        }
        while let Some(bound) = self.exceeded(leaving) {
            let all = &self.budget.sandboxes;
            let need = self.budget.sum.counted().saturating_sub(leaving).saturating_sub(total);
            let has_gone = bound == Bound::Total && all.get().is_some_and(|all| all.make_room(need, replaced));
            if !has_gone {
                let most = if bound == Bound::Total { total } else { sandbox };
                return Err(Full { bound, most, retry_after_s: self.retry_after_s(bound) });
            }
        }
        if self.is_ample() {
            return Ok(Room::Ample);
        }
        // What is stale is counted as room, so here it has to go.
        if self.sum.staying().saturating_sub(leaving) > sandbox {
            self.reclaim(replaced);
        }
        while self.budget.sum.staying().saturating_sub(leaving) > total {
            let Some(account) = self.budget.stales.next() else { break };
            account.is_listed.store(false, Ordering::Release);
            account.reclaim(replaced);
        }
        Ok(Room::Short)
    }

    /// Whether all that is held is within the bounds, what is stale included.
    #[must_use]
    pub(crate) fn is_ample(&self) -> bool {
        let StateBounds { total, sandbox, .. } = self.budget.bounds;
        self.sum.staying() <= sandbox && self.budget.sum.staying() <= total
    }

    fn exceeded(&self, leaving: u64) -> Option<Bound> {
        let StateBounds { total, sandbox, .. } = self.budget.bounds;
        let is_above = |sum: &super::Sum, most: u64| sum.counted().saturating_sub(leaving) > most;
        match () {
            () if is_above(&self.sum, sandbox) => Some(Bound::Sandbox),
            () if is_above(&self.budget.sum, total) => Some(Bound::Total),
            () => None,
        }
    }

    /// Lets go of the sandbox's stale states.
    fn reclaim(&self, replaced: &mut Discarded) {
        let holders: Vec<_> = self.stales.lock().iter().filter_map(Weak::upgrade).collect();
        replaced.extend(holders.iter().map(|holder| holder.reclaim()));
    }

    /// After how many seconds there may be room: when the next sandbox may go or the next fault rule expires, as far as
    /// that is known.
    fn retry_after_s(&self, bound: Bound) -> u64 {
        if bound != Bound::Total {
            return RETRY_AFTER_S;
        }
        let sandbox = self.budget.sandboxes.get().and_then(|all| all.retry_after_s());
        let rule = self.budget.expiring.next().map(|left| left.as_secs() + 1);
        let known = sandbox.into_iter().chain(rule).min();
        known.unwrap_or(RETRY_AFTER_S).clamp(1, MOST_RETRY_S)
    }
}

/// What a refused request is told at most of when to come again.
const MOST_RETRY_S: u64 = 60;
