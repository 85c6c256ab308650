//! How a sandbox behaves: clock, seed, switches.

use std::fmt;

use super::Sandbox;
use crate::api::{ClockChange, ClockState, Seed, Settings, SettingsChange};
use crate::control::{clock, settings};
use crate::mock::error::MockError;
use crate::world::duration::Distance;
use crate::world::options::AuthMode;

impl Sandbox {
    /// What the vendors take for now.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn clock(&self) -> Result<ClockState, MockError> {
        self.ask_for(&clock::SHOW_CLOCK, &[])
    }

    /// Lets time stand still where it is.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn freeze_clock(&self) -> Result<ClockState, MockError> {
        self.change_clock(ClockChange::Freeze("now".to_owned()))
    }

    /// Lets time stand still at an RFC 3339 instant.
    ///
    /// # Errors
    ///
    /// It is no instant.
    pub fn freeze_clock_at(&self, instant: impl fmt::Display) -> Result<ClockState, MockError> {
        self.change_clock(ClockChange::Freeze(instant.to_string()))
    }

    /// Moves time to an RFC 3339 instant; a clock that stood still stands still there, one that ran runs on.
    ///
    /// # Errors
    ///
    /// It is no instant.
    pub fn set_clock(&self, instant: impl fmt::Display) -> Result<ClockState, MockError> {
        self.change_clock(ClockChange::Set(instant.to_string()))
    }

    /// Moves time on: `"14d"`, `"-1h"`, or a [`Duration`](std::time::Duration).
    ///
    /// # Errors
    ///
    /// It is no duration.
    pub fn advance_clock(&self, by: impl Into<Distance>) -> Result<ClockState, MockError> {
        self.change_clock(ClockChange::Advance(by.into().as_str().to_owned()))
    }

    /// Lets time run on from where it stands.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn run_clock(&self) -> Result<ClockState, MockError> {
        self.change_clock(ClockChange::Run(true))
    }

    /// Shows the machine's time again.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn real_clock(&self) -> Result<ClockState, MockError> {
        self.change_clock(ClockChange::Real(true))
    }

    fn change_clock(&self, change: ClockChange) -> Result<ClockState, MockError> {
        self.ask_with(&clock::CHANGE_CLOCK, &change)
    }

    /// Where ids come from.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn seed(&self) -> Result<u64, MockError> {
        Ok(self.ask_for(&clock::SHOW_SEED, &[])?.seed)
    }

    /// Sets where ids come from, from the next draw on.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn set_seed(&self, seed: u64) -> Result<(), MockError> {
        self.ask_with(&clock::CHANGE_SEED, &Seed { seed }).map(drop)
    }

    /// The switches.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn settings(&self) -> Result<Settings, MockError> {
        self.ask_for(&settings::SHOW_SETTINGS, &[])
    }

    /// Changes switches from the next request on; all of them or, if something is wrong, none.
    ///
    /// # Errors
    ///
    /// An unknown provider, key or value.
    pub fn change_settings(&self, change: &SettingsChange) -> Result<Settings, MockError> {
        self.ask_with(&settings::CHANGE_SETTINGS, change)
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
