//! One provider's state: an immutable value behind one cell.
//!
//! Reading takes the value and then works without a lock. Writing runs on a clone that takes its place
//! only when it succeeded: a refused or crashed request changes nothing, by construction.
//! Fork, snapshot, restore and reset are assignments of the value.
//!
//! Writers take turns. One that may be long waits until those that are short are done, and keeps others out: who must not
//! wait asks for a short turn first, and is told at once that there is none.

use std::fmt;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::discard::Discarded;
use super::weight::{self, Account, Full};

/// The one place where a provider's current state stands.
pub(crate) struct StateCell<S> {
    states: RwLock<States<S>>,
    writing: Mutex<()>,
    /// Shared by those whose writes are short, and held alone by one that may be long.
    turns: RwLock<()>,
    /// Who is charged for what is written; nobody where absent.
    account: Option<Arc<Account>>,
}

/// The present state, and the one before the last write.
struct States<S> {
    now: Arc<S>,
    before: Arc<S>,
    /// What the present state's written records weigh.
    weight: u64,
    /// What the records weigh that only the state before the last write has: it is kept for stale reads, and does not
    /// count.
    removed: u64,
    /// How often another state was put in place, over whatever was written.
    puts: u64,
}

/// What became of a write.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Written<T> {
    /// It is in place.
    Done(T),
    /// There is no room for it: the state is as before, and this is what it would have given.
    Refused(Full, T),
}

impl<S> StateCell<S> {
    /// A cell that starts at `state`.
    #[must_use]
    pub(crate) fn new(state: Arc<S>) -> Self {
        let states = States { before: state.clone(), now: state, weight: 0, removed: 0, puts: 0 };
        Self { states: RwLock::new(states), writing: Mutex::new(()), turns: RwLock::new(()), account: None }
    }

    /// A cell that starts at `state`, and whose writes are charged to an account.
    #[must_use]
    pub(crate) fn charging(state: Arc<S>, account: Arc<Account>) -> Self {
        Self { account: Some(account), ..Self::new(state) }
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

    /// The current state, and what its written records weigh.
    #[must_use]
    pub(crate) fn weighed(&self) -> (Arc<S>, u64) {
        let states = self.states.read();
        (states.now.clone(), states.weight)
    }

    /// What the present state's written records weigh.
    #[must_use]
    pub(crate) fn weight(&self) -> u64 {
        self.states.read().weight
    }

    /// A turn for a request whose writes are short; nothing where they would wait for one that may be long.
    #[must_use]
    pub(crate) fn short_turn(&self) -> Option<ShortTurn<'_>> {
        self.turns.try_read().map(ShortTurn)
    }

    /// A turn for writes that may be long, once those are done that are short. It keeps all others out.
    #[must_use]
    pub(crate) fn long_turn(&self) -> LongTurn<'_> {
        LongTurn(self.turns.write())
    }

    /// Puts another state in place, and waits for no write: one that is under way counts as done before, and what it wrote
    /// is replaced with the rest. Its written records weigh so much. What it replaces may be large.
    pub(crate) fn set(&self, state: Arc<S>, weight: u64) -> Discarded
    where
        S: Send + Sync + 'static,
    {
        let next = States { before: state.clone(), now: state.clone(), weight, removed: 0, puts: 0 };
        let mut states = self.states.write();
        let puts = states.puts + 1;
        let States { now, before, .. } = std::mem::replace(&mut *states, States { puts, ..next });
        drop(states);
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
    pub(crate) fn write<T, E>(&self, change: impl FnOnce(&mut S) -> Result<T, E>) -> Result<Written<T>, E> {
        let turn = self.writing.lock();
        let states = self.states.read();
        let (mut next, puts) = (S::clone(&states.now), states.puts);
        drop(states);
        let (outcome, tally) = match &self.account {
            Some(account) => weight::charged(account, || change(&mut next)),
            None => (change(&mut next), weight::Tally::default()),
        };
        let outcome = outcome?;
        if let Some(account) = &self.account {
            let leaving = self.states.read().removed.saturating_add(tally.removed);
            // A write that adds nothing is always taken: it may be the one that makes room.
            let room = || if tally.added > tally.removed { account.check(leaving) } else { Ok(()) };
            if let Err(full) = account.check_write(tally).and_then(|()| room()) {
                return Ok(Written::Refused(full, outcome));
            }
        }
        let next = Arc::new(next);
        let mut states = self.states.write();
        if states.puts != puts {
            // Another state was put in place meanwhile, over this write as over those before it.
            drop(states);
            return Ok(Written::Done(outcome));
        }
        states.weight = (states.weight + tally.added).saturating_sub(tally.removed);
        states.removed = tally.removed;
        let before = std::mem::replace(&mut states.now, next);
        let gone = std::mem::replace(&mut states.before, before);
        drop(states);
        drop(turn);
        // Behind the locks. It shares all but what the write before this one changed.
        drop(gone);
        Ok(Written::Done(outcome))
    }
}

/// A turn of a request whose writes are short. It shares it with others.
#[derive(Debug)]
pub struct ShortTurn<'c>(#[expect(dead_code, reason = "it is held")] RwLockReadGuard<'c, ()>);

/// A turn of a request whose writes may be long.
#[derive(Debug)]
pub(crate) struct LongTurn<'c>(#[expect(dead_code, reason = "it is held")] RwLockWriteGuard<'c, ()>);

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
        let outcome: Result<Written<()>, &str> = cell.write(|rows: &mut Vec<i32>| {
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
            let _: Result<Written<()>, ()> = cell.write(|rows: &mut Vec<i32>| {
                rows.push(2);
                panic!("crashed on purpose")
            });
        }));
        assert!(crash.is_err());
        let outcome: Result<Written<()>, ()> = cell.write(|rows: &mut Vec<i32>| {
            rows.push(3);
            Ok(())
        });
        assert_eq!(outcome, Ok(Written::Done(())));
        assert_eq!(*cell.read(), [1, 3]);
    }

    #[test]
    fn who_must_not_wait_is_told_so_and_short_turns_are_shared() {
        let cell = StateCell::new(Arc::new(1));
        let (one, other) = (cell.short_turn(), cell.short_turn());
        assert!(one.is_some() && other.is_some(), "short turns are shared");
        drop((one, other));
        let long = cell.long_turn();
        assert!(cell.short_turn().is_none());
        drop(long);
        assert!(cell.short_turn().is_some());
    }

    #[test]
    fn a_state_is_put_in_place_while_a_write_is_under_way_and_over_it() {
        let cell = StateCell::new(Arc::new(1));
        let outcome: Result<Written<()>, ()> = cell.write(|number: &mut i32| {
            *number += 1;
            drop(cell.set(Arc::new(7), 0));
            Ok(())
        });
        assert_eq!(outcome, Ok(Written::Done(())));
        assert_eq!((*cell.read(), *cell.before()), (7, 7));
        let _: Result<Written<()>, ()> = cell.write(|number: &mut i32| {
            *number += 1;
            Ok(())
        });
        assert_eq!((*cell.read(), *cell.before()), (8, 7), "the next write is of what was put in place");
        let present = cell.read();
        let _: Result<Written<()>, ()> = cell.write(|number: &mut i32| {
            *number += 1;
            drop(cell.set(present.clone(), 0));
            Ok(())
        });
        assert_eq!(*cell.read(), 8, "also where it is the state that the write began with");
    }

    #[test]
    fn a_reader_keeps_the_moment_it_took() {
        let cell = StateCell::new(Arc::new(vec![1]));
        let before = cell.read();
        drop(cell.set(Arc::new(vec![9]), 0));
        assert_eq!((before[0], cell.read()[0]), (1, 9));
    }

    #[test]
    fn the_state_before_the_last_write_is_kept() {
        let cell = StateCell::new(Arc::new(1));
        let _: Result<Written<()>, ()> = cell.write(|number: &mut i32| {
            *number += 1;
            Ok(())
        });
        assert_eq!(cell.before(), Arc::new(1));
        assert_eq!(*cell.read(), 2);
    }
}
