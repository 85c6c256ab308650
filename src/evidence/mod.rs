//! Evidence: what a suite exercised of what the documents promise. It knows documents and exchanges, and no request on
//! its way.
//!
//! A document becomes one static [`Table`] of cells. A server counts into the tables of its run, a sandbox into a
//! [`Ledger`] of its own, so that nothing that becomes of a sandbox takes from what the run has shown.

mod counts;
mod fields;
mod fold;
pub(crate) mod forms;
mod ledger;
mod merge;
mod notes;
mod queue;
mod report;
mod run;
mod table;
mod threshold;

pub(crate) use counts::Column;
pub(crate) use fold::Exchange;
pub(crate) use ledger::Ledger;
pub(crate) use merge::merged;
pub(crate) use run::Run;
pub(crate) use table::Table;
pub(crate) use threshold::{NotJudged, Threshold};
