//! Work that no request waits for: exchanges that are to be looked at, and answers whose document is not yet known as a
//! table. It is bounded in number and bytes.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;

use super::fold::Exchange;
use super::ledger::{Ledger, Place};
use super::run::Run;

/// The most work that waits.
pub(crate) const MOST_WAITING: usize = 4_096;

/// The most bytes that it keeps.
pub(crate) const MOST_BYTES: usize = 16 << 20;

/// What tells somebody that work waits.
type Wake = Box<dyn Fn() + Send + Sync>;

/// Work, and how many bytes it keeps while it waits.
struct Job {
    weight: usize,
    work: Box<dyn FnOnce() + Send>,
}

/// A share of the bytes that exchanges may keep whose answers are held back, until it is dropped.
#[derive(Debug)]
pub(crate) struct Share {
    kept: Arc<AtomicUsize>,
    weight: usize,
}

impl Drop for Share {
    fn drop(&mut self) {
        self.kept.fetch_sub(self.weight, Ordering::Relaxed);
    }
}

/// Work that waits.
#[derive(Default)]
pub(super) struct Queue {
    /// The bytes of exchanges whose answers are held back.
    kept: Arc<AtomicUsize>,
    waiting: Mutex<Waiting>,
    /// Held by whoever works.
    working: Mutex<()>,
    wake: OnceLock<Wake>,
}

#[derive(Default)]
struct Waiting {
    jobs: VecDeque<Job>,
    bytes: usize,
    /// How many ever came.
    came: u64,
    /// How many of them were taken out.
    taken: u64,
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue").field("waiting", &self.waiting.lock().jobs.len()).finish_non_exhaustive()
    }
}

impl Waiting {
    fn push(&mut self, job: Job) -> Result<(), Job> {
        let bytes = self.bytes.saturating_add(job.weight);
        if self.jobs.len() >= MOST_WAITING || bytes > MOST_BYTES {
            return Err(job);
        }
        self.bytes = bytes;
        self.came += 1;
        self.jobs.push_back(job);
        Ok(())
    }

    fn pop(&mut self) -> Option<Job> {
        let job = self.jobs.pop_front()?;
        self.bytes = self.bytes.saturating_sub(job.weight);
        self.taken += 1;
        Some(job)
    }
}

impl Run {
    /// Hands an exchange to whoever looks at them. One that there is no room for, or that is too large, is counted as not
    /// looked at.
    pub(crate) fn look_at(&self, exchange: Exchange, place: Place) {
        let ledger = exchange.ledger.clone();
        let weight = exchange.weight();
        let is_taken = exchange.is_bearable() && self.push(weight, move || exchange.fold(&place)).is_ok();
        if !is_taken {
            self.not_looked_at(&ledger);
        }
    }

    /// A share for an exchange that waits until its answer leaves; nothing where there is no room.
    pub(crate) fn keep(&self, weight: usize) -> Option<Share> {
        let kept = self.queue.kept.clone();
        let fits = |bytes: usize| bytes.checked_add(weight).filter(|bytes| *bytes <= MOST_BYTES);
        kept.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fits).ok()?;
        Some(Share { kept, weight })
    }

    /// Counts an exchange that nobody looks at.
    pub(crate) fn not_looked_at(&self, ledger: &Ledger) {
        self.beside.lock().not_looked_at += 1;
        ledger.note(|beside| beside.not_looked_at += 1);
    }

    /// Hands on what must be done whoever does it: here, where there is no room.
    pub(crate) fn do_later(&self, weight: usize, work: impl FnOnce() + Send + 'static) {
        if let Err(job) = self.push(weight, work) {
            (job.work)();
        }
    }

    fn push(&self, weight: usize, work: impl FnOnce() + Send + 'static) -> Result<(), Job> {
        self.queue.waiting.lock().push(Job { weight, work: Box::new(work) })?;
        match self.queue.wake.get() {
            Some(wake) => wake(),
            None => self.work_off(),
        }
        Ok(())
    }

    /// Leaves it to somebody else to call [`Run::work_off`] once he is told.
    pub(crate) fn leave_to(&self, wake: impl Fn() + Send + Sync + 'static) {
        let _ = self.queue.wake.set(Box::new(wake));
    }

    /// Does all that waits by now. Once it is done, none of it is under way.
    pub(crate) fn work_off(&self) {
        let came = self.queue.waiting.lock().came;
        loop {
            let _turn = self.queue.working.lock();
            let next = {
                let mut waiting = self.queue.waiting.lock();
                if waiting.taken >= came { None } else { waiting.pop() }
            };
            match next {
                Some(job) => (job.work)(),
                None => return,
            }
        }
    }
}
