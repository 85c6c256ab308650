//! One provider's part of a sandbox, and the view of it that one request has.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;
use parking_lot::RwLock;

use crate::world::ids::Seed;
use crate::world::limit::Limiter;
use crate::world::options::Options;
use crate::world::state::StateCell;

/// One provider's part of a sandbox.
pub(crate) struct ProviderSlot {
    /// What the provider remembers.
    pub state: StateCell,
    /// How often its callers called.
    pub limiter: Limiter,
    options: RwLock<Arc<Options>>,
}

impl ProviderSlot {
    pub(super) fn new(state: StateCell, options: Arc<Options>) -> Self {
        Self { state, limiter: Limiter::default(), options: RwLock::new(options) }
    }

    /// How the provider is asked to behave.
    #[must_use]
    pub(crate) fn options(&self) -> Arc<Options> {
        self.options.read().clone()
    }

    /// Asks the provider to behave otherwise, from the next request on.
    pub(crate) fn set_options(&self, options: Arc<Options>) {
        *self.options.write() = options;
    }
}

impl fmt::Debug for ProviderSlot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSlot").field("options", &self.options).finish_non_exhaustive()
    }
}

/// What one request sees of a sandbox: one moment, and one provider's slot.
#[derive(Debug)]
pub struct View<'a> {
    /// The sandbox's now, read once.
    pub now: Timestamp,
    /// Where ids come from.
    pub seed: Seed,
    /// How the provider is asked to behave.
    pub options: Arc<Options>,
    /// What the provider remembers.
    pub state: &'a StateCell,
    /// Whether the request has written.
    pub wrote: Cell<bool>,
}
