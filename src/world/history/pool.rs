//! All histories of a server together: one bound for what they keep, oldest step first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::History;
use crate::world::discard::Discarded;

/// How much the histories may keep, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryBounds {
    /// Of one sandbox; 0 keeps none and costs nothing.
    pub sandbox: u64,
    /// Of all sandboxes together.
    pub total: u64,
}

impl Default for HistoryBounds {
    fn default() -> Self {
        Self { sandbox: 16 << 20, total: 256 << 20 }
    }
}

impl HistoryBounds {
    /// None are kept.
    pub(crate) const OFF: Self = Self { sandbox: 0, total: 0 };

    /// Whether any are kept.
    #[must_use]
    pub(crate) fn is_on(&self) -> bool {
        self.sandbox > 0 && self.total > 0
    }
}

/// The histories of a server. A clone is the same one.
#[derive(Debug, Clone)]
pub(crate) struct Histories(Arc<Pool>);

#[derive(Debug)]
struct Pool {
    bounds: HistoryBounds,
    held: AtomicU64,
    stamp: AtomicU64,
    all: Mutex<Vec<Weak<History>>>,
}

impl Default for Histories {
    fn default() -> Self {
        Self::new(HistoryBounds::OFF)
    }
}

impl Histories {
    /// Histories within these bounds.
    #[must_use]
    pub(crate) fn new(bounds: HistoryBounds) -> Self {
        let (held, stamp, all) = (AtomicU64::new(0), AtomicU64::new(0), Mutex::default());
        Self(Arc::new(Pool { bounds, held, stamp, all }))
    }

    #[must_use]
    pub(crate) fn bounds(&self) -> HistoryBounds {
        self.0.bounds
    }

    /// What all of them keep, in bytes.
    #[must_use]
    pub(crate) fn held(&self) -> u64 {
        self.0.held.load(Ordering::Acquire)
    }

    pub(super) fn add(&self, history: &Arc<History>) {
        let mut all = self.0.all.lock();
        if all.len() == all.capacity() {
            // Before the list grows it forgets the histories of sandboxes that are gone.
            all.retain(|history| history.strong_count() > 0);
        }
        all.push(Arc::downgrade(history));
    }

    pub(super) fn stamp(&self) -> u64 {
        self.0.stamp.fetch_add(1, Ordering::AcqRel)
    }

    pub(super) fn changed(&self, before: u64, now: u64) {
        match now.checked_sub(before) {
            Some(more) => self.0.held.fetch_add(more, Ordering::AcqRel),
            None => self.0.held.fetch_sub(before - now, Ordering::AcqRel),
        };
    }

    /// Makes room where the bound is passed. No history may be locked by the caller.
    pub(super) fn keep_bound(&self) -> Discarded {
        let (mut replaced, most) = (Discarded::none(), self.0.bounds.total);
        if self.held() <= most {
            return replaced;
        }
        let all = self.0.all.lock();
        // A little more than needed goes at once, so that the walk over all histories is rare.
        let goal = most - most / 64;
        let alive: Vec<Arc<History>> = all.iter().filter_map(Weak::upgrade).collect();
        let with_steps = |(number, history): (usize, &Arc<History>)| Some((history.oldest(), number));
        let mut oldest: BinaryHeap<_> = alive
            .iter()
            .enumerate()
            .filter_map(with_steps)
            .filter(|(stamp, _)| *stamp != u64::MAX)
            .map(Reverse)
            .collect();
        while self.held() > goal {
            let Some(Reverse((stamp, number))) = oldest.pop() else { break };
            let Some(history) = alive.get(number) else { break };
            replaced.add(history.drop_oldest(stamp));
            let next = history.oldest();
            if next != u64::MAX {
                oldest.push(Reverse((next, number)));
            }
        }
        replaced
    }
}
