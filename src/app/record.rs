//! The exchanges that are to be written to the record, until whoever writes them takes them.
//!
//! Whoever answers a request never waits for a file: what finds no place is counted, and told where it is missing. While
//! nobody records, a request pays for one look at a flag.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

use crate::app::Sandbox;
use crate::world::journal::Exchange;

/// How many exchanges may wait, and how many bytes they have together.
pub(crate) const MOST_WAITING: usize = 8_192;
pub(crate) const MOST_WAITING_BYTES: usize = 64 << 20;

/// How many bytes a record has at most, where nothing is said.
pub(crate) const RECORD_BYTES: u64 = 256 << 20;

/// An exchange that is to be written.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) sandbox: Arc<Sandbox>,
    /// Its number in the sandbox.
    pub(crate) number: u64,
    pub(crate) exchange: Arc<Exchange>,
}

/// What waits for the record. A clone is the same.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    is_on: AtomicBool,
    waiting: Mutex<Waiting>,
    filled: Condvar,
    written: AtomicU64,
    bytes: AtomicU64,
    lost: AtomicU64,
}

#[derive(Debug, Default)]
struct Waiting {
    all: VecDeque<Recorded>,
    bytes: usize,
    /// How many found no place behind `all`.
    lost: u64,
    /// Whether nothing is written any more.
    is_closed: bool,
    /// Whether what waits is the last.
    ends: bool,
}

/// What was taken to be written.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) all: VecDeque<Recorded>,
    /// How many are missing behind them.
    pub(crate) lost: u64,
    /// Whether nothing comes behind them.
    pub(crate) is_last: bool,
}

impl Record {
    /// Whether exchanges are recorded.
    pub(crate) fn is_on(&self) -> bool {
        self.0.is_on.load(Ordering::Acquire)
    }

    /// Records from here on.
    pub(crate) fn turn_on(&self) {
        self.0.is_on.store(true, Ordering::Release);
    }

    /// Takes an exchange, or counts it as lost.
    pub(crate) fn put(&self, recorded: Recorded) {
        let weight = recorded.exchange.weight();
        let mut waiting = self.0.waiting.lock();
        let is_full = waiting.all.len() >= MOST_WAITING || waiting.bytes + weight > MOST_WAITING_BYTES;
        // Once one was lost, so are all behind it: the notice stands where they are missing.
        if waiting.is_closed || waiting.lost > 0 || is_full {
            self.0.lost.fetch_add(1, Ordering::Relaxed);
            if waiting.is_closed {
                return;
            }
            waiting.lost += 1;
        } else {
            waiting.bytes += weight;
            waiting.all.push_back(recorded);
        }
        drop(waiting);
        self.0.filled.notify_one();
    }

    /// Waits for something to write, for at most so long where a time is given.
    pub(crate) fn take(&self, patience: Option<Duration>) -> Batch {
        let mut waiting = self.0.waiting.lock();
        while waiting.all.is_empty() && waiting.lost == 0 && !waiting.ends {
            match patience {
                None => self.0.filled.wait(&mut waiting),
                Some(patience) => {
                    if self.0.filled.wait_for(&mut waiting, patience).timed_out() {
                        break;
                    }
                }
            }
        }
        waiting.bytes = 0;
        let (all, lost) = (std::mem::take(&mut waiting.all), std::mem::take(&mut waiting.lost));
        Batch { all, lost, is_last: waiting.ends }
    }

    /// Has what waits written as the last.
    pub(crate) fn end(&self) {
        self.0.waiting.lock().ends = true;
        self.0.filled.notify_one();
    }

    /// Writes nothing any more: what comes from here on is lost.
    pub(crate) fn close(&self) {
        let mut waiting = self.0.waiting.lock();
        waiting.is_closed = true;
        let dropped = std::mem::take(&mut waiting.all);
        self.0.lost.fetch_add(dropped.len() as u64, Ordering::Relaxed);
        drop(waiting);
    }

    /// Counts what was taken and not written.
    pub(crate) fn count_lost(&self, lost: u64) {
        self.0.lost.fetch_add(lost, Ordering::Relaxed);
    }

    /// Counts an exchange that was written.
    pub(crate) fn count_written(&self) {
        self.0.written.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts bytes that were written, of whatever line.
    pub(crate) fn count_bytes(&self, bytes: u64) {
        self.0.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// How many exchanges were written, how many bytes, and how many exchanges were lost.
    pub(crate) fn counts(&self) -> (u64, u64, u64) {
        let Shared { written, bytes, lost, .. } = &*self.0;
        (written.load(Ordering::Relaxed), bytes.load(Ordering::Relaxed), lost.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::sandbox::Start;
    use crate::world::clock::Clock;
    use crate::world::discard::Discards;
    use crate::world::ids::Seed;
    use crate::world::journal::tests::exchange;
    use crate::world::journal::{JournalBounds, Journals};
    use crate::world::sandbox::SandboxName;

    /// An exchange of some bytes, by its number.
    fn recorded(number: u64, body: usize) -> Recorded {
        let journals = Journals::new(JournalBounds::default());
        let (slots, discards) = (Vec::new(), Discards::default());
        let start = Start { clock: Clock::Real, seed: Seed(1), slots, journals, discards };
        let sandbox = Arc::new(Sandbox::new(SandboxName::default_name(), start, None));
        Recorded { sandbox, number, exchange: Arc::new(exchange(body, body)) }
    }

    fn numbers(batch: &Batch) -> Vec<u64> {
        batch.all.iter().map(|one| one.number).collect()
    }

    #[test]
    fn what_finds_no_place_is_counted_where_it_is_missing() {
        let record = Record::default();
        let half = MOST_WAITING_BYTES / 4;
        // Each has its body twice, as a request and as an answer.
        [(1, half), (2, half), (3, 0)].into_iter().for_each(|(number, body)| record.put(recorded(number, body)));
        let batch = record.take(None);
        assert_eq!((numbers(&batch), batch.lost, batch.is_last), (vec![1], 2, false), "one that would fit is behind");
        record.put(recorded(4, 0));
        assert_eq!((numbers(&record.take(None)), record.counts()), (vec![4], (0, 0, 2)));
        let one = recorded(5, 0);
        (0..=MOST_WAITING).for_each(|_| record.put(one.clone()));
        let batch = record.take(None);
        assert_eq!((batch.all.len(), batch.lost), (MOST_WAITING, 1));
        record.end();
        assert!(record.take(None).is_last);
        record.close();
        record.put(one);
        assert_eq!((record.take(None).lost, record.counts().2), (0, 4), "what is closed wakes nobody");
    }
}
