//! `persona-mock state …`: a sandbox's data and ids, in the fixture format.

use std::path::PathBuf;

use clap::Args;

use super::target::{Shown, Subcommand, TargetArgs, commands, text};
use crate::api::StateDiff;
use crate::cli::values::id;
use crate::control::{diff, state};
use crate::mock::Typed;

commands! {
    /// Read, replace or compare a sandbox's data
    State(StateArgs),
}

/// `state`.
#[derive(Debug, Args)]
pub struct StateArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(subcommand)]
    action: Action,
}

/// What to do with the state.
#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Print the data and ids
    Get {
        /// Of this provider alone
        #[arg(value_parser = id)]
        provider: Option<String>,
    },
    /// Replace the data and ids; at a fault, nothing
    Put {
        /// A file with fixtures by provider id; `-` is standard input
        file: PathBuf,
        /// The file is this provider's fixture
        #[arg(long, value_parser = id)]
        provider: Option<String>,
    },
    /// Show what changed; ends with 3 where something did
    Diff {
        /// Since this snapshot, and not since the sandbox was made or reset
        #[arg(long, value_name = "SNAPSHOT")]
        since: Option<String>,
    },
}

impl Subcommand for StateArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        let replaced = || format!("sandbox {}: state replaced", self.target.sandbox);
        Ok(match &self.action {
            Action::Get { provider: None } => Shown::raw(Typed::new(&state::SHOW_STATE, &[])),
            Action::Get { provider: Some(id) } => Shown::raw(Typed::new(&state::SHOW_STATE_OF, &[id])),
            Action::Put { file, provider: None } => {
                Shown::saying(Typed::new(&state::REPLACE_STATE, &[]).with_text(text(file)?), replaced())
            }
            Action::Put { file, provider: Some(id) } => {
                Shown::saying(Typed::new(&state::REPLACE_STATE_OF, &[id]).with_text(text(file)?), replaced())
            }
            Action::Diff { since } => {
                let diff = Typed::new(&diff::SHOW_DIFF, &[]);
                let diff = since.iter().fold(diff, |diff, since| diff.query("since", since));
                Shown::of(diff).finding(|diff: &StateDiff| !diff.is_empty())
            }
        })
    }
}
