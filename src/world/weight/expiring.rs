//! What is held for a time: when it ends, and who lets go of it then.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Weak};
use std::time::Duration;

use parking_lot::Mutex;

use super::Reclaim;
use crate::world::clock::Stopwatch;

/// A time, and a number that no other has.
type Due = (Duration, u64);

/// The last number, and who is asked when.
type Noted = (u64, BTreeMap<Due, Weak<dyn Reclaim>>);

/// Who lets go of something, by when that is due.
pub(super) struct Expiring {
    clock: Stopwatch,
    due: Mutex<Noted>,
}

impl Expiring {
    /// Has `who` asked to let go of what has expired after a time, or whenever somebody looks later.
    pub(super) fn note(self: &Arc<Self>, after: Duration, who: Weak<dyn Reclaim>) -> Expiry {
        let mut due = self.due.lock();
        due.0 += 1;
        let when = (self.clock.elapsed().saturating_add(after), due.0);
        due.1.insert(when, who);
        Expiry { expiring: self.clone(), when }
    }

    /// Asks everybody whose time has come.
    pub(super) fn forget(&self) {
        loop {
            // Whoever is asked takes out what it noted, so none is asked under the lock.
            let next = {
                let mut due = self.due.lock();
                match due.1.first_key_value() {
                    Some((when, _)) if when.0 <= self.clock.elapsed() => due.1.pop_first(),
                    _ => None,
                }
            };
            let Some((_, who)) = next else { return };
            if let Some(who) = who.upgrade() {
                drop(who.reclaim());
            }
        }
    }

    /// In which time the next one is due.
    pub(super) fn next(&self) -> Option<Duration> {
        let due = self.due.lock();
        due.1.first_key_value().map(|((when, _), _)| when.saturating_sub(self.clock.elapsed()))
    }
}

impl Default for Expiring {
    fn default() -> Self {
        Self { clock: Stopwatch::start(), due: Mutex::default() }
    }
}

/// A time that is noted until it is dropped.
pub(crate) struct Expiry {
    expiring: Arc<Expiring>,
    when: Due,
}

impl Drop for Expiry {
    fn drop(&mut self) {
        self.expiring.due.lock().1.remove(&self.when);
    }
}

impl fmt::Debug for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Expiry").field(&self.when).finish()
    }
}
