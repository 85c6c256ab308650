//! How the cells that nobody exercised can be: for each a request that fills it.
//!
//! Nothing here knows a vendor. Requests are made of what the document shows (`shown`), with one thing changed where a
//! cell asks for it (`changes`, `values`), and sent with the credentials that the sandbox's data lists. Each is tried on a
//! copy of the provider's state (`trial`) before it is told: what is told fills its cell.

mod cell;
mod changes;
mod curl;
mod draft;
mod known;
mod path;
mod plan;
mod queue;
mod shown;
mod trial;
mod values;

pub(crate) use plan::MOST_TRIED;
pub(crate) use queue::{Chosen, Queue, Where};
