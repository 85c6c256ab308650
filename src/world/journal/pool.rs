//! All journals of a server together: one bound for the bytes they hold, oldest exchange first.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use parking_lot::Mutex;

use super::ended::Ended;
use super::feed::{Feed, Following, Slot};
use super::followers::Aside;
use super::ring::Journal;
use crate::world::ids::Run;
use crate::world::sandbox::SandboxName;

/// How much the journals may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalBounds {
    /// How many exchanges a sandbox's journal keeps; 0 keeps none and costs nothing.
    pub exchanges: usize,
    /// How many bytes of each body are kept.
    pub body: usize,
    /// How many bytes all journals take together.
    pub bytes: usize,
}

impl Default for JournalBounds {
    fn default() -> Self {
        Self { exchanges: 1_000, body: 16 << 10, bytes: 256 << 20 }
    }
}

/// The journals of a server. A clone is the same one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Journals(Arc<Pool>);

#[derive(Debug, Default)]
struct Pool {
    bounds: JournalBounds,
    counters: Counters,
    all: Mutex<Vec<Weak<Journal>>>,
    feed: Feed,
    aside: OnceLock<Aside>,
    run: Run,
    incarnations: AtomicU64,
    ended: Ended,
}

/// What each exchange changes. All workers do, so it shares no line of a processor's cache with what they only read: two
/// lines, for processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Counters {
    bytes: AtomicUsize,
    exchanges: AtomicUsize,
    dropped: AtomicU64,
    stamp: AtomicU64,
}

impl Journals {
    /// Journals within these bounds.
    #[must_use]
    pub(crate) fn new(bounds: JournalBounds) -> Self {
        Self(Arc::new(Pool { bounds, ..Pool::default() }))
    }

    /// A journal for one more sandbox.
    #[must_use]
    pub(crate) fn journal_of(&self, name: SandboxName) -> Arc<Journal> {
        let journal = Arc::new_cyclic(|own| Journal::new(self.clone(), name, own.clone()));
        let mut all = self.0.all.lock();
        if all.len() == all.capacity() {
            // Before the list grows it forgets the journals of sandboxes that are gone.
            all.retain(|journal| journal.strong_count() > 0);
        }
        all.push(Arc::downgrade(&journal));
        journal
    }

    #[cfg(test)]
    pub(super) fn journal(&self) -> Arc<Journal> {
        self.journal_of(SandboxName::default_name())
    }

    /// Which start of a server they are of.
    #[must_use]
    pub(crate) fn run(&self) -> Run {
        self.0.run
    }

    /// Those whose sandboxes are gone.
    #[must_use]
    pub(crate) fn ended(&self) -> &Ended {
        &self.0.ended
    }

    /// A number for one more journal, from 1.
    pub(super) fn incarnation(&self) -> u64 {
        self.0.incarnations.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Follows all journals from here on.
    #[must_use]
    pub(crate) fn follow(&self) -> Following {
        Following::new(self.clone())
    }

    pub(super) fn feed(&self) -> &Feed {
        &self.0.feed
    }

    /// Notes what has a stamp for those who follow all journals; whether there are any.
    pub(super) fn put(&self, stamp: u64, slot: impl FnOnce() -> Slot) -> bool {
        let is_followed = self.0.feed.is_followed();
        if is_followed {
            self.0.feed.put(stamp, slot());
        }
        is_followed
    }

    /// The same of what has a stamp for them alone.
    pub(super) fn put_unstamped(&self, slot: impl FnOnce() -> Slot) -> bool {
        self.0.feed.is_followed() && self.put(self.stamp(), slot)
    }

    /// Tells those who follow all journals that something happened, where there are any.
    pub(super) fn tell(&self, is_followed: bool) {
        if is_followed {
            self.0.feed.followers.written(self.aside());
        }
    }

    /// How much the journals may hold.
    #[must_use]
    pub(crate) fn bounds(&self) -> JournalBounds {
        self.0.bounds
    }

    /// Leaves to somebody what no request should wait for. The first one stays.
    pub(crate) fn leave_to(&self, aside: Aside) {
        let _ = self.0.aside.set(aside);
    }

    /// Who does what no request should wait for, if anybody does.
    #[must_use]
    pub(crate) fn aside(&self) -> Option<&Aside> {
        self.0.aside.get()
    }

    /// How many bytes they hold.
    #[must_use]
    pub(crate) fn bytes(&self) -> usize {
        self.0.counters.bytes.load(Ordering::Relaxed)
    }

    /// How many exchanges they hold.
    #[must_use]
    pub(crate) fn exchanges(&self) -> usize {
        self.0.counters.exchanges.load(Ordering::Relaxed)
    }

    /// How many exchanges made room for others.
    #[must_use]
    pub(crate) fn dropped(&self) -> u64 {
        self.0.counters.dropped.load(Ordering::Relaxed)
    }

    /// The stamp that the next exchange gets. Whoever reads it first, and the journals then, misses none below it.
    #[must_use]
    pub(crate) fn end(&self) -> u64 {
        self.0.counters.stamp.load(Ordering::SeqCst)
    }

    /// The place of an exchange among all. The caller holds the lock of its journal until the exchange is in there.
    pub(super) fn stamp(&self) -> u64 {
        // In one order with the number of those who follow: see `Feed::is_followed`.
        self.0.counters.stamp.fetch_add(1, Ordering::SeqCst)
    }

    pub(super) fn took(&self, exchanges: usize, bytes: usize) {
        self.0.counters.exchanges.fetch_add(exchanges, Ordering::Relaxed);
        self.0.counters.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn gave(&self, exchanges: usize, bytes: usize) {
        self.0.counters.exchanges.fetch_sub(exchanges, Ordering::Relaxed);
        self.0.counters.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }

    pub(super) fn drop_counted(&self) {
        self.0.counters.dropped.fetch_add(1, Ordering::Relaxed);
    }

    /// Makes room where the bound is passed. No journal may be locked by the caller.
    pub(super) fn keep_bound(&self) {
        if self.bytes() <= self.0.bounds.bytes {
            return;
        }
        let all = self.0.all.lock();
        // A little more than needed goes at once, so that the walk over all journals is rare.
        let goal = self.0.bounds.bytes - self.0.bounds.bytes / 128;
        if self.bytes() <= goal {
            return;
        }
        let alive: Vec<Arc<Journal>> = all.iter().filter_map(Weak::upgrade).collect();
        let mut oldest: BinaryHeap<_> = alive
            .iter()
            .enumerate()
            .filter_map(|(number, journal)| Some(Reverse((journal.oldest()?, number))))
            .collect();
        while self.bytes() > goal {
            let Some(Reverse((_, number))) = oldest.pop() else { return };
            let Some(journal) = alive.get(number) else { return };
            journal.drop_oldest();
            if let Some(next) = journal.oldest() {
                oldest.push(Reverse((next, number)));
            }
        }
    }
}
