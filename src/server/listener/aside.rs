//! Work that the requests of a connection ask for, done aside as long as its client waits for it.

use std::time::Duration;

use crate::server::aside::{Aside, NotDone};
use crate::server::listener::connection::{Connection, LINGER_TIMEOUT};
use crate::server::pool::Pools;
use crate::world::cancel::{Cancel, Cancelled};
use crate::world::sandbox::SandboxName;

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
        whose: &SandboxName,
        deadline: Duration,
        held: usize,
        work: impl FnOnce(&Cancel) -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        let cancel = Cancel::once_begun(deadline);
        let pending = self.pools.control.hand_over(cancel.clone(), whose, held, work)?;
        tokio::select! {
            outcome = pending.wait() => outcome,
            () = self.client_is_gone() => Err(NotDone::Cancelled(Cancelled::Unwanted)),
            late = is_late(&cancel, deadline) => Err(late),
        }
    }

    async fn run_anyway<T: Send + 'static>(
        &self,
        whose: &SandboxName,
        held: usize,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, NotDone> {
        self.pools.providers.hand_over(Cancel::never(), whose, held, |_| work())?.wait().await
    }
}

/// Waits until work has waited for its turn as long as it may take, or took longer than that. One that has begun by then
/// has all its time.
async fn is_late(cancel: &Cancel, deadline: Duration) -> NotDone {
    tokio::time::sleep(deadline).await;
    let Some(mut worked) = cancel.worked() else { return NotDone::Waited(deadline) };
    let most = deadline.saturating_add(PATIENCE);
    while worked < most {
        tokio::time::sleep(most.saturating_sub(worked)).await;
        worked = cancel.worked().unwrap_or(most);
    }
    NotDone::Cancelled(Cancelled::Late(deadline))
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
