//! The steps that a request walks through in the hall, one file a step.

pub(super) mod address;
pub(super) mod body;
pub(super) mod cors;
pub(super) mod faults;
pub(super) mod finish;
pub(super) mod house;
pub(super) mod journal;
pub(super) mod limits;
pub(super) mod trace;
