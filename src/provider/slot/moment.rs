//! A state of a slot that can be put in place.

use std::sync::Arc;

use parking_lot::Mutex;

use super::sourced::Sourced;
use super::{Moment, Slot, TypedSlot};
use crate::provider::AnyProvider;
use crate::provider::vendor::Provider;
use crate::world::discard::Discarded;
use crate::world::history::Turn;
use crate::world::state::Pin;
use crate::world::wanted::Unwritten;
use crate::world::weight::{Account, Leaving};

/// A state of a slot for the states of `P`.
pub(super) struct TypedMoment<P: Provider> {
    slot: Arc<TypedSlot<P>>,
    state: Sourced<P::State>,
    /// What keeps it, where it was a state of the slot.
    pin: Mutex<Option<Pin>>,
}

impl<P: Provider> TypedMoment<P> {
    pub(super) fn of(slot: Arc<TypedSlot<P>>, state: Sourced<P::State>, pin: Option<Pin>) -> Self {
        Self { slot, state, pin: Mutex::new(pin) }
    }
}

impl<P: Provider> TypedSlot<P> {
    /// A state of it.
    pub(super) fn moment(self: Arc<Self>, state: Sourced<P::State>, pin: Option<Pin>) -> Arc<dyn Moment> {
        Arc::new(TypedMoment::of(self, state, pin))
    }

    /// Two states without what both have; nothing where they are one.
    pub(super) fn apart(
        self: &Arc<Self>,
        [(mut one, pin), (mut other, other_pin)]: [(Sourced<P::State>, Option<Pin>); 2],
    ) -> Option<[Arc<dyn Moment>; 2]> {
        if Arc::ptr_eq(&one.state, &other.state) {
            return None;
        }
        let states = (Arc::make_mut(&mut one.state), Arc::make_mut(&mut other.state));
        self.served.provider.vendor().drop_shared(states.0, states.1);
        Some([self.clone().moment(one, pin), self.clone().moment(other, other_pin)])
    }
}

impl<P: Provider> Moment for TypedMoment<P> {
    fn provider(&self) -> &str {
        &self.slot.served.provider.descriptor().id
    }

    fn restore(&self, turn: &mut Turn<'_>) -> Discarded {
        let pin = self.pin.lock().clone();
        self.slot.put(self.state.clone(), pin.as_ref(), turn)
    }

    fn begin(&self, turn: &mut Turn<'_>) -> Discarded {
        let mut start = self.slot.start.write();
        let mut replaced = Discarded::one(std::mem::replace(&mut start.state, self.state.clone()).state);
        start.is_own = true;
        start.pin = self.pin.lock().clone();
        replaced.add(self.restore(turn));
        replaced
    }

    fn reload(&self) -> Discarded {
        // It is a fixture of the server's now.
        let state = Sourced { loaded: None, ..self.state.clone() };
        let before = self.slot.served.reloaded.write().replace(state);
        before.map_or_else(Discarded::none, |before| Discarded::one(before.state))
    }

    fn fork(&self, account: &Arc<Account>) -> Arc<dyn Slot> {
        let options = self.slot.start.read().options.clone();
        let pin = self.pin.lock().clone();
        TypedSlot::starting(self.slot.served.clone(), (self.state.clone(), pin), options, account.clone(), false)
    }

    fn end(&self) -> Option<Leaving> {
        let pin = self.pin.lock().take()?;
        self.slot.state.end(pin)
    }

    fn is_present(&self) -> bool {
        let present = self.slot.state.read();
        Arc::ptr_eq(&present, &self.state.state) || present == self.state.state
    }

    fn since(&self) -> Box<dyn FnOnce() -> Option<[Arc<dyn Moment>; 2]> + '_> {
        let (present, pin) = self.slot.kept();
        Box::new(|| self.slot.apart([(self.state.clone(), self.pin.lock().clone()), (present, Some(pin))]))
    }

    fn export(&self, schema: Option<&str>, most: usize) -> Result<String, Unwritten> {
        self.slot.served.provider.export(&self.state.state, schema, most)
    }
}
