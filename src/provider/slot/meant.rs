//! An operation that a request means in a slot and its answer, and a state of a slot.

use std::sync::Arc;

use parking_lot::Mutex;

use super::sourced::Sourced;
use super::{Meant, Moment, TypedSlot};
use crate::provider::call::{Call, View};
use crate::provider::erased::AnyProvider;
use crate::provider::response::ERROR;
use crate::provider::vendor::{IntoResponse, Matched, Operation, Provider};
use crate::provider::{Request, Response};
use crate::world::discard::Discarded;
use crate::world::state::{Pin, StateCell};
use crate::world::wanted::Unwritten;
use crate::world::weight::Leaving;

/// An operation that a request means, and the slot that its state stands in.
pub(super) struct TypedMeant<'r, P: Provider> {
    pub(super) matched: Matched<'r, P::State, P::Error>,
    pub(super) slot: &'r TypedSlot<P>,
}

impl<P: Provider> Meant for TypedMeant<'_, P> {
    fn route(&self) -> usize {
        let routes = self.slot.served.provider.vendor().routes();
        routes.iter().position(|route| std::ptr::eq(route, self.matched.route)).unwrap_or(routes.len())
    }

    fn operation(&self) -> &Operation {
        &self.matched.route.operation
    }

    fn answer(&self, request: Request<'_>, view: &View<'_>) -> Response {
        let Matched { route, params } = &self.matched;
        let state = &self.slot.state;
        let before = view.stale.then(|| StateCell::new(state.before()));
        let call = Call::new(request, &route.operation, params, view, before.as_ref().unwrap_or(state));
        let answer = (route.answer)(&call);
        if let Some(full) = view.full.get() {
            let refused = self.slot.served.provider.vendor().refuse(&full.refusal(), &call.request, call.options);
            return refused.header(ERROR, full.to_string()).hint(full.hint());
        }
        let answer = answer.unwrap_or_else(|error| error.into_hinted(&call.request, call.options));
        (route.then)(&call, answer)
    }
}

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

impl<P: Provider> Moment for TypedMoment<P> {
    fn provider(&self) -> &str {
        &self.slot.served.provider.descriptor().id
    }

    fn restore(&self) -> Discarded {
        let pin = self.pin.lock().clone();
        self.slot.put(self.state.clone(), pin.as_ref())
    }

    fn begin(&self) -> Discarded {
        let mut start = self.slot.start.write();
        let mut replaced = Discarded::one(std::mem::replace(&mut start.state, self.state.clone()).state);
        start.is_own = true;
        start.pin = self.pin.lock().clone();
        replaced.add(self.restore());
        replaced
    }

    fn reload(&self) -> Discarded {
        // It is a fixture of the server's now.
        let state = Sourced { loaded: None, ..self.state.clone() };
        let before = self.slot.served.reloaded.write().replace(state);
        before.map_or_else(Discarded::none, |before| Discarded::one(before.state))
    }

    fn end(&self) -> Option<Leaving> {
        let pin = self.pin.lock().take()?;
        self.slot.state.end(pin)
    }

    fn is_present(&self) -> bool {
        let present = self.slot.state.read();
        Arc::ptr_eq(&present, &self.state.state) || present == self.state.state
    }

    fn export(&self, schema: Option<&str>, most: usize) -> Result<String, Unwritten> {
        self.slot.served.provider.export(&self.state.state, schema, most)
    }
}
