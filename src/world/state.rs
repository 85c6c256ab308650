//! One provider's state: an immutable value behind one cell.
//!
//! Reading takes the root and then works without a lock. Writing runs on a clone that becomes the
//! root only when it succeeded: a refused or crashed request changes nothing, by construction.
//! Fork, snapshot, restore and reset are assignments of the root.

use std::any::Any;
use std::fmt;
use std::sync::Arc;

use parking_lot::{Mutex, RwLock};

/// A provider's state with its type erased. Cloning it is a fork.
pub(crate) type Root = Arc<dyn Any + Send + Sync>;

/// The one place where a provider's current state stands.
pub struct StateCell {
    roots: RwLock<Roots>,
    writing: Mutex<()>,
}

/// The present state, and the one before the last write.
struct Roots {
    now: Root,
    before: Root,
}

impl StateCell {
    /// A cell that starts at `root`.
    #[must_use]
    pub fn new(root: Root) -> Self {
        let roots = Roots { before: root.clone(), now: root };
        Self { roots: RwLock::new(roots), writing: Mutex::new(()) }
    }

    /// The current state, whatever its type.
    #[must_use]
    pub fn root(&self) -> Root {
        self.roots.read().now.clone()
    }

    /// The state before the last write, whatever its type; the present one if there was no write.
    #[must_use]
    pub fn root_before(&self) -> Root {
        self.roots.read().before.clone()
    }

    /// Puts another state in place, after any write under way.
    pub fn set(&self, root: Root) {
        let _turn = self.writing.lock();
        *self.roots.write() = Roots { before: root.clone(), now: root };
    }

    /// The current state as an `S`.
    ///
    /// # Panics
    ///
    /// If the cell holds another type: the registry pairs each provider with its own cell.
    #[must_use]
    pub fn read<S: Send + Sync + 'static>(&self) -> Arc<S> {
        downcast(self.root())
    }

    /// Runs `change` on a clone of the state and puts the clone in place if it succeeded.
    ///
    /// Writers take turns; readers are never blocked while `change` runs.
    ///
    /// # Errors
    ///
    /// What `change` returns; the state is then as before.
    ///
    /// # Panics
    ///
    /// If the cell holds another type than `S`.
    pub fn write<S, T, E>(&self, change: impl FnOnce(&mut S) -> Result<T, E>) -> Result<T, E>
    where
        S: Clone + Send + Sync + 'static,
    {
        let _turn = self.writing.lock();
        let mut next = S::clone(&self.read::<S>());
        let outcome = change(&mut next)?;
        let mut roots = self.roots.write();
        roots.before = std::mem::replace(&mut roots.now, Arc::new(next));
        Ok(outcome)
    }
}

impl fmt::Debug for StateCell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StateCell").finish_non_exhaustive()
    }
}

#[expect(clippy::panic, reason = "a wrong pairing is a defect of the registry that no request can cause")]
fn downcast<S: Send + Sync + 'static>(root: Root) -> Arc<S> {
    match root.downcast::<S>() {
        Ok(state) => state,
        Err(_) => panic!("the cell does not hold a {}", std::any::type_name::<S>()),
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
        assert_eq!(*cell.read::<Vec<i32>>(), [1]);
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
        assert_eq!(*cell.read::<Vec<i32>>(), [1, 3]);
    }

    #[test]
    fn a_reader_keeps_the_moment_it_took() {
        let cell = StateCell::new(Arc::new(vec![1]));
        let before = cell.read::<Vec<i32>>();
        cell.set(Arc::new(vec![9]));
        assert_eq!((before[0], cell.read::<Vec<i32>>()[0]), (1, 9));
    }

    #[test]
    fn the_state_before_the_last_write_is_kept() {
        let cell = StateCell::new(Arc::new(1));
        let _: Result<(), ()> = cell.write(|number: &mut i32| {
            *number += 1;
            Ok(())
        });
        assert_eq!(downcast::<i32>(cell.root_before()), Arc::new(1));
        assert_eq!(*cell.read::<i32>(), 2);
    }
}
