//! What every provider implements ([`Provider`]), and what it is asked and answers with: request, response and
//! descriptor, as plain values.

#[cfg(test)]
pub(crate) mod asking;
mod call;
pub(crate) mod credential;
pub(crate) mod entity;
pub(crate) mod erased;
#[cfg(test)]
pub(crate) mod from_text;
pub(crate) mod generate;
pub(crate) mod headers;
pub(crate) mod kept;

mod mount;
mod noting;
pub(crate) mod path;
mod problem;
pub(crate) mod records;
mod request;
pub(crate) mod response;
mod sample;
pub(crate) mod scheme;
mod slot;
mod vendor;
mod wrong_part;

pub(crate) use ::http::header;
pub use ::http::header::{HeaderName, HeaderValue};
pub use call::Call;
pub(crate) use call::View;
pub(crate) use erased::AnyProvider;
pub use erased::{Registered, register};
pub use headers::{HeaderKey, Headers};
pub use mount::Mount;
pub(crate) use noting::{noting, pass_over_body};
pub use request::{Base, Request};
pub(crate) use request::{almost, latin_1};
pub use response::{Response, Unread};
pub use sample::Sample;
pub use scheme::Scheme;
pub(crate) use slot::{Meant, Moment, NotChanged, RowsWanted, Slot};
pub use vendor::*;
pub(crate) use wrong_part::Came;
pub use wrong_part::WrongPart;

pub use crate::api::Provenance;
pub use crate::world::fixture::{FixtureTime, Loading};
pub use crate::world::ids::{NextIds, Seed, Sequence};
pub use crate::world::limit::RateLimit;
pub use crate::world::name::Name;
pub use crate::world::options::{AuthMode, Options, Setting, TrackedOptions};
pub use crate::world::refusal::Refusal;
