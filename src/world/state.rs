//! One provider's state: an immutable value behind one cell.
//!
//! Reading takes the value and then works without a lock. Writing runs on a clone that takes its place
//! only when it succeeded: a refused or crashed request changes nothing, by construction.
//! Fork, snapshot, restore and reset are assignments of the value.

use std::fmt;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

use super::discard::Discarded;

/// The one place where a provider's current state stands.
pub(crate) struct StateCell<S> {
    states: RwLock<States<S>>,
    writing: Mutex<()>,
}

/// The present state, and the one before the last write.
struct States<S> {
    now: Arc<S>,
    before: Arc<S>,
}

impl<S> StateCell<S> {
    /// A cell that starts at `state`.
    #[must_use]
    pub(crate) fn new(state: Arc<S>) -> Self {
        let states = States { before: state.clone(), now: state };
        Self { states: RwLock::new(states), writing: Mutex::new(()) }
    }

    /// The current state.
    #[must_use]
    pub(crate) fn read(&self) -> Arc<S> {
        self.states.read().now.clone()
    }

    /// The state before the last write; the present one if there was no write.
    #[must_use]
    pub(crate) fn before(&self) -> Arc<S> {
        self.states.read().before.clone()
    }

    /// Puts another state in place, after any write under way. What it replaces may be large.
    pub(crate) fn set(&self, state: Arc<S>) -> Discarded
    where
        S: Send + Sync + 'static,
    {
        let next = States { before: state.clone(), now: state.clone() };
        let turn = self.writing.lock();
        let States { now, before } = std::mem::replace(&mut *self.states.write(), next);
        drop(turn);
        // What stands in the cell as well is not let go of, and nothing is twice.
        let is_gone = |old: &Arc<S>| !Arc::ptr_eq(old, &state);
        let before = Some(before).filter(|before| is_gone(before) && !Arc::ptr_eq(before, &now));
        Some(now).filter(is_gone).into_iter().chain(before).map(Discarded::one).collect()
    }
}

impl<S: Clone> StateCell<S> {
    /// Runs `change` on a clone of the state and puts the clone in place if it succeeded.
    ///
    /// Writers take turns; readers are never blocked while `change` runs.
    ///
    /// # Errors
    ///
    /// What `change` returns; the state is then as before.
    pub(crate) fn write<T, E>(&self, change: impl FnOnce(&mut S) -> Result<T, E>) -> Result<T, E> {
        let turn = self.writing.lock();
        let mut next = S::clone(&self.read());
        let outcome = change(&mut next)?;
        let next = Arc::new(next);
        let mut states = self.states.write();
        let before = std::mem::replace(&mut states.now, next);
        let gone = std::mem::replace(&mut states.before, before);
        drop(states);
        drop(turn);
        // Behind the locks. It shares all but what the write before this one changed.
        drop(gone);
        Ok(outcome)
    }
}

impl<S> fmt::Debug for StateCell<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateCell").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_write_changes_nothing() {
        let cell = StateCell::new(Arc::new(vec![1]));
        let outcome: Result<(), &str> = cell.write(|rows: &mut Vec<i32>| {
            rows.push(2);
            Err("refused")
        });
        assert_eq!(outcome, Err("refused"));
        assert_eq!(*cell.read(), [1]);
    }

    #[test]
    fn a_crashed_write_changes_nothing_and_blocks_nobody() {
        let cell = StateCell::new(Arc::new(vec![1]));
        let crash = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let _: Result<(), ()> = cell.write(|rows: &mut Vec<i32>| {
                rows.push(2);
                panic!("crashed on purpose")
            });
        }));
        assert!(crash.is_err());
        let outcome: Result<(), ()> = cell.write(|rows: &mut Vec<i32>| {
            rows.push(3);
            Ok(())
        });
        assert_eq!(outcome, Ok(()));
        assert_eq!(*cell.read(), [1, 3]);
    }

    #[test]
    fn a_reader_keeps_the_moment_it_took() {
        let cell = StateCell::new(Arc::new(vec![1]));
        let before = cell.read();
        drop(cell.set(Arc::new(vec![9])));
        assert_eq!((before[0], cell.read()[0]), (1, 9));
    }

    #[test]
    fn the_state_before_the_last_write_is_kept() {
        let cell = StateCell::new(Arc::new(1));
        let _: Result<(), ()> = cell.write(|number: &mut i32| {
            *number += 1;
            Ok(())
        });
        assert_eq!(cell.before(), Arc::new(1));
        assert_eq!(*cell.read(), 2);
    }
}
