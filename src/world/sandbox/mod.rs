//! Sandboxes: worlds that never see each other, each with everything that a test can disturb.

mod name;
mod registry;
mod reloaded;
mod slot;
mod world;

pub use name::{CREDENTIAL_MARK, NameError, SandboxName, split_credential};
pub use registry::{Bounds, Created, Found, SandboxInfo, Sandboxes, Tally};
pub use reloaded::ReloadedFixtures;
pub use slot::{ProviderSlot, View};
pub use world::{Baseline, Sandbox, Snapshot};
