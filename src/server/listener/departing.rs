//! An answer that leaves late, slowly or in part: its exchange is told how far it came.

use std::sync::Arc;
use std::time::Duration;

use crate::world::journal::{DeliveryState, Departure};

/// An answer on its way. Where it is dropped before its end, its client is gone: actix gives up an answer that
/// nobody takes.
#[derive(Debug)]
pub(super) struct Departing(pub(super) Arc<Departure>);

impl Departing {
    /// Its head leaves, if it has not, and so many bytes of its body.
    pub(super) fn leave(&self, body: usize) {
        self.0.leave(body);
    }

    pub(super) fn end(&self, state: DeliveryState) {
        self.0.end(state);
    }

    /// Its client closed its side so long ago.
    pub(super) fn client_went(&self, ago: Duration) {
        let took = self.0.progress().took.saturating_sub(ago);
        self.0.end_after(took, DeliveryState::ClientGone);
    }
}

impl Drop for Departing {
    fn drop(&mut self) {
        self.end(DeliveryState::ClientGone);
    }
}
