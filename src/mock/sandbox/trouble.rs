//! What goes wrong in a sandbox: faults and rate limits.

use super::Sandbox;
use crate::api::{FaultList, FaultState, Limits, LimitsChange};
use crate::control::{faults, limits};
use crate::mock::error::MockError;
use crate::world::fault::Fault;

impl Sandbox {
    /// Arms a fault, to be asked after those that are armed.
    ///
    /// # Errors
    ///
    /// What no request can be: an unknown operation, a status that the operation does not have.
    pub fn add_fault(&self, fault: &Fault) -> Result<FaultState, MockError> {
        stated(fault)?;
        self.ask_with(&faults::ADD_FAULT, fault)
    }

    /// Puts faults in place of those that are armed; all of them or, if one is wrong, none.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::add_fault`].
    pub fn set_faults(&self, faults: &[Fault]) -> Result<Vec<FaultState>, MockError> {
        faults.iter().try_for_each(stated)?;
        let list = FaultList { faults: faults.to_vec() };
        Ok(self.ask_with(&faults::REPLACE_FAULTS, &list)?.faults)
    }

    /// The faults that are armed, and what each did.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn faults(&self) -> Result<Vec<FaultState>, MockError> {
        Ok(self.ask_for(&faults::LIST_FAULTS, &[])?.faults)
    }

    /// Disarms a fault.
    ///
    /// # Errors
    ///
    /// No such fault is armed.
    pub fn delete_fault(&self, id: &str) -> Result<(), MockError> {
        self.ask_for(&faults::DELETE_FAULT, &[id]).map(drop)
    }

    /// Disarms all faults.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn clear_faults(&self) -> Result<(), MockError> {
        self.ask_for(&faults::CLEAR_FAULTS, &[]).map(drop)
    }

    /// The rate limits.
    ///
    /// # Errors
    ///
    /// The server cannot be reached.
    pub fn limits(&self) -> Result<Limits, MockError> {
        self.ask_for(&limits::SHOW_LIMITS, &[])
    }

    /// Sets a provider's rate limit, counted on the sandbox's clock: `100/1m`, `on` for the vendor's
    /// own, or `off`.
    ///
    /// # Errors
    ///
    /// There is no such provider, or it is no limit.
    pub fn set_limit(&self, provider: &str, limit: &str) -> Result<Limits, MockError> {
        let mut change = LimitsChange::default();
        change.limits.insert(provider.to_owned(), limit.to_owned());
        self.ask_with(&limits::CHANGE_LIMITS, &change)
    }
}

/// What the builder could not take is told here; what no request can be, the server tells.
fn stated(fault: &Fault) -> Result<(), MockError> {
    fault.stated().map_err(|wrong| MockError::value("fault", &wrong))
}
