//! Why a credential was refused: a sentence for `X-Mock-Hint` that says what was found and what is wanted.
//!
//! It repeats nothing that was sent but names and schemes of the tables below, so that a secret in a wrong place stays
//! one. A credential that works is named where the state is the embedded fixture and the control API is open.

mod form;
mod reason;
mod refused;

pub(crate) use form::Form;
pub(crate) use reason::{Reason, shown};
pub(crate) use refused::Refused;
