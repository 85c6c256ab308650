//! When work that somebody asked for is to end before it is done: at its deadline, or once nobody waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::world::clock::Stopwatch;

/// Whether work is to go on. A clone speaks of the same work.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cancel(Option<Arc<Shared>>);

#[derive(Debug)]
struct Shared {
    started: Stopwatch,
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

impl Cancel {
    /// Work that goes on until it is done.
    pub(crate) fn never() -> Self {
        Self::default()
    }

    /// Work that may take so long from now on.
    pub(crate) fn after(deadline: Duration) -> Self {
        Self(Some(Arc::new(Shared { started: Stopwatch::start(), deadline, is_unwanted: AtomicBool::new(false) })))
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
            Some(shared) if shared.started.elapsed() >= shared.deadline => Err(Cancelled::Late(shared.deadline)),
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
    }
}
