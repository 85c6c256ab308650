//! What a sandbox remembers: reset, state, diff, snapshots.

use serde::Serialize;
use serde_json::{Value, json};

use super::Sandbox;
use crate::mock::answers::{Snapshot, SnapshotList, StateDiff};
use crate::mock::error::MockError;
use crate::mock::line::ControlRequest;

impl Sandbox {
    /// Puts everything back to the moment the sandbox was made; named snapshots stay.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn reset(&self) -> Result<(), MockError> {
        self.ask(&ControlRequest::new("POST", &["reset"])).map(drop)
    }

    /// Puts back only this: a provider's data and ids.
    ///
    /// # Errors
    ///
    /// There is no such provider.
    pub fn reset_only(&self, what: &str) -> Result<(), MockError> {
        self.send("POST", &["reset"], &json!({"only": what})).map(drop)
    }

    /// Every provider's data and ids, each in its fixture format.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn state(&self) -> Result<Value, MockError> {
        self.get(&["state"])?.read()
    }

    /// One provider's data and ids, in its fixture format.
    ///
    /// # Errors
    ///
    /// There is no such provider.
    pub fn state_of(&self, provider: &str) -> Result<Value, MockError> {
        self.get(&["state", provider])?.read()
    }

    /// The same as text, for numbers that no [`Value`] holds.
    ///
    /// # Errors
    ///
    /// There is no such provider.
    pub fn state_text(&self, provider: &str) -> Result<String, MockError> {
        Ok(self.get(&["state", provider])?.body)
    }

    /// Replaces the data and ids of the providers that `fixtures` names; at a fault, nothing.
    ///
    /// # Errors
    ///
    /// Every fault of the fixtures.
    pub fn put_state(&self, fixtures: &impl Serialize) -> Result<(), MockError> {
        self.send("PUT", &["state"], fixtures).map(drop)
    }

    /// Replaces one provider's data and ids; at a fault, nothing.
    ///
    /// # Errors
    ///
    /// Every fault of the fixture.
    pub fn put_state_of(&self, provider: &str, fixture: &impl Serialize) -> Result<(), MockError> {
        self.send("PUT", &["state", provider], fixture).map(drop)
    }

    /// The same from text.
    ///
    /// # Errors
    ///
    /// Every fault of the fixture.
    pub fn put_state_text(&self, provider: &str, fixture: &str) -> Result<(), MockError> {
        self.ask(&ControlRequest::new("PUT", &["state", provider]).body(fixture)).map(drop)
    }

    /// What changed since the sandbox was made or reset.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn diff(&self) -> Result<StateDiff, MockError> {
        self.get(&["state", "diff"])?.read()
    }

    /// What changed since a snapshot.
    ///
    /// # Errors
    ///
    /// There is no such snapshot.
    pub fn diff_since(&self, snapshot: &str) -> Result<StateDiff, MockError> {
        self.ask(&ControlRequest::new("GET", &["state", "diff"]).query("since", snapshot))?.read()
    }

    /// Saves data, ids and clock under a name; a snapshot of that name is replaced.
    ///
    /// # Errors
    ///
    /// The name is none, or there are too many.
    pub fn save_snapshot(&self, name: &str) -> Result<Snapshot, MockError> {
        self.ask(&ControlRequest::new("PUT", &["snapshots", name]))?.read()
    }

    /// Puts data, ids and clock back to a snapshot; nothing else.
    ///
    /// # Errors
    ///
    /// There is no such snapshot.
    pub fn restore_snapshot(&self, name: &str) -> Result<(), MockError> {
        self.ask(&ControlRequest::new("POST", &["snapshots", name, "restore"])).map(drop)
    }

    /// The snapshots, by name.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, MockError> {
        let list: SnapshotList = self.get(&["snapshots"])?.read()?;
        Ok(list.snapshots)
    }

    /// The data of a snapshot, in the fixture format.
    ///
    /// # Errors
    ///
    /// There is no such snapshot.
    pub fn snapshot_state(&self, name: &str) -> Result<Value, MockError> {
        self.get(&["snapshots", name])?.read()
    }

    /// Forgets a snapshot.
    ///
    /// # Errors
    ///
    /// There is no such snapshot.
    pub fn delete_snapshot(&self, name: &str) -> Result<(), MockError> {
        self.ask(&ControlRequest::new("DELETE", &["snapshots", name])).map(drop)
    }
}
