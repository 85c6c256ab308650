//! A sandbox in the registry, and a request that uses it.
//!
//! A name that was never used gets a fork of the start, which the registry does not have yet. All requests of that name
//! that are under way at one time share it, so that two first requests meet one world. The first of them that asks for
//! it puts it into the registry as its answer leaves ([`Found::keep`]); if none does, it goes with the last of them.

use std::cell::Cell;
use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::created::Created;
use super::registry::Home;
use super::{Full, Sandbox};
use crate::world::clock::Stopwatch;
use crate::world::discard::Discarded;

/// A request that took so long tells the registry when it ends; a shorter one only notes the time.
const LONG: u64 = 1_000_000_000;

/// Where an entry stands. It changes under the registry's lock alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Standing {
    /// It is no business of the registry's: `default`, or a fork that nobody else shall meet.
    Apart,
    /// A fork that requests of its name share as long as one of them is under way.
    Fork,
    /// It is in the registry, among those that were never written.
    Plain,
    /// It is in the registry, among those that were written.
    Written,
    /// It was in the registry, or another took its place.
    Gone,
    /// There was no room for it.
    Refused,
}

impl Standing {
    const ALL: [Self; 6] = [Self::Apart, Self::Fork, Self::Plain, Self::Written, Self::Gone, Self::Refused];
}

/// A sandbox, and how it is used. Times are nanoseconds of the registry's stopwatch.
pub(super) struct Entry {
    pub(super) sandbox: Arc<Sandbox>,
    home: Weak<Home>,
    clock: Stopwatch,
    standing: AtomicU8,
    under_way: AtomicUsize,
    last_used: AtomicU64,
    /// Whether a request asked for it to stay.
    is_to_stay: AtomicBool,
    /// How the sandbox of this name that was there before was lost.
    pub(super) lost: Option<Created>,
}

impl Entry {
    pub(super) fn new(
        sandbox: Arc<Sandbox>,
        home: Weak<Home>,
        clock: Stopwatch,
        standing: Standing,
        lost: Option<Created>,
    ) -> Arc<Self> {
        let last_used = AtomicU64::new(nanoseconds(clock.elapsed()));
        let (standing, under_way) = (AtomicU8::new(standing as u8), AtomicUsize::new(0));
        let is_to_stay = AtomicBool::new(false);
        Arc::new(Self { sandbox, home, clock, standing, under_way, last_used, is_to_stay, lost })
    }

    pub(super) fn standing(&self) -> Standing {
        let number = usize::from(self.standing.load(Ordering::Acquire));
        Standing::ALL.get(number).copied().unwrap_or(Standing::Gone)
    }

    pub(super) fn stand(&self, standing: Standing) {
        self.standing.store(standing as u8, Ordering::Release);
    }

    /// Whether a request is under way in it.
    pub(super) fn is_used(&self) -> bool {
        self.under_way.load(Ordering::Acquire) > 0
    }

    /// Whether a request asked for it to stay.
    pub(super) fn is_to_stay(&self) -> bool {
        self.is_to_stay.load(Ordering::Acquire)
    }

    /// How long nobody used it: nothing as long as somebody does.
    pub(super) fn idle(&self, now: u64) -> u64 {
        if self.is_used() { 0 } else { now.saturating_sub(self.last_used.load(Ordering::Acquire)) }
    }

    /// What an answer says of how it was made, as long as nobody wrote to it.
    fn told(&self) -> Option<Created> {
        self.lost.filter(|_| !self.sandbox.is_written())
    }

    fn now(&self) -> u64 {
        nanoseconds(self.clock.elapsed())
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("sandbox", self.sandbox.name()).field("standing", &self.standing()).finish()
    }
}

/// A time as the registry counts it.
pub(super) fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// The sandbox that a request names. As long as this is there, a request is under way in it: it neither expires nor
/// makes room for others.
#[derive(Debug)]
pub(crate) struct Found {
    entry: Arc<Entry>,
    begun: u64,
    created: Cell<Option<Created>>,
    /// Whether it is to stay if it was written, whatever becomes of the request.
    stays: Cell<bool>,
}

impl Found {
    /// A request that starts in a sandbox now. The registry's lock is held, unless the entry stands apart.
    pub(super) fn start(entry: &Arc<Entry>, now: u64) -> Self {
        if entry.standing() != Standing::Apart {
            entry.under_way.fetch_add(1, Ordering::AcqRel);
        }
        let (created, stays) = (Cell::new(entry.told()), Cell::new(false));
        Self { entry: entry.clone(), begun: now, created, stays }
    }

    /// The sandbox.
    #[must_use]
    pub(crate) fn sandbox(&self) -> &Arc<Sandbox> {
        &self.entry.sandbox
    }

    /// Why it was just made, as its answer says it.
    #[must_use]
    pub(crate) fn created(&self) -> Option<Created> {
        self.created.get()
    }

    /// How the sandbox that is named was lost, where there is none in its place.
    #[must_use]
    pub(crate) fn lost(&self) -> Option<Created> {
        self.entry.lost.filter(|_| self.entry.standing() == Standing::Fork)
    }

    /// Whether the sandbox that is named was there before the request.
    #[must_use]
    pub(crate) fn is_there(&self) -> bool {
        matches!(self.entry.standing(), Standing::Apart | Standing::Plain | Standing::Written)
    }

    /// Asks for the sandbox to stay, before anything is done in it.
    ///
    /// # Errors
    ///
    /// There is no room for it.
    pub(crate) fn ask_to_stay(&self) -> Result<(), Full> {
        self.stays.set(true);
        if self.entry.standing() != Standing::Fork {
            return Ok(());
        }
        self.entry.is_to_stay.store(true, Ordering::Release);
        let Some(home) = self.entry.home.upgrade() else { return Ok(()) };
        home.change(|lists, replaced| lists.check_room(home.now(), replaced))
    }

    /// Puts the sandbox into the registry, if it is not there, as the answer leaves.
    ///
    /// # Errors
    ///
    /// There is no room for it: it goes, with all that was written to it.
    pub(crate) fn keep(&self) -> Result<(), Full> {
        let created = match self.entry.standing() {
            Standing::Fork | Standing::Refused => self.keep_fork()?,
            _ => None,
        };
        if created.is_some() {
            self.created.set(created);
        }
        Ok(())
    }

    fn keep_fork(&self) -> Result<Option<Created>, Full> {
        let Some(home) = self.entry.home.upgrade() else { return Ok(None) };
        home.change(|lists, replaced| lists.keep(&self.entry, home.now(), replaced))
    }
}

impl Drop for Found {
    fn drop(&mut self) {
        let entry = &self.entry;
        let standing = entry.standing();
        if standing == Standing::Apart {
            return;
        }
        let now = entry.now();
        entry.last_used.store(now, Ordering::Release);
        let is_listed_right = match standing {
            Standing::Plain => !entry.sandbox.is_written(),
            Standing::Written => true,
            _ => false,
        };
        if is_listed_right && now.saturating_sub(self.begun) < LONG {
            entry.under_way.fetch_sub(1, Ordering::AcqRel);
            return;
        }
        let Some(home) = entry.home.upgrade() else {
            entry.under_way.fetch_sub(1, Ordering::AcqRel);
            return;
        };
        let is_lost = self.stays.get() && entry.sandbox.is_written() && self.keep().is_err();
        if is_lost && standing == Standing::Fork {
            tracing::warn!(sandbox = %entry.sandbox.name(), "what was written is lost: there is no room for the sandbox");
        }
        home.change(|lists, replaced| {
            entry.under_way.fetch_sub(1, Ordering::AcqRel);
            match entry.standing() {
                Standing::Fork if !entry.is_used() => lists.drop_fork(entry),
                Standing::Plain | Standing::Written => lists.used(entry),
                // Whoever is the last to leave a world that is gone does not wait for its end.
                Standing::Gone | Standing::Refused => replaced.add(Discarded::one(entry.clone())),
                Standing::Fork | Standing::Apart => {}
            }
        });
    }
}
