//! `persona-mock state …`: a sandbox's data and ids, in the fixture format.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{TargetArgs, Verb, shown, text};
use crate::cli::values::id;
use crate::mock::{ControlAnswer, ControlRequest, MockError, StateDiff};

/// `state`.
#[derive(Debug, Args)]
pub struct StateArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(subcommand)]
    action: Action,
}

/// What to do with the state.
#[derive(Debug, Subcommand)]
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
    /// Show what changed
    Diff {
        /// Since this snapshot, and not since the sandbox was made or reset
        #[arg(long, value_name = "SNAPSHOT")]
        since: Option<String>,
    },
}

impl Verb for StateArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn request(&self) -> anyhow::Result<ControlRequest> {
        let segments = |provider: &Option<String>| match provider {
            Some(provider) => vec!["state".to_owned(), provider.clone()],
            None => vec!["state".to_owned()],
        };
        let request = |method, segments: Vec<String>| {
            ControlRequest::new(method, &segments.iter().map(String::as_str).collect::<Vec<_>>())
        };
        Ok(match &self.action {
            Action::Get { provider } => request("GET", segments(provider)),
            Action::Put { file, provider } => request("PUT", segments(provider)).body(text(file)?),
            Action::Diff { since } => {
                let diff = ControlRequest::new("GET", &["state", "diff"]);
                since.iter().fold(diff, |diff, since| diff.query("since", since))
            }
        })
    }

    fn say(&self, answer: &ControlAnswer) -> Result<String, MockError> {
        match &self.action {
            Action::Get { .. } => Ok(answer.body.clone()),
            Action::Put { .. } => Ok(format!("sandbox {}: state replaced", self.target.sandbox)),
            Action::Diff { .. } => shown::<StateDiff>(answer),
        }
    }
}
