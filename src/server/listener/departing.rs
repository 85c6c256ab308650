//! An answer that leaves late, slowly or in part: its exchange is told how far it came.

use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use crate::server::middleware::trace::Due;
use crate::world::journal::{DeliveryState, Departure};

/// An answer on its way. Where it is dropped before its end, its client is gone: actix gives up an answer that
/// nobody takes.
pub(super) struct Departing {
    departure: Arc<Departure>,
    /// The log's line, which is due once it has left.
    due: Cell<Option<Due>>,
}

impl Departing {
    pub(super) fn new(departure: Arc<Departure>, due: Option<Due>) -> Self {
        Self { departure, due: Cell::new(due) }
    }

    /// Its head leaves, if it has not, and so many bytes of its body.
    pub(super) fn leave(&self, body: usize) {
        self.departure.leave(body);
    }

    pub(super) fn end(&self, state: DeliveryState) {
        self.departure.end(state);
        self.tell();
    }

    /// Its client closed its side so long ago.
    pub(super) fn client_went(&self, ago: Duration) {
        let took = self.departure.progress().took.saturating_sub(ago);
        self.departure.end_after(took, DeliveryState::ClientGone);
        self.tell();
    }

    fn tell(&self) {
        if let Some(due) = self.due.take() {
            due.write(self.departure.progress());
        }
    }
}

impl Drop for Departing {
    fn drop(&mut self) {
        self.end(DeliveryState::ClientGone);
    }
}
