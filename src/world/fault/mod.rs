//! Faults: what shall go wrong, when, and for which requests. Pure: nothing here waits or sends.
//!
//! A [`Fault`] is what a test writes. [`Armed`] is a rule that was found right, with all that it
//! needs at hand. A [`FaultPlan`] holds the armed rules of a sandbox and answers each request with a
//! [`Verdict`].

mod act;
mod action;
mod armed;
mod asked;
mod delay;
mod plan;
mod rule;
mod shape;
mod struck;
mod words;

pub(crate) use act::{Act, CannedAnswer, Example};
pub use action::*;
pub(crate) use armed::{Armed, Parsed, RequestView, Target};
pub(crate) use asked::{Asked, BY_REQUEST, read_fault, read_prefer};
pub use delay::Delay;
#[cfg(feature = "cli")]
pub(crate) use delay::LONGEST_WAIT;
pub(crate) use plan::{FaultPlan, RuleState, TooMany, Verdict};
pub use rule::{Fault, FaultWhen};
#[cfg(feature = "cli")]
pub(crate) use rule::{LONGEST_MATCH, MOST_FIELDS};
pub use struck::Struck;
pub(crate) use words::asked_for;
