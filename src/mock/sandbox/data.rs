//! What a sandbox remembers: reset, state, credentials, diff, snapshots.

use serde::Serialize;
use serde_json::Value;

use super::Sandbox;
use crate::api::{Credentials, ProviderState, ResetRequest, Snapshot, StateAction, StateDiff};
use crate::control::{credentials, diff, provider_states, reset, snapshots, state};
use crate::mock::client::Typed;
use crate::mock::error::MockError;

impl Sandbox {
    /// Puts everything back to the moment the sandbox was made; named snapshots stay.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn reset(&self) -> Result<(), MockError> {
        self.ask_for(&reset::RESET, &[]).map(drop)
    }

    /// Puts back only this: a provider's data and ids.
    ///
    /// # Errors
    ///
    /// There is no such provider.
    pub fn reset_only(&self, what: &str) -> Result<(), MockError> {
        self.ask_with(&reset::RESET, &ResetRequest { only: Some(what.to_owned()) }).map(drop)
    }

    /// Every provider's data and ids, each in its fixture format.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn state(&self) -> Result<Value, MockError> {
        self.ask(&Typed::new(&state::SHOW_STATE, &[]).into_request())?.read()
    }

    /// One provider's data and ids, in its fixture format.
    ///
    /// # Errors
    ///
    /// There is no such provider.
    pub fn state_of(&self, provider: &str) -> Result<Value, MockError> {
        self.ask(&Typed::new(&state::SHOW_STATE_OF, &[provider]).into_request())?.read()
    }

    /// The same as text, for numbers that no [`Value`] holds.
    ///
    /// # Errors
    ///
    /// There is no such provider.
    pub fn state_text(&self, provider: &str) -> Result<String, MockError> {
        Ok(self.ask(&Typed::new(&state::SHOW_STATE_OF, &[provider]).into_request())?.body)
    }

    /// Replaces the data and ids of the providers that `fixtures` names; at a fault, nothing.
    ///
    /// # Errors
    ///
    /// Every fault of the fixtures.
    pub fn put_state(&self, fixtures: &impl Serialize) -> Result<(), MockError> {
        self.client.call(&self.name, Typed::new(&state::REPLACE_STATE, &[]).with_json(fixtures)?).map(drop)
    }

    /// Replaces one provider's data and ids; at a fault, nothing.
    ///
    /// # Errors
    ///
    /// Every fault of the fixture.
    pub fn put_state_of(&self, provider: &str, fixture: &impl Serialize) -> Result<(), MockError> {
        self.client.call(&self.name, Typed::new(&state::REPLACE_STATE_OF, &[provider]).with_json(fixture)?).map(drop)
    }

    /// The same from text.
    ///
    /// # Errors
    ///
    /// Every fault of the fixture.
    pub fn put_state_text(&self, provider: &str, fixture: &str) -> Result<(), MockError> {
        self.client.call(&self.name, Typed::new(&state::REPLACE_STATE_OF, &[provider]).with_text(fixture)).map(drop)
    }

    /// The credentials that the data lists, by provider, and what passes besides.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn credentials(&self) -> Result<Credentials, MockError> {
        self.ask_for(&credentials::LIST_CREDENTIALS, &[])
    }

    /// What changed since the sandbox was made or reset.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn diff(&self) -> Result<StateDiff, MockError> {
        self.ask_for(&diff::SHOW_DIFF, &[])
    }

    /// What changed since a snapshot.
    ///
    /// # Errors
    ///
    /// There is no such snapshot.
    pub fn diff_since(&self, snapshot: &str) -> Result<StateDiff, MockError> {
        self.client.call(&self.name, Typed::new(&diff::SHOW_DIFF, &[]).query("since", snapshot))
    }

    /// Saves data, ids and clock under a name; a snapshot of that name is replaced.
    ///
    /// # Errors
    ///
    /// The name is none, or there are too many.
    pub fn save_snapshot(&self, name: &str) -> Result<Snapshot, MockError> {
        self.ask_for(&snapshots::SAVE_SNAPSHOT, &[name])
    }

    /// Puts data, ids and clock back to a snapshot; nothing else.
    ///
    /// # Errors
    ///
    /// There is no such snapshot.
    pub fn restore_snapshot(&self, name: &str) -> Result<(), MockError> {
        self.ask_for(&snapshots::RESTORE_SNAPSHOT, &[name]).map(drop)
    }

    /// Makes the sandbox as a provider state says, as a Pact verifier does before a call: at a snapshot, at a state of
    /// [`Builder::provider_states`](crate::mock::Builder::provider_states), or at `the sandbox at its start`. The journal
    /// stays.
    ///
    /// # Errors
    ///
    /// There is no such state.
    pub fn provider_state(&self, name: &str) -> Result<(), MockError> {
        let state = ProviderState { state: name.to_owned(), action: StateAction::Setup, params: None };
        self.ask_with(&provider_states::SET_PROVIDER_STATE, &state).map(drop)
    }

    /// The snapshots, by name.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, MockError> {
        Ok(self.ask_for(&snapshots::LIST_SNAPSHOTS, &[])?.snapshots)
    }

    /// The data of a snapshot, in the fixture format.
    ///
    /// # Errors
    ///
    /// There is no such snapshot.
    pub fn snapshot_state(&self, name: &str) -> Result<Value, MockError> {
        self.ask(&Typed::new(&snapshots::SHOW_SNAPSHOT, &[name]).into_request())?.read()
    }

    /// Forgets a snapshot.
    ///
    /// # Errors
    ///
    /// There is no such snapshot.
    pub fn delete_snapshot(&self, name: &str) -> Result<(), MockError> {
        self.ask_for(&snapshots::DELETE_SNAPSHOT, &[name]).map(drop)
    }
}
