//! The types of the control API, once: the server, the Rust handle and the command line share them.
//!
//! Each shape reads and writes JSON and has a schema, from which the API's document is made. What a person reads of it
//! is its `Display`. Requests refuse names that they do not know; answers are read whatever else stands in them.

mod body;
mod claim;
mod clock;
mod coverage;
mod credentials;
mod event_id;
mod faults;
mod gaps;
mod hint;
mod history;
mod journal;
mod limits;
mod pact;
mod problem;
mod provenance;
mod requests;
mod rows;
mod sandboxes;
mod server;
mod settings;
mod state;
mod verify;

pub use body::*;
pub use claim::*;
pub use clock::*;
pub use coverage::*;
pub use credentials::*;
pub use event_id::EventId;
pub(crate) use event_id::Of;
pub use faults::*;
pub use gaps::*;
pub use hint::*;
pub(crate) use history::{HistoryPage, Rewind};
pub use history::{HistoryStep, Rewound};
pub use journal::*;
pub use limits::*;
pub(crate) use pact::*;
pub use problem::*;
pub use provenance::*;
pub use requests::*;
pub use rows::*;
pub use sandboxes::*;
pub use server::*;
pub use settings::*;
pub use state::*;
pub use verify::*;

use std::fmt;

/// Writes each item on a line of its own.
fn lines(f: &mut fmt::Formatter<'_>, items: impl IntoIterator<Item = impl fmt::Display>) -> fmt::Result {
    items.into_iter().enumerate().try_for_each(|(number, item)| {
        let start = if number == 0 { "" } else { "\n" };
        write!(f, "{start}{item}")
    })
}
