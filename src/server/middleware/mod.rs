//! The middleware: the steps of a request in the server, one file a step. `pipeline.rs` calls them in their order.

pub(crate) mod address;
pub(super) mod base;
pub(crate) mod body;
pub(super) mod carried;
pub(super) mod cors;
pub(super) mod coverage;
pub(super) mod explain;
pub(super) mod faults;
pub(crate) mod finish;
mod forwarded;
pub(super) mod journal;
pub(super) mod limits;
pub(super) mod panics;
pub(super) mod steering;
pub(crate) mod trace;
