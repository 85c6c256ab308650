//! The server: a request from its socket through the pipeline and back.

pub mod addresses;
mod date;
mod file_handles;
mod listener;
pub(crate) mod message;
pub(crate) mod middleware;
mod nowhere;
pub(crate) mod pipeline;
mod serve;

pub use serve::Server;
