//! How pydantic 2.12 checks values in lax mode and words what it finds.

mod boolean;
mod choice;
mod findings;
mod integer;
mod object;
mod text;
mod uuid;

pub use choice::Choice;
pub use findings::{Finding, Findings, Input, Loc};
pub use integer::Range;
pub use object::{dict_as_answered, union_of_model_and_dict};
pub use text::Bounds;
