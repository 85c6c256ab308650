//! Evidence: what a suite exercised of what the documents promise. It knows documents and exchanges, and no request on
//! its way.
//!
//! A document becomes one static [`Table`] of cells. A server counts into the tables of its run, a sandbox into a
//! [`Ledger`] of its own, so that nothing that becomes of a sandbox takes from what the run has shown.

mod counts;
mod fields;
mod fold;
pub(crate) mod forms;
pub(crate) mod gaps;
mod ledger;
mod merge;
mod notes;
mod queue;
mod report;
mod run;
mod table;
#[cfg(test)]
mod tests;
mod threshold;

#[cfg(feature = "cli")]
pub(crate) use fold::LARGEST_BODY;
#[cfg(feature = "cli")]
pub(crate) use notes::{LONGEST_NOTE, MOST_NOTES};
#[cfg(feature = "cli")]
pub(crate) use queue::{MOST_BYTES, MOST_WAITING};

pub(crate) use counts::Column;
pub(crate) use fold::Exchange;
pub(crate) use ledger::{Ledger, Place};
pub(crate) use merge::merged;
pub(crate) use queue::Share;
pub(crate) use run::Run;
pub(crate) use table::Table;
pub(crate) use threshold::{NotJudged, Threshold};
