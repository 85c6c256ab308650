//! Where work is done that may take long: not on a thread that other requests wait for.

use std::time::Duration;

use crate::world::cancel::{Cancel, Cancelled};
use crate::world::sandbox::SandboxName;

/// Who does work aside.
pub(crate) trait Aside {
    /// Does work that may take so long once it begins, and waits no longer for its turn. It is told by its [`Cancel`] when
    /// it is wanted no more: at its deadline, or once its client is gone. `held` is how many bytes it keeps while it waits;
    /// sandboxes take turns.
    async fn run<T: Send + 'static>(
        &self,
        whose: &SandboxName,
        deadline: Duration,
        held: usize,
        work: impl FnOnce(&Cancel) -> T + Send + 'static,
    ) -> Result<T, NotDone>;

    /// Does work that is done whoever waits for it, if there is room for it, however long it waits for its turn.
    async fn run_anyway<T: Send + 'static>(
        &self,
        whose: &SandboxName,
        held: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NotDone>;
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
    /// It waited so long for its turn, and was not begun.
    Waited(Duration),
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
        _: &SandboxName,
        deadline: Duration,
        _: usize,
        work: impl FnOnce(&Cancel) -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        Ok(work(&Cancel::after(deadline)))
    }

    async fn run_anyway<T: Send + 'static>(
        &self,
        _: &SandboxName,
        _: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        Ok(work())
    }
}
