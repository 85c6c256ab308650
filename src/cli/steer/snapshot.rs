//! `persona-mock snapshot …`: named moments of a sandbox.

use clap::Args;

use super::target::{Shown, Subcommand, TargetArgs, commands};
use crate::cli::values::snapshot;
use crate::control::snapshots;
use crate::mock::Typed;

commands! {
    /// Save and restore named moments of a sandbox
    Snapshot(SnapshotArgs),
}

/// `snapshot`.
#[derive(Debug, Args)]
pub struct SnapshotArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(subcommand)]
    action: Action,
}

/// What to do with snapshots.
#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Save data, ids and clock under a name
    Save {
        /// Such as checkout; a snapshot of that name is replaced
        #[arg(value_parser = snapshot)]
        name: String,
    },
    /// Put data, ids and clock back to a snapshot
    Restore {
        /// The snapshot
        #[arg(value_parser = snapshot)]
        name: String,
    },
    /// List the snapshots
    List,
    /// Print the data of a snapshot, in the fixture format
    Show {
        /// The snapshot
        #[arg(value_parser = snapshot)]
        name: String,
    },
    /// Forget a snapshot
    Delete {
        /// The snapshot
        #[arg(value_parser = snapshot)]
        name: String,
    },
}

impl Subcommand for SnapshotArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        let sandbox = self.target.sandbox.clone();
        Ok(match &self.action {
            Action::Save { name } => Shown::with(Typed::new(&snapshots::SAVE_SNAPSHOT, &[name]), move |saved| {
                format!("sandbox {sandbox}: saved {saved}")
            }),
            Action::Restore { name } => {
                let text = format!("sandbox {sandbox}: restored {name}");
                Shown::saying(Typed::new(&snapshots::RESTORE_SNAPSHOT, &[name]), text)
            }
            Action::List => Shown::of(Typed::new(&snapshots::LIST_SNAPSHOTS, &[])),
            Action::Show { name } => Shown::raw(Typed::new(&snapshots::SHOW_SNAPSHOT, &[name])),
            Action::Delete { name } => {
                let text = format!("sandbox {sandbox}: deleted {name}");
                Shown::saying(Typed::new(&snapshots::DELETE_SNAPSHOT, &[name]), text)
            }
        })
    }
}
