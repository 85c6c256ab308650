//! Axero's JSON: every key, in Axero's order.

mod answer;
mod model;

pub(super) use answer::{deleted, failed, found, listed, respond, saved};
pub(super) use model::{ActionModel, ConditionModel, NAME, PersonaModel, persona_model};
