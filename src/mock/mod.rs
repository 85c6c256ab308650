//! The mock from Rust: a server in this process or one elsewhere, and handles that steer it.
//!
//! [`PersonaMock`] starts a server here; [`RemoteMock`] speaks with one that runs in a container or
//! another process. Both are a [`Mock`], so the same tests run against either. [`Mock::sandbox`]
//! gives a [`Sandbox`]: a world of its own, with every verb of the control API as a method and
//! assertions whose failures show what was there instead.
//!
//! # Without a server
//!
//! [`PersonaMock::call`] and [`Sandbox::call`] take a request and give its answer in the calling thread, with no socket
//! between them. A mock that [`Builder::build`] makes starts no thread and opens no port: it has these calls alone.
//!
//! # Threads and runtimes
//!
//! The server runs on threads of its own, so tests may be plain `#[test]`, tokio's or actix's. The
//! methods of a [`Sandbox`] are synchronous. On a [`PersonaMock`] they are function calls that never
//! wait for the network. On a [`RemoteMock`] each is one HTTP exchange that blocks the calling
//! thread, which is harmless in a test: the server is never on that thread. Where it does harm,
//! [`Sandbox::aside`] runs the calls on a thread of their own and can be awaited.

mod bounds;
mod builder;
mod call;
mod client;
mod error;
#[cfg(feature = "client")]
mod events;
#[cfg(feature = "client")]
mod http;
mod in_process;
#[cfg(feature = "client")]
mod remote;
#[cfg(feature = "server")]
mod running;
mod sandbox;
mod server;

pub use builder::Builder;
pub use call::{CallRequest, CallResponse};
pub(crate) use client::Typed;
pub use client::{ControlAnswer, ControlClient, ControlRequest};
pub use error::MockError;
#[cfg(feature = "client")]
pub use events::Events;
pub use in_process::PersonaMock;
#[cfg(feature = "client")]
pub use remote::RemoteMock;
pub use sandbox::Sandbox;
pub(crate) use sandbox::asked;
pub use server::Mock;

pub use crate::api::*;
pub use crate::app::{SetupError, WhenFull};
pub use crate::fixtures::FilesError;
#[cfg(feature = "watch")]
pub use crate::fixtures::WatchError;
pub use crate::world::call::{Hinted, Pattern, Status};
pub use crate::world::duration::Distance;
pub use crate::world::fault::*;
pub use crate::world::fixture::FixtureError;
pub use crate::world::options::AuthMode;
