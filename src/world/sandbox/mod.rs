//! Sandboxes: worlds that never see each other, each with everything that a test can disturb.

mod name;
mod registry;
mod reloaded;
mod slot;
mod world;

pub(crate) use name::{CREDENTIAL_MARK, NameError, SandboxName, split_credential};
pub use registry::Bounds;
pub(crate) use registry::{Found, SandboxInfo, Sandboxes};
pub(crate) use reloaded::ReloadedFixtures;
pub(crate) use slot::ProviderSlot;
pub(crate) use slot::View;
pub(crate) use world::Sandbox;
pub(crate) use world::{Baseline, Snapshot};
