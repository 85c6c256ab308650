//! `persona-mock snapshot …`: named moments of a sandbox.

use clap::{Args, Subcommand};

use super::{TargetArgs, Verb, shown};
use crate::mock::{ControlAnswer, ControlRequest, MockError, Snapshot, SnapshotList};

/// `snapshot`.
#[derive(Debug, Args)]
pub struct SnapshotArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(subcommand)]
    action: Action,
}

/// What to do with snapshots.
#[derive(Debug, Subcommand)]
enum Action {
    /// Save data, ids and clock under a name
    Save {
        /// Such as checkout; a snapshot of that name is replaced
        name: String,
    },
    /// Put data, ids and clock back to a snapshot
    Restore {
        /// The snapshot
        name: String,
    },
    /// List the snapshots
    List,
    /// Print the data of a snapshot, in the fixture format
    Show {
        /// The snapshot
        name: String,
    },
    /// Forget a snapshot
    Delete {
        /// The snapshot
        name: String,
    },
}

impl Verb for SnapshotArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn request(&self) -> anyhow::Result<ControlRequest> {
        Ok(match &self.action {
            Action::Save { name } => ControlRequest::new("PUT", &["snapshots", name]),
            Action::Restore { name } => ControlRequest::new("POST", &["snapshots", name, "restore"]),
            Action::List => ControlRequest::new("GET", &["snapshots"]),
            Action::Show { name } => ControlRequest::new("GET", &["snapshots", name]),
            Action::Delete { name } => ControlRequest::new("DELETE", &["snapshots", name]),
        })
    }

    fn say(&self, answer: &ControlAnswer) -> Result<String, MockError> {
        let sandbox = &self.target.sandbox;
        match &self.action {
            Action::Save { .. } => Ok(format!("sandbox {sandbox}: saved {}", shown::<Snapshot>(answer)?)),
            Action::Restore { name } => Ok(format!("sandbox {sandbox}: restored {name}")),
            Action::List => shown::<SnapshotList>(answer),
            Action::Show { .. } => Ok(answer.body.clone()),
            Action::Delete { name } => Ok(format!("sandbox {sandbox}: deleted {name}")),
        }
    }
}
