//! Coverage: an answer of a provider's operation is counted as it leaves.

use crate::app::{AppState, Sandbox};
use crate::evidence::Column;
use crate::provider::response::ERROR;
use crate::provider::{Refusal, Response, Slot, View};
use crate::server::middleware::explain::field;
use crate::server::middleware::panics;
use crate::server::middleware::steering::Steering;
use crate::world::fault::Verdict;

/// Who made an answer that no rule of the vendor did.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::server) struct Made {
    /// A bound of this server: a rate limit, the size of a body or the time that it takes.
    pub(in crate::server) by_bound: bool,
}

impl Made {
    /// Of a request whose body was not read.
    pub(in crate::server) fn unread(refusal: &Refusal) -> Self {
        Self { by_bound: matches!(refusal, Refusal::TooLarge { .. } | Refusal::Timeout) }
    }
}

/// An answer of the operation that a route means.
#[derive(Clone, Copy)]
pub(in crate::server) struct Counted<'a> {
    pub(in crate::server) app: &'a AppState,
    pub(in crate::server) sandbox: &'a Sandbox,
    pub(in crate::server) slot: &'a dyn Slot,
    pub(in crate::server) view: &'a View<'a>,
    pub(in crate::server) route: usize,
    pub(in crate::server) made: Made,
    pub(in crate::server) verdict: Option<&'a Verdict>,
    pub(in crate::server) steering: Steering,
}

impl Counted<'_> {
    /// Counts it.
    pub(in crate::server) fn count(&self, response: &Response) {
        panics::guarded("coverage", || {
            let options = &self.view.options;
            let find = || self.app.table(self.slot.provider(), options);
            self.sandbox.coverage().count(options, (self.route, response.status()), self.column(response), find);
        });
    }

    fn column(&self, response: &Response) -> Column {
        let is_canned = self.verdict.is_some_and(Verdict::is_canned);
        // A fault that no operation can have is refused in the vendor's words, and not by a rule of the vendor.
        let is_misread = || self.steering.asks && self.verdict.is_none() && field(response, &ERROR).is_some();
        match response.is_refusal() {
            _ if is_canned || self.made.by_bound || self.view.full.get().is_some() || is_misread() => Column::Injected,
            true => Column::Refused,
            false => Column::Exercised,
        }
    }
}
