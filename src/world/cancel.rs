//! When work that somebody asked for is to end before it is done: at its deadline, or once nobody waits for it.
//!
//! Work that has a [`Cancel`] at hand asks it. What reads and loads is called by code of others (serde, a provider), which
//! carries none along: it takes a [`step`] of the work that its thread does [`within`] one.

use std::cell::{Cell, RefCell};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::world::clock::Stopwatch;

/// Whether work is to go on. A clone speaks of the same work.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cancel(Option<Arc<Shared>>);

#[derive(Debug)]
struct Shared {
    /// Since when it is worked on.
    begun: OnceLock<Stopwatch>,
    deadline: Duration,
    is_unwanted: AtomicBool,
}

/// Why work ends before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cancelled {
    /// It took longer than this.
    Late(Duration),
    /// Whoever asked for it is gone.
    Unwanted,
}

/// How many steps are taken before one asks.
const STEPS: u32 = 1_024;

/// The work that a thread does.
#[derive(Debug)]
struct Scope {
    cancel: Cancel,
    /// Why a step was told to be the last.
    ended: Option<Cancelled>,
}

thread_local! {
    static SCOPE: RefCell<Scope> = const { RefCell::new(Scope { cancel: Cancel(None), ended: None }) };
    /// How many steps are left before one asks.
    static LEFT: Cell<u32> = const { Cell::new(STEPS) };
}

/// Goes back to the work around, also where the work within crashed.
struct Back(Option<Scope>);

impl Drop for Back {
    fn drop(&mut self) {
        if let Some(before) = self.0.take() {
            SCOPE.set(before);
            LEFT.set(0);
        }
    }
}

/// Does work whose steps ask `cancel`. What came of it, and why a step was told to be the last: what came of it is then no
/// whole.
pub(crate) fn within<T>(cancel: &Cancel, work: impl FnOnce() -> T) -> (T, Option<Cancelled>) {
    let _back = Back(Some(SCOPE.replace(Scope { cancel: cancel.clone(), ended: None })));
    LEFT.set(STEPS);
    let outcome = work();
    (outcome, SCOPE.with_borrow(|scope| scope.ended))
}

/// Does work within other work that is done to its end, since others use what comes of it.
pub(crate) fn apart<T>(work: impl FnOnce() -> T) -> T {
    within(&Cancel::never(), work).0
}

/// One step of what may be many. Most of them ask nobody; once one was told to be the last, so is each that follows.
///
/// # Errors
///
/// Why the work of this thread is to end.
pub(crate) fn step() -> Result<(), Cancelled> {
    match LEFT.get().checked_sub(1) {
        Some(left) => {
            LEFT.set(left);
            Ok(())
        }
        None => check(),
    }
}

/// Asks whether the work of this thread may go on.
///
/// # Errors
///
/// Why it may not.
pub(crate) fn check() -> Result<(), Cancelled> {
    let may = SCOPE.with_borrow_mut(|scope| {
        let may = scope.cancel.check();
        scope.ended = scope.ended.or(may.err());
        may
    });
    LEFT.set(if may.is_ok() { STEPS } else { 0 });
    may
}

impl Cancel {
    /// Work that goes on until it is done.
    pub(crate) fn never() -> Self {
        Self::default()
    }

    /// Work that may take so long from now on.
    pub(crate) fn after(deadline: Duration) -> Self {
        let work = Self::once_begun(deadline);
        work.begin();
        work
    }

    /// Work that may take so long from when it begins.
    pub(crate) fn once_begun(deadline: Duration) -> Self {
        Self(Some(Arc::new(Shared { begun: OnceLock::new(), deadline, is_unwanted: AtomicBool::new(false) })))
    }

    /// The work begins, unless it has.
    pub(crate) fn begin(&self) {
        if let Some(shared) = &self.0 {
            shared.begun.get_or_init(Stopwatch::start);
        }
    }

    /// For how long it is worked on; nothing where it has not begun.
    pub(crate) fn worked(&self) -> Option<Duration> {
        self.0.as_ref()?.begun.get().map(|begun| begun.elapsed())
    }

    /// Nobody waits for it any more.
    pub(crate) fn give_up(&self) {
        if let Some(shared) = &self.0 {
            shared.is_unwanted.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the work may go on.
    ///
    /// # Errors
    ///
    /// Why it may not.
    pub(crate) fn check(&self) -> Result<(), Cancelled> {
        match &self.0 {
            Some(shared) if shared.is_unwanted.load(Ordering::Relaxed) => Err(Cancelled::Unwanted),
            Some(shared) if self.worked() >= Some(shared.deadline) => Err(Cancelled::Late(shared.deadline)),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_at_its_deadline_or_when_nobody_waits() {
        let (never, late, long) = (Cancel::never(), Cancel::after(Duration::ZERO), Cancel::after(Duration::MAX));
        never.give_up();
        assert_eq!(never.check(), Ok(()));
        assert_eq!(late.check(), Err(Cancelled::Late(Duration::ZERO)));
        let other = long.clone();
        assert_eq!(long.check(), Ok(()));
        other.give_up();
        assert_eq!(long.check(), Err(Cancelled::Unwanted));
        let waiting = Cancel::once_begun(Duration::ZERO);
        assert_eq!((waiting.check(), waiting.worked()), (Ok(()), None), "who waits for a turn is not late");
        waiting.begin();
        assert_eq!(waiting.check(), Err(Cancelled::Late(Duration::ZERO)));
    }

    #[test]
    fn steps_ask_now_and_then_and_end_together() {
        let late = Cancelled::Late(Duration::ZERO);
        let taken = || (0..3 * STEPS).take_while(|_| step().is_ok()).count();
        let (taken_within, ended) = within(&Cancel::after(Duration::ZERO), || {
            assert_eq!(apart(taken), 3 * STEPS as usize, "what others use is done whole");
            assert_eq!(check(), Err(late));
            assert_eq!((0..9).filter(|_| step().is_ok()).count(), 0, "no step follows the last");
            taken()
        });
        assert_eq!((taken_within, ended), (0, Some(late)));
        assert_eq!(within(&Cancel::after(Duration::ZERO), taken), (STEPS as usize, Some(late)));
        assert_eq!(within(&Cancel::never(), taken), (3 * STEPS as usize, None));
        let crash =
            std::panic::catch_unwind(|| within(&Cancel::after(Duration::ZERO), || panic!("crashed on purpose")));
        assert!(crash.is_err() && taken() == 3 * STEPS as usize, "a crash leaves nothing behind");
    }
}
