//! The steps that a request walks through in the server, one file a step.

pub(crate) mod address;
pub(crate) mod body;
pub(super) mod cors;
pub(super) mod faults;
pub(crate) mod finish;
pub(super) mod journal;
pub(super) mod limits;
pub(super) mod panics;
pub(crate) mod trace;
