//! Work that the requests of a connection ask for, done aside as long as its client waits for it.

use std::time::Duration;

use crate::server::aside::{Aside, NotDone};
use crate::server::listener::connection::{Connection, LINGER_TIMEOUT};
use crate::server::pool::Pools;
use crate::world::cancel::{Cancel, Cancelled};

/// How often is looked whether a client is still there.
const STEP: Duration = Duration::from_millis(250);

/// How much longer than its deadline work is waited for which does not look at it everywhere.
const PATIENCE: Duration = Duration::from_millis(500);

/// Does the work of one request.
pub(super) struct OfConnection<'a> {
    pub(super) pools: &'a Pools,
    pub(super) connection: Option<&'a Connection>,
}

impl Aside for OfConnection<'_> {
    async fn run<T: Send + 'static>(
        &self,
        deadline: Duration,
        held: usize,
        work: impl FnOnce(&Cancel) -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        let pending = self.pools.control.hand_over(Cancel::after(deadline), held, work)?;
        let latest = tokio::time::sleep(deadline.saturating_add(PATIENCE));
        tokio::select! {
            outcome = pending.wait() => outcome,
            () = self.client_is_gone() => Err(NotDone::Cancelled(Cancelled::Unwanted)),
            () = latest => Err(NotDone::Cancelled(Cancelled::Late(deadline))),
        }
    }

    async fn run_anyway<T: Send + 'static>(&self, held: usize, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        self.pools.providers.hand_over_or_do(held, work).wait().await.ok()
    }
}

impl OfConnection<'_> {
    /// Waits until the client has closed its side, and then a while: one that closes only its sending side has said all,
    /// and may still read.
    async fn client_is_gone(&self) {
        loop {
            tokio::time::sleep(STEP).await;
            let gone_for = self.connection.and_then(Connection::gone_for);
            if gone_for.is_some_and(|gone_for| gone_for >= LINGER_TIMEOUT) {
                return;
            }
        }
    }
}
