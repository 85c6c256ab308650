//! Sandboxes: worlds that never see each other, each with everything that a test can disturb.

mod address;
mod bounds;
mod created;
mod entry;
mod gone;
pub(crate) use gone::MOST_GONE;
mod lists;
mod registry;
mod snapshot;
mod world;

pub(crate) use address::{Address, Mounted};
pub(crate) use bounds::Full;
pub use bounds::{Bounds, WhenFull};
pub(crate) use created::{Created, SandboxInfo};
pub(crate) use entry::Found;
pub(crate) use registry::Sandboxes;
pub(crate) use snapshot::Snapshot;
pub(crate) use world::Sandbox;
pub(crate) use world::{Start, Switched};
