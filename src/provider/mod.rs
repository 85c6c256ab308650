//! What every provider implements ([`Provider`]), and what it is asked and answers with: request, response and
//! descriptor, as plain values.

mod erased;
pub(crate) mod headers;

pub(crate) mod path;
mod problem;
mod request;
pub(crate) mod response;
mod vendor;

pub(crate) use ::http::header;
pub use ::http::header::{HeaderName, HeaderValue};
pub use erased::{AnyProvider, Loaded, Registered, register};
pub use headers::{HeaderKey, Headers};
pub(crate) use request::almost;
pub use request::{Base, Request};
pub use response::Response;
pub use vendor::*;

pub use crate::api::Provenance;
pub use crate::world::fixture::{FixtureTime, Loading};
pub use crate::world::ids::{NextIds, Seed, Sequence};
pub use crate::world::limit::RateLimit;
pub use crate::world::options::{AuthMode, Options, Setting, TrackedOptions};
pub use crate::world::refusal::Refusal;
