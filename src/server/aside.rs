//! Where work is done that may take long: not on a thread that other requests wait for.

use std::time::Duration;

use crate::world::cancel::{Cancel, Cancelled};

/// Who does work aside.
pub(crate) trait Aside {
    /// Does work that may take so long. It is told by its [`Cancel`] when it is wanted no more: at its deadline, or once
    /// its client is gone. `held` is how many bytes it keeps while it waits.
    async fn run<T: Send + 'static>(
        &self,
        deadline: Duration,
        held: usize,
        work: impl FnOnce(&Cancel) -> T + Send + 'static,
    ) -> Result<T, NotDone>;

    /// Does work that is done whoever waits for it: here, where there is no room for it aside. Nothing where it crashed.
    async fn run_anyway<T: Send + 'static>(&self, held: usize, work: impl FnOnce() -> T + Send + 'static) -> Option<T>;
}

/// Why work was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotDone {
    /// There was no room for it.
    Busy {
        /// How many others are worked on.
        running: usize,
        /// How many others wait.
        waiting: usize,
    },
    /// It was wanted no more.
    Cancelled(Cancelled),
    /// It crashed.
    Crashed,
}

/// The thread that asks does it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Here;

impl Aside for Here {
    async fn run<T: Send + 'static>(
        &self,
        deadline: Duration,
        _: usize,
        work: impl FnOnce(&Cancel) -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        Ok(work(&Cancel::after(deadline)))
    }

    async fn run_anyway<T: Send + 'static>(&self, _: usize, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        Some(work())
    }
}
