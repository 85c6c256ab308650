//! How pydantic checks values in lax mode and words what it finds. What hangs on its version asks the [`Version`] that
//! [`Findings`] were begun with.

mod boolean;
mod choice;
mod findings;
mod integer;
mod object;
mod plain;
mod text;
mod uuid;

pub(crate) use choice::Choice;
pub(crate) use findings::{Finding, Findings, Input, Loc};
pub(crate) use integer::Range;
pub(crate) use object::{dict_as_answered, left_out, union_of_model_and_dict};
pub(crate) use plain::Plain;
pub(crate) use text::Bounds;
pub(crate) use uuid::Version;
