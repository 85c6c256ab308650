//! Exchanges as lines of JSON, for whoever writes them down.

use std::sync::Arc;

use super::call::{Call, Kept};
use super::entry::shown;
use super::explain::Explainer;
use crate::app::{AppState, Sandbox};
use crate::world::journal::{Entry, Exchange};

/// Tells exchanges as `/_mock/requests` shows them, each in one line.
pub(crate) struct Recounter<'a>(Explainer<'a>);

impl<'a> Recounter<'a> {
    pub(crate) fn new(app: &'a AppState) -> Self {
        Self(Explainer::new(app))
    }

    /// An exchange that a sandbox answered under this number.
    pub(crate) fn line(&mut self, sandbox: &Arc<Sandbox>, number: u64, exchange: &Arc<Exchange>) -> String {
        let entry = Entry { number, stamp: 0, exchange: exchange.clone() };
        let exchange = shown(&Call::of(Kept { sandbox: sandbox.clone(), entry }), &mut self.0);
        // A client's own JSON may have line ends between its members; in a text there are none.
        serde_json::to_string(&exchange).unwrap_or_default().replace(['\n', '\r'], " ")
    }
}
