//! Sandboxes: worlds that never see each other, each with everything that a test can disturb.

mod address;
mod registry;
mod world;

pub(crate) use address::{Address, Mounted};
pub use registry::Bounds;
pub(crate) use registry::{Found, SandboxInfo, Sandboxes};
pub(crate) use world::Sandbox;
pub(crate) use world::{Snapshot, Start, Switched};
