//! The steps that a request walks through in the hall, one file a step.

pub(crate) mod address;
pub(crate) mod body;
pub(super) mod cors;
pub(super) mod faults;
pub(crate) mod finish;
pub(super) mod house;
pub(super) mod journal;
pub(super) mod limits;
pub(crate) mod trace;
