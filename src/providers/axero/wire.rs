//! Axero's JSON: what bodies are read and what envelopes are answered. `entities` spells the members of a persona.

mod answer;
mod body;
mod envelope;

pub(super) use answer::{deleted, found, listed, saved};
pub(super) use body::{NAME, body};
pub(super) use envelope::{failed, respond};
