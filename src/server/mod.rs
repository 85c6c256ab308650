//! The server: a request from its socket through the pipeline and back.

#[cfg(feature = "server")]
pub(crate) mod addresses;
pub(crate) mod aside;
mod controlled;
mod date;
#[cfg(feature = "server")]
mod discards;
#[cfg(feature = "server")]
pub(crate) mod file_handles;
#[cfg(feature = "server")]
mod large;
#[cfg(feature = "server")]
mod listener;
mod looker;
pub(crate) mod message;
pub(crate) mod middleware;
mod nowhere;
pub(crate) mod pipeline;
#[cfg(feature = "server")]
mod pool;
mod provided;
#[cfg(feature = "server")]
mod recorder;
#[cfg(feature = "server")]
mod serve;
mod settle;
#[cfg(feature = "server")]
mod teller;

#[cfg(feature = "cli")]
pub(crate) use listener::MOST_FIELDS;
#[cfg(feature = "cli")]
pub(crate) use pool::{CONTROL, PROVIDERS};
#[cfg(feature = "cli")]
pub(crate) use recorder::LEAST_RECORD;
#[cfg(feature = "server")]
pub(crate) use recorder::Recorder;
#[cfg(feature = "server")]
pub(crate) use serve::DRAIN;
#[cfg(feature = "server")]
pub use serve::Server;
