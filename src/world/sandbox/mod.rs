//! Sandboxes: worlds that never see each other, each with everything that a test can disturb.

mod name;
mod room;
mod seeds;
mod shelf;
mod world;

pub use name::{CREDENTIAL_MARK, NameError, SandboxName, split_credential};
pub use room::{Room, View};
pub use seeds::Seeds;
pub use shelf::{Bounds, Created, Found, SandboxInfo, Sandboxes, Tally};
pub use world::{Origin, Sandbox, Snapshot};
