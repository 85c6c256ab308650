//! Putting a state in a slot, with all that is known of where it came from.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::sourced::Sourced;
use super::{Slot, TypedSlot};
use crate::provider::vendor::Provider;
use crate::world::discard::Discarded;
use crate::world::history::Turn;
use crate::world::state::{Kept, Origin, Pin};
use crate::world::weight::Charge;

impl<P: Provider> TypedSlot<P> {
    /// The present state, where it came from, and what keeps it.
    pub(super) fn kept(&self) -> (Sourced<P::State>, Pin) {
        let turn = self.putting.lock();
        let Kept { state, weight, pin } = self.state.keep();
        let size = self.size.load(Ordering::Relaxed);
        (Sourced { state, embedded: self.is_embedded(), loaded: turn.clone(), weight, size }, pin)
    }

    pub(super) fn put(&self, sourced: Sourced<P::State>, pin: Option<&Pin>, turn: &mut Turn<'_>) -> Discarded {
        let mut putting = self.putting.lock();
        let from = self.leave(&mut putting, sourced.embedded);
        let (weight, next) = (sourced.weight, sourced.origin());
        let replaced = self.state.set(sourced.state, weight, pin, from, turn);
        self.arrive(&mut putting, next);
        replaced
    }

    /// Where the present state came from, which is about to be replaced by one that began as the embedded fixture or not.
    pub(super) fn leave(&self, putting: &mut Option<Arc<Charge>>, embedded: bool) -> Origin {
        let was_embedded = match embedded {
            true => self.is_embedded(),
            false => self.embedded.swap(false, Ordering::AcqRel),
        };
        Origin { embedded: was_embedded, loaded: putting.take(), size: self.size.load(Ordering::Relaxed) }
    }

    pub(super) fn arrive(&self, putting: &mut Option<Arc<Charge>>, from: Origin) {
        *putting = from.loaded;
        self.size.store(from.size, Ordering::Relaxed);
        self.embedded.store(from.embedded, Ordering::Release);
    }
}
