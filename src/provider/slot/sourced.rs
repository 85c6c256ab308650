//! A state of a slot and where it comes from.

use std::sync::Arc;

use parking_lot::RwLock;

use crate::provider::erased::Typed;
use crate::provider::vendor::Provider;
use crate::world::options::Options;
use crate::world::state::{Origin, Pin};
use crate::world::weight::Charge;

/// A state, and whether it began as the embedded fixture.
pub(super) struct Sourced<S> {
    pub(super) state: Arc<S>,
    pub(super) embedded: bool,
    /// The charge for the text that it was loaded from, where that is no fixture of the server's.
    pub(super) loaded: Option<Arc<Charge>>,
    /// What the records weigh that requests wrote.
    pub(super) weight: u64,
    /// How many bytes the text has that it was loaded from.
    pub(super) size: u64,
}

impl<S> Sourced<S> {
    /// Where it came from.
    pub(super) fn origin(&self) -> Origin {
        Origin { embedded: self.embedded, loaded: self.loaded.clone(), size: self.size }
    }

    /// A state as it was loaded.
    pub(super) fn of(state: S, size: u64, embedded: bool, loaded: Option<Charge>) -> Self {
        Self { state: Arc::new(state), embedded, loaded: loaded.map(Arc::new), weight: 0, size }
    }
}

impl<S> Clone for Sourced<S> {
    fn clone(&self) -> Self {
        Self { loaded: self.loaded.clone(), state: self.state.clone(), ..*self }
    }
}

/// What all slots of a provider on one server share.
pub(super) struct Served<P: Provider> {
    pub(super) provider: Arc<Typed<P>>,
    pub(super) schema: Option<String>,
    /// What the last reload gave.
    pub(super) reloaded: RwLock<Option<Sourced<P::State>>>,
}

/// Where a slot starts.
pub(super) struct Start<S> {
    pub(super) state: Sourced<S>,
    /// What keeps it, where it was a state of the slot before.
    pub(super) pin: Option<Pin>,
    pub(super) options: Arc<Options>,
    /// Whether the state is the slot's own: a reload does not replace it.
    pub(super) is_own: bool,
}

impl<S> Start<S> {
    /// What was reloaded, where a reset would start at that and this is another.
    pub(super) fn newer(&self, reloaded: &RwLock<Option<Sourced<S>>>) -> Option<Sourced<S>> {
        let reloaded = reloaded.read().clone().filter(|_| !self.is_own)?;
        (!Arc::ptr_eq(&reloaded.state, &self.state.state)).then_some(reloaded)
    }
}
