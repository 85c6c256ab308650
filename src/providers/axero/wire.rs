//! Axero's JSON: every key, in Axero's order.

mod answer;
mod envelope;
mod model;

pub(super) use answer::{deleted, found, listed, saved};
pub(super) use envelope::{failed, respond};
pub(super) use model::{NAME, body};
