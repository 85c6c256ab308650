//! What a sandbox was before each change, and the way there.

use super::Sandbox;
use crate::api::{HistoryPage, HistoryStep, Rewind, Rewound, StateDiff};
use crate::control::history;
use crate::mock::client::Typed;
use crate::mock::error::MockError;

impl Sandbox {
    /// The changes of its state since it was made or reset, the oldest first, as long as they are kept.
    ///
    /// # Errors
    ///
    /// The server keeps no history.
    pub fn history(&self) -> Result<Vec<HistoryStep>, MockError> {
        let mut all = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let page = Typed::new(&history::LIST_HISTORY, &[]).query("limit", "1000");
            let page = cursor.iter().fold(page, |page, cursor| page.query("cursor", cursor));
            let HistoryPage { steps, next, .. } = self.client.call(&self.name, page)?;
            all.extend(steps);
            if next.is_none() {
                all.reverse();
                return Ok(all);
            }
            cursor = next;
        }
    }

    /// Puts data, ids and the clock's setting to before a step such as `w-3`, or before the exchange of this id or number.
    /// Before one that changed nothing is behind the last step before it.
    ///
    /// # Errors
    ///
    /// There is no such step or exchange, or it is kept no more.
    pub fn rewind_before(&self, id: &str) -> Result<Rewound, MockError> {
        self.ask_with(&history::REWIND, &Rewind::Before(id.to_owned()))
    }

    /// Puts data, ids and the clock's setting to behind a step or an exchange: back, or forward again.
    ///
    /// # Errors
    ///
    /// There is no such step or exchange, or it is kept no more.
    pub fn rewind_after(&self, id: &str) -> Result<Rewound, MockError> {
        self.ask_with(&history::REWIND, &Rewind::After(id.to_owned()))
    }

    /// Goes one step back; twice goes two steps back.
    ///
    /// # Errors
    ///
    /// Nothing is before: the sandbox is as it was made or reset.
    pub fn undo(&self) -> Result<Rewound, MockError> {
        self.ask_for(&history::UNDO, &[])
    }

    /// What one call changed, by the exchange's id or number, or by a step such as `w-3`.
    ///
    /// # Errors
    ///
    /// There is no such exchange, or its step is kept no more.
    pub fn diff_of(&self, id: &str) -> Result<StateDiff, MockError> {
        self.ask_for(&history::SHOW_CALL_DIFF, &[id])
    }
}
