//! Where the sandbox of an account comes from.

use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::sync::{OnceLock, Weak};

use imbl::Vector;

/// Where a sandbox comes from, and who comes from it.
#[derive(Default)]
pub(super) struct Origins<A> {
    /// The sandboxes that it is a fork of, or a fork of a fork of.
    pub(super) of: OnceLock<Vector<Weak<A>>>,
    /// How many of those that are there are its forks, or forks of them.
    pub(super) forks: AtomicUsize,
    /// Whether its sandbox is gone.
    pub(super) is_gone: AtomicBool,
}
