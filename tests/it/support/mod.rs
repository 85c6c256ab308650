//! What every integration test stands on.

pub mod called;
pub mod case;
pub mod client;
pub mod contract;
pub mod control;
pub mod evidence;
pub mod recording;
pub mod server;
pub mod shell;
pub mod toy;

pub use client::{Answer, Asked};
pub use server::TestServer;
