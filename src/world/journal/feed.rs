//! What is written to all journals, in one order, while anybody follows all of them.
//!
//! It keeps places in journals and no exchanges, so a slow follower costs no more than the places. While nobody follows,
//! whoever writes to a journal pays for one look at a number.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use parking_lot::Mutex;

use super::ended::Why;
use super::followers::{Followers, Waiting};
use super::pool::Journals;
use super::ring::{Entry, Journal};
use crate::world::sandbox::SandboxName;

/// How many places are kept. Whoever is further behind is told how many were lost.
pub(crate) const MOST_SLOTS: usize = 4_096;

/// One thing that happened in a journal.
#[derive(Debug, Clone)]
pub(crate) enum Slot {
    /// An exchange was written.
    Written(Spot),
    /// What was written to the journal of this sandbox is kept no longer.
    Reset {
        /// The sandbox.
        sandbox: SandboxName,
        /// Why.
        why: Why,
    },
}

/// Where an exchange is.
#[derive(Debug, Clone)]
pub(crate) struct Spot {
    journal: Weak<Journal>,
    generation: u64,
    number: u64,
}

impl Spot {
    pub(crate) fn new(journal: Weak<Journal>, generation: u64, number: u64) -> Self {
        Self { journal, generation, number }
    }

    /// The exchange and its journal, where it is still there.
    #[must_use]
    pub(crate) fn find(&self) -> Option<(Arc<Journal>, Entry)> {
        let journal = self.journal.upgrade()?;
        let entry = journal.entry(self.generation, self.number)?;
        Some((journal, entry))
    }
}

/// What happened in all journals since the first of those who follow came.
#[derive(Debug, Default)]
pub(super) struct Feed {
    following: AtomicUsize,
    kept: Mutex<Kept>,
    pub(super) followers: Arc<Followers>,
}

#[derive(Debug, Default)]
struct Kept {
    /// The stamp of the first slot.
    base: u64,
    /// A slot of nothing is about to be filled: its stamp was given, and its writer is on the way here.
    slots: VecDeque<Option<Slot>>,
}

impl Feed {
    /// Whether anybody follows. Whoever asks once he has a stamp, and is told no, has one below every follower's start.
    pub(super) fn is_followed(&self) -> bool {
        self.following.load(Ordering::SeqCst) > 0
    }

    /// Notes what has a stamp.
    pub(super) fn put(&self, stamp: u64, slot: Slot) {
        let mut kept = self.kept.lock();
        let Some(place) = stamp.checked_sub(kept.base).and_then(|place| usize::try_from(place).ok()) else { return };
        if kept.slots.len() <= place {
            kept.slots.resize(place + 1, None);
        }
        if let Some(free) = kept.slots.get_mut(place) {
            *free = Some(slot);
        }
        while kept.slots.len() > MOST_SLOTS {
            kept.slots.pop_front();
            kept.base += 1;
        }
    }
}

/// One who follows all journals, until it is dropped.
#[derive(Debug)]
pub(crate) struct Following {
    journals: Journals,
    /// The first stamp that it is told.
    start: u64,
}

/// What a follower has not seen yet.
#[derive(Debug)]
pub(crate) struct FeedNews {
    /// How many were gone before the follower saw them.
    pub lost: u64,
    /// The stamp of the first slot.
    pub first: u64,
    /// What happened, in order.
    pub slots: Vec<Slot>,
}

impl Following {
    pub(super) fn new(journals: Journals) -> Self {
        let feed = journals.feed();
        let mut kept = feed.kept.lock();
        let is_first = feed.following.fetch_add(1, Ordering::SeqCst) == 0;
        let start = journals.end();
        if is_first {
            *kept = Kept { base: start, slots: VecDeque::new() };
        }
        drop(kept);
        Self { journals, start }
    }

    /// The first stamp that it is told.
    #[must_use]
    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    /// What has this stamp, and what follows, at most so many.
    #[must_use]
    pub(crate) fn from(&self, stamp: u64, most: usize) -> FeedNews {
        let kept = self.journals.feed().kept.lock();
        let first = stamp.max(kept.base);
        let skipped = usize::try_from(first - kept.base).unwrap_or(usize::MAX);
        let slots = kept.slots.iter().skip(skipped).take(most).map_while(Clone::clone).collect();
        FeedNews { lost: first - stamp, first, slots }
    }

    /// Done when something is written or forgotten after the future was made.
    #[must_use]
    pub(crate) fn written(&self) -> Waiting {
        self.journals.feed().followers.wait()
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        let feed = self.journals.feed();
        let mut kept = feed.kept.lock();
        if feed.following.fetch_sub(1, Ordering::SeqCst) == 1 {
            kept.slots = VecDeque::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::ring::tests::{bounds, exchange};
    use super::*;

    fn numbers(news: &FeedNews) -> Vec<String> {
        let shown = |slot: &Slot| match slot {
            Slot::Written(spot) => spot
                .find()
                .map_or_else(|| "gone".to_owned(), |(journal, entry)| format!("{}{}", journal.name(), entry.number)),
            Slot::Reset { sandbox, why } => format!("-{sandbox} {why:?}"),
        };
        news.slots.iter().map(shown).collect()
    }

    fn journals(pool: &Journals) -> [Arc<Journal>; 2] {
        ["a", "b"].map(|name| pool.journal_of(name.parse().expect("a name")))
    }

    #[test]
    fn all_journals_are_followed_in_one_order() {
        let pool = Journals::new(bounds(2, usize::MAX));
        let [a, b] = journals(&pool);
        a.write(exchange(1, 1));
        let following = pool.follow();
        assert_eq!(following.start(), 1, "what was written before is no news");
        b.write(exchange(1, 1));
        a.write(exchange(1, 1));
        drop(a.clear());
        a.write(exchange(1, 1));
        let news = following.from(following.start(), 99);
        assert_eq!(
            (news.lost, news.first, numbers(&news)),
            (0, 1, vec!["b1".into(), "gone".into(), "-a Emptied".into(), "a1".into()])
        );
        assert_eq!(numbers(&following.from(4, 99)), ["a1"]);
        assert_eq!(numbers(&following.from(1, 1)), ["b1"]);
        drop(b);
        assert_eq!(numbers(&following.from(1, 1)), ["gone"], "its sandbox went");
    }

    #[test]
    fn what_is_kept_is_bounded_and_costs_nothing_without_a_follower() {
        let pool = Journals::new(bounds(1, usize::MAX));
        let [a, _] = journals(&pool);
        a.write(exchange(1, 1));
        assert!(pool.feed().kept.lock().slots.is_empty());
        let following = pool.follow();
        for _ in 0..MOST_SLOTS + 10 {
            a.write(exchange(1, 1));
        }
        let news = following.from(following.start(), usize::MAX);
        assert_eq!((news.lost, news.first, news.slots.len()), (10, 11, MOST_SLOTS));
        let other = pool.follow();
        drop(following);
        assert_eq!(pool.feed().kept.lock().slots.len(), MOST_SLOTS);
        drop(other);
        assert_eq!(pool.feed().kept.lock().slots.capacity(), 0);
        a.write(exchange(1, 1));
        let again = pool.follow();
        a.write(exchange(1, 1));
        assert_eq!(numbers(&again.from(again.start(), 9)).len(), 1, "what nobody followed leaves no hole");
    }

    #[test]
    fn writers_at_once_leave_no_hole_and_lose_nothing() {
        let pool = Journals::new(bounds(1_000, usize::MAX));
        let journals: Vec<_> =
            (0..4).map(|number| pool.journal_of(format!("j{number}").parse().expect("a name"))).collect();
        let following = std::thread::scope(|scope| {
            for journal in &journals {
                scope.spawn(move || {
                    for _ in 0..500 {
                        journal.write(exchange(1, 1));
                    }
                });
            }
            pool.follow()
        });
        let written: usize = journals.iter().map(|journal| journal.entries().len()).sum();
        let news = following.from(following.start(), usize::MAX);
        assert_eq!(written, 2_000);
        assert_eq!(news.slots.len() as u64, 2_000 - following.start());
        let stamps: Vec<_> = news
            .slots
            .iter()
            .map(|slot| match slot {
                Slot::Written(spot) => spot.find().expect("it is there").1.stamp,
                Slot::Reset { .. } => 0,
            })
            .collect();
        assert_eq!(stamps, (following.start()..2_000).collect::<Vec<_>>());
    }
}
