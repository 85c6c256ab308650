//! Axero's JSON: every key, in Axero's order.

mod answer;
mod body;
mod envelope;

pub(super) use answer::{deleted, found, listed, saved};
pub(super) use body::{NAME, body};
pub(super) use envelope::{failed, respond};
