//! `persona-mock clock …`: a sandbox's time.

use clap::{Args, Subcommand};
use serde_json::json;

use super::{TargetArgs, Verb, shown};
use crate::mock::{ClockState, ControlAnswer, ControlRequest, MockError};

/// `clock`.
#[derive(Debug, Args)]
pub struct ClockArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(subcommand)]
    change: Option<Change>,
}

/// What to do with the clock; showing it, where absent.
#[derive(Debug, Subcommand)]
enum Change {
    /// Show what the clock shows (the default)
    Show,
    /// Let time stand still, now or at an instant
    Freeze {
        /// An RFC 3339 instant such as 2026-01-15T12:00:00Z
        #[arg(default_value = "now")]
        instant: String,
    },
    /// Move time to an instant; a clock that ran runs on
    Set {
        /// An RFC 3339 instant such as 2026-01-15T12:00:00Z
        instant: String,
    },
    /// Move time on, or back with a minus sign
    Advance {
        /// Such as 14d, 90s or -1h
        #[arg(allow_hyphen_values = true)]
        distance: String,
    },
    /// Let time run on from where it stands
    Run,
    /// Show the machine's time again
    Real,
}

impl Verb for ClockArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn request(&self) -> anyhow::Result<ControlRequest> {
        let change = match &self.change {
            None | Some(Change::Show) => return Ok(ControlRequest::new("GET", &["clock"])),
            Some(Change::Freeze { instant }) => json!({"freeze": instant}),
            Some(Change::Set { instant }) => json!({"set": instant}),
            Some(Change::Advance { distance }) => json!({"advance": distance}),
            Some(Change::Run) => json!({"run": true}),
            Some(Change::Real) => json!({"real": true}),
        };
        Ok(ControlRequest::new("PUT", &["clock"]).body(change.to_string()))
    }

    fn say(&self, answer: &ControlAnswer) -> Result<String, MockError> {
        shown::<ClockState>(answer)
    }
}
