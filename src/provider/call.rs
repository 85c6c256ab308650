//! A handler's whole view: one request for one operation in one sandbox.

use std::cell::Cell;
use std::sync::Arc;

use jiff::Timestamp;

use super::request::Request;
use super::vendor::Operation;
use crate::world::ids::Seed;
use crate::world::options::Options;
use crate::world::state::StateCell;

/// What one request sees of a sandbox beside a provider's state: one moment.
#[derive(Debug, Clone)]
pub struct View {
    /// The sandbox's now, read once.
    pub now: Timestamp,
    /// Where ids come from.
    pub seed: Seed,
    /// How the provider is asked to behave.
    pub options: Arc<Options>,
    /// Whether it sees the state before the last write, and changes nothing.
    pub stale: bool,
    /// Whether the request has written.
    pub wrote: Cell<bool>,
}

/// A handler's whole view: one request for one operation in one sandbox, whose state is an `S`.
///
/// It names the state and not the provider, so that no module of a provider has to know the type that joins them.
pub struct Call<'a, S> {
    /// The request.
    pub request: Request<'a>,
    /// The operation that [`Provider::route`](super::Provider::route) named.
    pub operation: &'a Operation,
    /// The path's parameters in order, decoded.
    pub params: &'a [&'a str],
    /// The sandbox's now, read once a request.
    pub now: Timestamp,
    /// Where ids come from.
    pub seed: Seed,
    /// The provider's switches.
    pub options: &'a Options,
    cell: &'a StateCell<S>,
    wrote: &'a Cell<bool>,
}

impl<'a, S: Clone> Call<'a, S> {
    /// A call that sees `view` of a sandbox, and the state in `cell`.
    pub(super) fn new(
        request: Request<'a>,
        operation: &'a Operation,
        params: &'a [&'a str],
        view: &'a View,
        cell: &'a StateCell<S>,
    ) -> Self {
        let View { now, seed, options, wrote, stale: _ } = view;
        Self { request, operation, params, now: *now, seed: *seed, options, cell, wrote }
    }

    /// The state at this moment; later writes do not change what was taken.
    #[must_use]
    pub fn read(&self) -> Arc<S> {
        self.cell.read()
    }

    /// Changes the state, or leaves it as it was if `change` fails.
    ///
    /// # Errors
    ///
    /// What `change` returns.
    pub fn write<T, E>(&self, change: impl FnOnce(&mut S) -> Result<T, E>) -> Result<T, E> {
        let outcome = self.cell.write(change)?;
        self.wrote.set(true);
        Ok(outcome)
    }

    /// The path's parameter of this number, or the empty text.
    #[must_use]
    pub fn param(&self, number: usize) -> &'a str {
        self.params.get(number).copied().unwrap_or_default()
    }
}
