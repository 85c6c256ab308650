//! The hall: HTTP for every vendor, knowing none of them.
//!
//! [`provider`] is the contract a vendor keeps, [`hall`] the way of a request, [`server`] the door.

pub mod hall;
pub mod listen;
pub mod origin;
pub mod problem;
pub mod provider;
pub mod request;
pub mod response;
pub mod server;

pub(crate) mod counts;
pub(crate) mod followers;
pub(crate) mod threads;

pub(crate) mod app;
mod date;
mod erased;
mod handles;
mod headers;
mod host;
pub(crate) mod layers;
mod listener;
pub(crate) mod message;
mod nowhere;
mod reload;
mod setup;

pub use crate::api::Watching;
pub use ::http::header::{self, HeaderName, HeaderValue};
pub use erased::{AnyProvider, Registered, register};
pub use headers::{HeaderKey, Headers};
pub use host::{Host, HostError};
pub(crate) use layers::address::{decoded, split_prefix};
pub use origin::Cors;
