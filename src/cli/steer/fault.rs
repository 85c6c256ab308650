//! `persona-mock fault …`: what shall go wrong in a sandbox.

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::flags::{ACTION, ActionArgs, OfRequests, PatternArgs};
use super::target::{Shown, Subcommand, TargetArgs, commands, text};
use crate::cli::exit::usage;
use crate::control::faults;
use crate::mock::{Fault, FaultAction, Typed};

commands! {
    /// Arm and disarm faults in a sandbox
    Fault(FaultArgs),
}

/// `fault`.
#[derive(Debug, Args)]
pub struct FaultArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(subcommand)]
    action: Action,
}

/// What to do with faults.
#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Arm a fault
    Add(Box<AddArgs>),
    /// List the faults that are armed, and what each did
    List,
    /// Put the faults of a file in place of those that are armed
    Set {
        /// A file such as {"faults": […]}; `-` is standard input
        file: PathBuf,
    },
    /// Disarm a fault
    Delete {
        /// Its name
        id: String,
    },
    /// Disarm all faults
    Clear,
}

/// `fault add`.
#[derive(Debug, Args)]
#[command(group(ArgGroup::new(ACTION).required(true).multiple(false)))]
struct AddArgs {
    #[command(flatten)]
    does: ActionArgs,
    /// Retry-After of a 429 or 503
    #[arg(long, value_name = "SECONDS")]
    retry_after: Option<u64>,
    /// Send the status even if the operation does not have it
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    pattern: PatternArgs<OfRequests>,
    /// Strike the first N of them
    #[arg(long, value_name = "N", conflicts_with_all = ["every", "probability"])]
    first: Option<u64>,
    /// Strike every Nth of them
    #[arg(long, value_name = "N", conflicts_with = "probability")]
    every: Option<u64>,
    /// Strike each of them with this probability, drawn from the sandbox's seed
    #[arg(long, value_name = "P")]
    probability: Option<f64>,
    /// How long it stays armed, in real time [default: 10m]
    #[arg(long, value_name = "DURATION")]
    ttl: Option<String>,
    /// Its name [default: fault-1 and so on]
    #[arg(long)]
    id: Option<String>,
}

impl AddArgs {
    fn fault(&self) -> anyhow::Result<Fault> {
        let action = self.does.action()?;
        if !matches!(action, FaultAction::Refuse(_)) && (self.force || self.retry_after.is_some()) {
            return Err(usage("--retry-after and --force are part of --refuse"));
        }
        let mut fault = Fault::new(action);
        fault.matches = self.pattern.pattern()?;
        fault = self.retry_after.iter().fold(fault, |fault, seconds| fault.retry_after(*seconds));
        if self.force {
            fault = fault.force();
        }
        fault = self.first.iter().fold(fault, |fault, times| fault.first(*times));
        fault = self.every.iter().fold(fault, |fault, nth| fault.every(*nth));
        fault = self.probability.iter().fold(fault, |fault, chance| fault.probability(*chance));
        fault = self.ttl.iter().fold(fault, |fault, ttl| fault.ttl(&**ttl));
        fault = self.id.iter().fold(fault, |fault, id| fault.id(id));
        match fault.stated() {
            Ok(()) => Ok(fault),
            Err(wrong) => Err(usage(format!("cannot take the fault: {wrong}"))),
        }
    }
}

impl Subcommand for FaultArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        let sandbox = &self.target.sandbox;
        Ok(match &self.action {
            Action::Add(add) => Shown::of(Typed::new(&faults::ADD_FAULT, &[]).with(&add.fault()?)?),
            Action::List => Shown::of(Typed::new(&faults::LIST_FAULTS, &[])),
            Action::Set { file } => Shown::of(Typed::new(&faults::REPLACE_FAULTS, &[]).with_text(text(file)?)),
            Action::Delete { id } => {
                let said = format!("sandbox {sandbox}: fault {id} disarmed");
                Shown::saying(Typed::new(&faults::DELETE_FAULT, &[id]), said)
            }
            Action::Clear => {
                let said = format!("sandbox {sandbox}: all faults disarmed");
                Shown::saying(Typed::new(&faults::CLEAR_FAULTS, &[]), said)
            }
        })
    }
}
