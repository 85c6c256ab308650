//! `persona-mock fault …`: what shall go wrong in a sandbox.

use std::path::PathBuf;

use anyhow::bail;
use clap::{ArgGroup, Args, Subcommand};

use super::{TargetArgs, Verb, shown, text};
use crate::cli::values::{Choice, id};
use crate::mock::{ControlAnswer, ControlRequest, Cut, Fault, FaultList, FaultState, Garble, MockError};

/// `fault`.
#[derive(Debug, Args)]
pub struct FaultArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(subcommand)]
    action: Action,
}

/// What to do with faults.
#[derive(Debug, Subcommand)]
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
#[command(group(ArgGroup::new("action").required(true).multiple(false)))]
struct AddArgs {
    /// Answer with this status of the operation, in the vendor's body
    #[arg(long, value_name = "STATUS", group = "action")]
    refuse: Option<u16>,
    /// Retry-After of a 429 or 503
    #[arg(long, value_name = "SECONDS")]
    retry_after: Option<u64>,
    /// Send the status even if the operation does not have it
    #[arg(long)]
    force: bool,
    /// Answer late: always by 2s, or by 100ms..2s
    #[arg(long, value_name = "WAIT", group = "action")]
    delay: Option<String>,
    /// Answer late, mostly near a median: 200ms,0.5 is median and spread
    #[arg(long, value_name = "MEDIAN,SIGMA", group = "action")]
    delay_lognormal: Option<String>,
    /// Let the body trickle for so long
    #[arg(long, value_name = "DURATION", group = "action")]
    slow_body: Option<String>,
    /// Reset the connection
    #[arg(long, value_name = "WHERE", group = "action", value_parser = Choice::<Cut>::new())]
    cut: Option<Cut>,
    /// Spoil the body
    #[arg(long, value_name = "HOW", group = "action", value_parser = Choice::<Garble>::new())]
    garble: Option<Garble>,
    /// Let a read see the state before the provider's last write
    #[arg(long, group = "action")]
    stale: bool,
    /// Requests to this provider
    #[arg(long, value_name = "ID", value_parser = id)]
    provider: Option<String>,
    /// Requests of this operation, such as vijil.list_personas
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,
    /// Requests of this method
    #[arg(long)]
    method: Option<String>,
    /// Requests to these paths; `*` or `{name}` stands for one segment, `**` for any number
    #[arg(long, value_name = "PATTERN")]
    path: Option<String>,
    /// Requests with this header field; `*` stands for anything (repeatable)
    #[arg(long, value_name = "NAME: PATTERN")]
    header: Vec<String>,
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
        if self.refuse.is_none() && (self.force || self.retry_after.is_some()) {
            bail!("--retry-after and --force are part of --refuse");
        }
        let mut fault = self.action()?;
        if let Some(seconds) = self.retry_after {
            fault = fault.retry_after(seconds);
        }
        if self.force {
            fault = fault.force();
        }
        fault = self.provider.iter().fold(fault, |fault, id| fault.provider(id));
        fault = self.operation.iter().fold(fault, |fault, name| fault.operation(name));
        fault = self.method.iter().fold(fault, |fault, method| fault.method(method));
        fault = self.path.iter().fold(fault, |fault, pattern| fault.path(pattern));
        for field in &self.header {
            let Some((name, pattern)) = field.split_once(':') else {
                bail!("cannot take the header field {field:?}: expected `name: pattern`");
            };
            fault = fault.header(name.trim(), pattern.trim());
        }
        fault = self.first.iter().fold(fault, |fault, times| fault.first(*times));
        fault = self.every.iter().fold(fault, |fault, nth| fault.every(*nth));
        fault = self.probability.iter().fold(fault, |fault, chance| fault.probability(*chance));
        fault = self.ttl.iter().fold(fault, |fault, ttl| fault.ttl(&**ttl));
        Ok(self.id.iter().fold(fault, |fault, id| fault.id(id)))
    }

    fn action(&self) -> anyhow::Result<Fault> {
        if let Some(status) = self.refuse {
            return Ok(Fault::refuse(status));
        }
        if let Some(wait) = &self.delay {
            return Ok(match wait.split_once("..") {
                Some((min, max)) => Fault::delay_between(min, max),
                None => Fault::delay(&**wait),
            });
        }
        if let Some(text) = &self.delay_lognormal {
            return match text.split_once(',').map(|(median, sigma)| (median, sigma.parse())) {
                Some((median, Ok(sigma))) => Ok(Fault::delay_lognormal(median, sigma)),
                _ => bail!("cannot take the delay {text:?}: expected median and spread, such as 200ms,0.5"),
            };
        }
        if let Some(over) = &self.slow_body {
            return Ok(Fault::slow_body(&**over));
        }
        Ok(match (self.cut, self.garble) {
            (Some(cut), _) => Fault::cut(cut),
            (None, Some(garble)) => Fault::garble(garble),
            (None, None) => Fault::stale(),
        })
    }
}

impl Verb for FaultArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn request(&self) -> anyhow::Result<ControlRequest> {
        Ok(match &self.action {
            Action::Add(add) => ControlRequest::new("POST", &["faults"]).body(serde_json::to_string(&add.fault()?)?),
            Action::List => ControlRequest::new("GET", &["faults"]),
            Action::Set { file } => ControlRequest::new("PUT", &["faults"]).body(text(file)?),
            Action::Delete { id } => ControlRequest::new("DELETE", &["faults", id]),
            Action::Clear => ControlRequest::new("DELETE", &["faults"]),
        })
    }

    fn say(&self, answer: &ControlAnswer) -> Result<String, MockError> {
        let sandbox = &self.target.sandbox;
        match &self.action {
            Action::Add(_) => shown::<FaultState>(answer),
            Action::List | Action::Set { .. } => shown::<FaultList>(answer),
            Action::Delete { id } => Ok(format!("sandbox {sandbox}: fault {id} disarmed")),
            Action::Clear => Ok(format!("sandbox {sandbox}: all faults disarmed")),
        }
    }
}
