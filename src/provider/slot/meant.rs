//! An operation that a request means in a slot, and its answer.

use crate::provider::call::{Call, View};
use crate::provider::response::ERROR;
use crate::provider::vendor::{IntoResponse, Matched, Operation, Provider, Route};
use crate::provider::{Request, Response};
use crate::world::state::StateCell;

/// An operation that a request means, and the slot that it is meant in.
pub trait Meant {
    /// The number of its row in the provider's table of routes.
    fn route(&self) -> usize;

    /// The operation.
    fn operation(&self) -> &Operation;

    /// Answers it.
    fn answer(&self, request: Request<'_>, view: &View<'_>) -> Response;
}

/// An operation that a request means, its vendor, and where its state stands.
pub(super) struct TypedMeant<'r, P: Provider> {
    pub(super) matched: Matched<'r, P::State, P::Error>,
    pub(super) vendor: &'r P,
    pub(super) state: &'r StateCell<P::State>,
}

impl<P: Provider> Meant for TypedMeant<'_, P> {
    fn route(&self) -> usize {
        let routes = self.vendor.routes();
        let is_it = |route: &Route<P::State, P::Error>| std::ptr::eq(route, self.matched.route);
        // The rows lie side by side, so that no row need be looked at to find its number.
        let bytes = std::ptr::from_ref(self.matched.route).addr().wrapping_sub(routes.as_ptr().addr());
        let number = bytes / size_of::<Route<P::State, P::Error>>();
        match routes.get(number).is_some_and(is_it) {
            true => number,
            false => routes.iter().position(is_it).unwrap_or(routes.len()),
        }
    }

    fn operation(&self) -> &Operation {
        &self.matched.route.operation
    }

    fn answer(&self, request: Request<'_>, view: &View<'_>) -> Response {
        let Matched { route, params } = &self.matched;
        let before = view.stale.then(|| StateCell::new(self.state.before()));
        let call = Call::new(request, &route.operation, params, view, before.as_ref().unwrap_or(self.state));
        let answer = (route.answer)(&call);
        if let Some(full) = view.full.get() {
            let refused = self.vendor.refuse(&full.refusal(), &call.request, call.options);
            return refused.header(ERROR, full.to_string()).hint(self.state.hint(&full));
        }
        let answer = answer.unwrap_or_else(|error| error.into_hinted(&call.request, call.options));
        (route.then)(&call, answer)
    }
}
