//! The shapes of the control API, once: the server writes what the handle and the shell read, and the other way.
//!
//! Members that an answer has beyond these are passed over when it is read; members of a request that are not
//! known are refused.

mod body;
mod faults;
mod journal;
mod requests;
mod verify;

pub use body::{Body, Json};
pub use faults::{FaultList, FaultState, FaultStates};
pub use journal::{
    Event, Exchange, ExchangeAnswer, ExchangePage, ExchangeRequest, Hint, HintField, Ignored, NearestOperation, Reason,
    Side,
};
pub use requests::{EventId, Requests};
pub use verify::{Call, Failure, FieldCheck, NearestCall, NotVerified, Verified, VerifyRequest};

use std::fmt;

/// Items as people read them, one a line.
pub(crate) fn lines(f: &mut fmt::Formatter<'_>, items: &[impl fmt::Display]) -> fmt::Result {
    items.iter().enumerate().try_for_each(|(number, item)| {
        let start = if number == 0 { "" } else { "\n" };
        write!(f, "{start}{item}")
    })
}
