//! A handler's whole view: one request for one operation in one sandbox.

use std::cell::Cell;
use std::fmt::Debug;
use std::sync::Arc;

use jiff::Timestamp;

use super::request::Request;
use super::vendor::Operation;
use crate::world::history::Stamp;
use crate::world::ids::Seed;
use crate::world::options::Options;
use crate::world::state::{StateCell, Written};
use crate::world::weight::Full;

/// Whose credentials a sandbox lists.
pub(crate) trait Owners: Debug + Sync {
    /// The vendor's name whose credential this is, if it is one of another provider than `own`.
    fn owner(&self, credential: &str, own: &str) -> Option<&str>;
}

/// What one request sees of a sandbox beside a provider's state: one moment.
#[derive(Debug, Clone)]
pub struct View<'s> {
    /// The sandbox's now, read once.
    pub(crate) now: Timestamp,
    /// Where ids come from.
    pub(crate) seed: Seed,
    /// How the provider is asked to behave.
    pub(crate) options: Arc<Options>,
    /// Whether it sees the state before the last write, and changes nothing.
    pub(crate) stale: bool,
    /// Whether its writes are short, and it has a turn for them.
    pub(crate) is_short: bool,
    /// Whether the request has written.
    pub(crate) wrote: Cell<bool>,
    /// Which step of the sandbox's history it is.
    pub(crate) step: Cell<Stamp>,
    /// The bound of state that left no room for what the request would have written.
    pub(crate) full: Cell<Option<Full>>,
    /// The text of the embedded fixture, which everybody can read, where the state in force began as that.
    pub(crate) embedded: Option<&'s str>,
    /// Whose credentials the sandbox lists.
    pub(crate) owners: &'s dyn Owners,
}

impl<'s> View<'s> {
    /// That of a request which sees the present state and asks for nothing special.
    pub(crate) fn of(now: Timestamp, seed: Seed, options: Arc<Options>, owners: &'s dyn Owners) -> Self {
        let (wrote, step, full) = (Cell::new(false), Cell::default(), Cell::new(None));
        Self { now, seed, options, stale: false, is_short: false, wrote, step, full, embedded: None, owners }
    }
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
    is_short: bool,
    wrote: &'a Cell<bool>,
    step: &'a Cell<Stamp>,
    full: &'a Cell<Option<Full>>,
    embedded: Option<&'a str>,
    owners: &'a dyn Owners,
}

impl<'a, S: Clone> Call<'a, S> {
    /// A call that sees `view` of a sandbox, and the state in `cell`.
    pub(super) fn new(
        request: Request<'a>,
        operation: &'a Operation,
        params: &'a [&'a str],
        view: &'a View<'_>,
        cell: &'a StateCell<S>,
    ) -> Self {
        let View { now, seed, options, wrote, step, full, stale, is_short, embedded, owners } = view;
        // The state before the last write may be one of before a reset.
        let embedded = embedded.filter(|_| !*stale);
        let (now, seed, is_short, owners) = (*now, *seed, *is_short, *owners);
        Self { request, operation, params, now, seed, options, cell, is_short, wrote, step, full, embedded, owners }
    }

    /// Whether a hint may name this credential of the state: it stands in the embedded fixture, which is in force, and
    /// the control API shows it to everybody.
    #[must_use]
    pub(crate) fn may_name(&self, credential: &str) -> bool {
        self.options.open_control && self.embedded.is_some_and(|fixture| fixture.contains(credential))
    }

    /// The vendor among the others of the sandbox whose credential this is.
    #[must_use]
    pub(crate) fn other_owner(&self, credential: &str) -> Option<&'a str> {
        let own = self.operation.name.split('.').next().unwrap_or_default();
        self.owners.owner(credential, own)
    }

    /// The state at this moment; later writes do not change what was taken.
    #[must_use]
    pub fn read(&self) -> Arc<S> {
        self.cell.read()
    }

    /// Changes the state, or leaves it as it was if `change` fails.
    ///
    /// Where there is no room for the change the state stays as it was, too, and the server refuses the request in the
    /// vendor's words, whatever the handler makes of it.
    ///
    /// # Errors
    ///
    /// What `change` returns.
    pub fn write<T, E>(&self, change: impl FnOnce(&mut S) -> Result<T, E>) -> Result<T, E> {
        let _turn = (!self.is_short).then(|| self.cell.long_turn());
        match self.cell.write(change)? {
            Written::Done(outcome, stamp) => {
                self.wrote.set(true);
                if let Some(stamp) = stamp {
                    self.step.set(stamp);
                }
                Ok(outcome)
            }
            Written::Refused(full, outcome) => {
                self.full.set(Some(full));
                Ok(outcome)
            }
        }
    }

    /// Whether the request is to be refused since there is no room for what it writes or is answered. Whatever is answered
    /// then is thrown away, so nothing need be made.
    #[must_use]
    pub(crate) fn is_full(&self) -> bool {
        self.full.get().is_some()
    }

    /// Has the request refused since its answer would be too large.
    pub(crate) fn refuse_answer(&self) {
        self.full.set(Some(Full::of_answer()));
    }

    /// The path's parameter of this number, or the empty text.
    #[must_use]
    pub fn param(&self, number: usize) -> &'a str {
        self.params.get(number).copied().unwrap_or_default()
    }
}
