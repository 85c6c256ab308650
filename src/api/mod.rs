//! The types of the control API, once: the server, the Rust handle and the command line share them.
//!
//! Each shape reads and writes JSON and has a schema, from which the API's document is made. What a person reads of it
//! is its `Display`. Requests refuse names that they do not know; answers are read whatever else stands in them.

mod body;
mod clock;
mod faults;
mod journal;
mod limits;
mod problem;
mod provenance;
mod requests;
mod sandboxes;
mod server;
mod settings;
mod state;
mod verify;

pub use body::{Body, Json};
pub use clock::{ClockChange, ClockMode, ClockState, Seed};
pub use faults::{FaultList, FaultState, FaultStates};
pub use journal::{
    Event, Exchange, ExchangeAnswer, ExchangePage, ExchangeRequest, Hint, HintField, Ignored, NearestOperation, Reason,
    Side,
};
pub use limits::{Limit, Limits, LimitsChange};
pub use problem::{PROBLEM_JSON, Problem};
pub use provenance::Provenance;
pub use requests::{EventId, Requests};
pub use sandboxes::{NotJson, SandboxList, SandboxStart, SandboxState};
pub use server::{Health, LastReload, MountEntry, Mounts, Ready, RouteEntry, Routes, WatchedFixtures, Watching};
pub use settings::{Settings, SettingsChange};
pub use state::{Change, Fixture, Fixtures, Reset, ResetRequest, Snapshot, SnapshotList, StateDiff};
pub use verify::{Call, Failure, FieldCheck, NearestCall, Verified, VerifyRequest};

use std::fmt;

/// Writes each item on a line of its own.
fn lines(f: &mut fmt::Formatter<'_>, items: impl IntoIterator<Item = impl fmt::Display>) -> fmt::Result {
    items.into_iter().enumerate().try_for_each(|(number, item)| {
        let start = if number == 0 { "" } else { "\n" };
        write!(f, "{start}{item}")
    })
}
