//! How a sandbox behaves: clock, seed, switches.

use std::fmt;

use serde_json::{Value, json};

use super::Sandbox;
use crate::mock::answers::{ClockState, SeedState, Settings};
use crate::mock::error::MockError;
use crate::mock::start::SettingsChange;
use crate::world::duration::Distance;
use crate::world::options::AuthMode;

impl Sandbox {
    /// What the vendors take for now.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn clock(&self) -> Result<ClockState, MockError> {
        self.get(&["clock"])?.read()
    }

    /// Lets time stand still where it is.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn freeze_clock(&self) -> Result<ClockState, MockError> {
        self.change_clock(&json!({"freeze": "now"}))
    }

    /// Lets time stand still at an RFC 3339 instant.
    ///
    /// # Errors
    ///
    /// It is no instant.
    pub fn freeze_clock_at(&self, instant: impl fmt::Display) -> Result<ClockState, MockError> {
        self.change_clock(&json!({"freeze": instant.to_string()}))
    }

    /// Moves time to an RFC 3339 instant; a clock that stood still stands still there, one that ran runs on.
    ///
    /// # Errors
    ///
    /// It is no instant.
    pub fn set_clock(&self, instant: impl fmt::Display) -> Result<ClockState, MockError> {
        self.change_clock(&json!({"set": instant.to_string()}))
    }

    /// Moves time on: `"14d"`, `"-1h"`, or a [`Duration`].
    ///
    /// # Errors
    ///
    /// It is no duration.
    pub fn advance_clock(&self, by: impl Into<Distance>) -> Result<ClockState, MockError> {
        self.change_clock(&json!({"advance": by.into().as_str()}))
    }

    /// Lets time run on from where it stands.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn run_clock(&self) -> Result<ClockState, MockError> {
        self.change_clock(&json!({"run": true}))
    }

    /// Shows the machine's time again.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn real_clock(&self) -> Result<ClockState, MockError> {
        self.change_clock(&json!({"real": true}))
    }

    fn change_clock(&self, change: &Value) -> Result<ClockState, MockError> {
        self.send("PUT", &["clock"], change)?.read()
    }

    /// Where ids come from.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn seed(&self) -> Result<u64, MockError> {
        Ok(self.get(&["seed"])?.read::<SeedState>()?.seed)
    }

    /// Sets where ids come from, from the next draw on.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn set_seed(&self, seed: u64) -> Result<(), MockError> {
        self.send("PUT", &["seed"], &SeedState { seed }).map(drop)
    }

    /// The switches.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn settings(&self) -> Result<Settings, MockError> {
        self.get(&["settings"])?.read()
    }

    /// Changes switches from the next request on; all of them or, if something is wrong, none.
    ///
    /// # Errors
    ///
    /// An unknown provider, key or value.
    pub fn change_settings(&self, change: &SettingsChange) -> Result<Settings, MockError> {
        self.send("PUT", &["settings"], change)?.read()
    }

    /// Sets which credentials pass.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn set_auth(&self, auth: AuthMode) -> Result<Settings, MockError> {
        self.change_settings(&SettingsChange::new().auth(auth))
    }

    /// Sets one provider's switch.
    ///
    /// # Errors
    ///
    /// An unknown provider, key or value.
    pub fn set(&self, provider: &str, key: &str, value: &str) -> Result<Settings, MockError> {
        self.change_settings(&SettingsChange::new().set(provider, key, value))
    }
}
