//! One sandbox's journal: the last exchanges, numbered from 1.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, Weak};

use parking_lot::Mutex;
use uuid::Uuid;

use super::ended::Why;
use super::exchange::Exchange;
use super::feed::{Slot, Spot};
use super::followers::{Followers, Waiting};
use super::pool::Journals;
use crate::world::discard::{Discard, Discarded};
use crate::world::sandbox::SandboxName;

/// How many exchanges are taken out at once.
const BATCH: usize = 1_024;

/// An exchange and its number in its journal.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub number: u64,
    /// Its number among the exchanges of all journals of the server.
    pub stamp: u64,
    pub exchange: Arc<Exchange>,
}

impl Entry {
    /// Its id: a function of seed and number, from a stream of its own.
    #[must_use]
    pub(crate) fn id(&self) -> Uuid {
        self.exchange.seed.uuid("mock.exchange", self.number)
    }
}

/// What a subscriber has not seen yet.
#[derive(Debug)]
pub(crate) struct News {
    /// How often the journal was emptied; numbers start anew with each.
    pub generation: u64,
    /// How many exchanges were gone before the subscriber saw them.
    pub lost: u64,
    /// The next exchanges.
    pub entries: Vec<Entry>,
}

/// The last exchanges of one sandbox.
#[derive(Debug)]
pub(crate) struct Journal {
    /// The sandbox that it is of.
    name: SandboxName,
    own: Weak<Self>,
    pool: Journals,
    ring: Mutex<Ring>,
    /// The stamp of the oldest exchange; `u64::MAX` where there is none.
    oldest: AtomicU64,
    followers: Arc<Followers>,
    /// Its number among all journals of the server: a sandbox that is made anew has another one.
    incarnation: u64,
    /// Why its sandbox is gone, once it is.
    ended: OnceLock<Why>,
}

#[derive(Debug, Default)]
struct Ring {
    entries: VecDeque<(u64, Arc<Exchange>)>,
    /// How many exchanges are no longer there: the first entry's number less one.
    gone: u64,
    bytes: usize,
    generation: u64,
    /// The generation of the sandbox's history in which it was reset last.
    since: u32,
    /// The number of the last exchange that was made before that.
    before: u64,
}

impl Discard for Ring {
    /// Whoever reads an exchange holds that alone, and it is small.
    fn is_last(&self) -> bool {
        true
    }
}

impl Journal {
    pub(super) fn new(pool: Journals, name: SandboxName, own: Weak<Self>) -> Self {
        let (incarnation, oldest) = (pool.incarnation(), AtomicU64::new(u64::MAX));
        let (ring, followers, ended) = (Mutex::default(), Arc::default(), OnceLock::new());
        Self { name, own, pool, ring, oldest, followers, incarnation, ended }
    }

    /// The sandbox that it is of.
    #[must_use]
    pub(crate) fn name(&self) -> &SandboxName {
        &self.name
    }

    /// Whether anything is kept.
    #[must_use]
    pub(crate) fn is_on(&self) -> bool {
        self.pool.bounds().exchanges > 0
    }

    /// How many bytes of each body are kept.
    #[must_use]
    pub(crate) fn body_cap(&self) -> usize {
        self.pool.bounds().body
    }

    /// Keeps an exchange; the oldest makes room. Its number, which counts where none is kept too. What a reset has taken back
    /// since it was written is not kept: it is numbered as if it had come before that.
    pub(crate) fn write(&self, exchange: impl Into<Arc<Exchange>>) -> u64 {
        let size = self.pool.bounds().exchanges;
        if size == 0 {
            let mut ring = self.ring.lock();
            ring.gone += 1;
            return ring.gone;
        }
        let exchange = exchange.into();
        let weight = exchange.weight();
        let mut ring = self.ring.lock();
        if exchange.changed && exchange.step.step.is_before(ring.since) {
            ring.before += 1;
            return ring.before;
        }
        self.pool.took(1, weight);
        // What goes is let go behind the lock.
        let gone = if ring.entries.len() >= size { self.pop(&mut ring) } else { None };
        ring.bytes += weight;
        let stamp = self.pool.stamp();
        ring.entries.push_back((stamp, exchange));
        self.mark(&ring);
        // Before the lock is given back: whoever reads the journal then meets what the feed has.
        let is_followed = self.pool.put(stamp, || Slot::Written(self.spot(&ring)));
        let number = ring.gone + ring.entries.len() as u64;
        drop(ring);
        drop(gone);
        self.followers.written(self.pool.aside());
        self.pool.tell(is_followed);
        self.pool.keep_bound();
        number
    }

    /// Forgets everything; the next exchange is number 1 again.
    pub(crate) fn clear(&self) -> Discarded {
        self.empty(Some(Why::Emptied), None)
    }

    /// The same where the sandbox is reset, whose history is of this generation from now on.
    pub(crate) fn reset(&self, generation: u32) -> Discarded {
        self.empty(Some(Why::Emptied), Some(generation))
    }

    /// The same of a sandbox that is gone, which was told already.
    pub(crate) fn forget(&self) -> Discarded {
        self.empty(None, None)
    }

    fn empty(&self, why: Option<Why>, since: Option<u32>) -> Discarded {
        let mut ring = self.ring.lock();
        let old = std::mem::take(&mut *ring);
        ring.generation = old.generation + 1;
        ring.since = since.unwrap_or(old.since);
        ring.before = if since.is_some() { old.gone + old.entries.len() as u64 } else { old.before };
        self.mark(&ring);
        let is_followed =
            why.is_some_and(|why| self.pool.put_unstamped(|| Slot::Reset { sandbox: self.name.clone(), why }));
        drop(ring);
        self.pool.gave(old.entries.len(), old.bytes);
        self.followers.written(self.pool.aside());
        self.pool.tell(is_followed);
        Discarded::one(old)
    }

    /// Its sandbox is gone, and it is told: to those who follow it once they have what is kept, to those who follow all
    /// journals, and to those who come again.
    pub(crate) fn finish(&self, why: Why) {
        self.pool.ended().put(self.incarnation, self.name.clone(), why);
        let ring = self.ring.lock();
        let is_followed = self.pool.put_unstamped(|| Slot::Reset { sandbox: self.name.clone(), why });
        drop(ring);
        self.close(why);
        self.pool.tell(is_followed);
    }

    /// The same of a sandbox that nobody else has met.
    pub(crate) fn close(&self, why: Why) {
        let _ = self.ended.set(why);
        self.followers.written(self.pool.aside());
    }

    /// Why its sandbox is gone, once it is.
    #[must_use]
    pub(crate) fn ended(&self) -> Option<Why> {
        self.ended.get().copied()
    }

    /// Its number among all journals of the server.
    #[must_use]
    pub(crate) fn incarnation(&self) -> u64 {
        self.incarnation
    }

    /// Where the last exchange is.
    fn spot(&self, ring: &Ring) -> Spot {
        Spot::new(self.own.clone(), ring.generation, ring.gone + ring.entries.len() as u64)
    }

    /// The exchange of this number of a generation, where it is still there.
    #[must_use]
    pub(crate) fn entry(&self, generation: u64, number: u64) -> Option<Entry> {
        let ring = self.ring.lock();
        let place = number.checked_sub(ring.gone + 1).filter(|_| ring.generation == generation)?;
        let (stamp, exchange) = ring.entries.get(usize::try_from(place).ok()?)?;
        Some(Entry { number, stamp: *stamp, exchange: exchange.clone() })
    }

    /// Every exchange, oldest first.
    #[must_use]
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let (generation, end) = self.end();
        let (mut all, mut last) = (Vec::new(), 0);
        // A few at a time: whoever writes waits for the lock.
        while last < end {
            let news = self.after(generation, last, BATCH);
            let wanted = news.entries.into_iter().take_while(|entry| entry.number <= end);
            let before = all.len();
            all.extend(wanted.filter(|_| news.generation == generation));
            match all.last().filter(|_| all.len() > before) {
                Some(entry) => last = entry.number,
                None => break,
            }
        }
        all
    }

    /// The last exchange, where it is still there.
    #[must_use]
    pub(crate) fn last(&self) -> Option<Entry> {
        let ring = self.ring.lock();
        let (stamp, exchange) = ring.entries.back()?;
        let number = ring.gone + ring.entries.len() as u64;
        Some(Entry { number, stamp: *stamp, exchange: exchange.clone() })
    }

    /// How many exchanges were written since the journal was last emptied.
    #[must_use]
    pub(crate) fn count(&self) -> u64 {
        let ring = self.ring.lock();
        ring.gone + ring.entries.len() as u64
    }

    /// What was written after a number of a generation, at most `most`. To one who saw another generation, or numbers
    /// that this one has not reached, everything is new.
    #[must_use]
    pub(crate) fn after(&self, generation: u64, number: u64, most: usize) -> News {
        let ring = self.ring.lock();
        let written = ring.gone + ring.entries.len() as u64;
        let number = if ring.generation == generation && number <= written { number } else { 0 };
        let known = number.saturating_sub(ring.gone);
        let known = usize::try_from(known).unwrap_or(usize::MAX).min(ring.entries.len());
        let first = ring.gone + known as u64;
        let entries = ring.entries.iter().skip(known).take(most).zip(first + 1..);
        let entries = entries
            .map(|((stamp, exchange), number)| Entry { number, stamp: *stamp, exchange: exchange.clone() })
            .collect();
        News { generation: ring.generation, lost: ring.gone.saturating_sub(number), entries }
    }

    /// The generation and the number of the last exchange: where a subscriber to what comes starts.
    #[must_use]
    pub(crate) fn end(&self) -> (u64, u64) {
        let ring = self.ring.lock();
        (ring.generation, ring.gone + ring.entries.len() as u64)
    }

    /// Those who follow it.
    pub(crate) fn followers(&self) -> &Arc<Followers> {
        &self.followers
    }

    /// Done when something is written or forgotten after the future was made.
    pub(crate) fn written(&self) -> Waiting {
        self.followers.wait()
    }

    pub(super) fn oldest(&self) -> Option<u64> {
        Some(self.oldest.load(Ordering::Relaxed)).filter(|stamp| *stamp != u64::MAX)
    }

    pub(super) fn drop_oldest(&self) {
        let mut ring = self.ring.lock();
        let gone = self.pop(&mut ring);
        self.mark(&ring);
        drop(ring);
        drop(gone);
    }

    fn pop(&self, ring: &mut Ring) -> Option<Arc<Exchange>> {
        let (_, exchange) = ring.entries.pop_front()?;
        ring.gone += 1;
        ring.bytes -= exchange.weight();
        self.pool.gave(1, exchange.weight());
        self.pool.drop_counted();
        Some(exchange)
    }

    fn mark(&self, ring: &Ring) {
        self.oldest.store(ring.entries.front().map_or(u64::MAX, |(stamp, _)| *stamp), Ordering::Relaxed);
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        let ring = self.ring.get_mut();
        self.pool.gave(ring.entries.len(), ring.bytes);
    }
}

#[cfg(test)]
pub(crate) mod tests;
