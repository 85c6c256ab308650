//! `persona-mock sandboxes …` and `persona-mock metrics`: what a server has, whichever sandbox is meant.

use std::path::PathBuf;

use clap::Args;

use super::super::fixture_bound::FixtureBound;
use super::settings;
use super::target::{Shown, Subcommand, TargetArgs, commands};
use crate::api::SandboxStart;
use crate::app::SetupError;
use crate::cli::values::name;
use crate::control::{metrics, sandboxes};
use crate::mock::Typed;

commands! {
    /// Print a running server's counters in Prometheus' text format
    Metrics(MetricsArgs),
    /// List, make and delete the sandboxes of a running server
    Sandboxes(SandboxesArgs),
}

/// `sandboxes`.
#[derive(Debug, Args)]
pub struct SandboxesArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(subcommand)]
    action: Action,
}

/// What to do with sandboxes.
#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List the sandboxes that are there
    List,
    /// Show one
    Show {
        /// The sandbox
        #[arg(value_parser = name)]
        name: String,
    },
    /// Make one; the one of that name, if there was one, is gone
    Make(MakeArgs),
    /// Take one away; the next request that names it makes a new one
    Delete {
        /// The sandbox
        #[arg(value_parser = name)]
        name: String,
    },
}

/// `sandboxes make`.
#[derive(Debug, Args)]
struct MakeArgs {
    /// 1 to 64 letters, digits, dots, underscores or hyphens, not dots alone
    #[arg(value_parser = name)]
    name: String,
    /// The sandbox that it is a fork of, in data, ids, clock, seed and settings
    #[arg(long, value_name = "NAME", value_parser = name)]
    from: Option<String>,
    /// Where its ids come from
    #[arg(long)]
    seed: Option<u64>,
    /// Its time: the machine's, or frozen at an instant
    #[arg(long, value_name = "real|RFC3339")]
    clock: Option<String>,
    /// auth=off|any|strict, documented_only=on|off or provider.key=value (repeatable)
    #[arg(long, value_name = "KEY=VALUE", value_delimiter = ',')]
    set: Vec<String>,
    /// Directory of fixture files of its own; a reset returns to them
    #[arg(long, value_name = "DIR")]
    fixtures: Option<PathBuf>,
    #[command(flatten)]
    bound: FixtureBound,
    /// How long it may be idle, such as 10m
    #[arg(long, value_name = "DURATION")]
    ttl: Option<String>,
}

impl MakeArgs {
    fn start(&self) -> anyhow::Result<SandboxStart> {
        let mut start = SandboxStart::new().settings(settings::change(&self.set)?);
        if let Some(from) = &self.from {
            start = start.from(from);
        }
        if let Some(seed) = self.seed {
            start = start.seed(seed);
        }
        if let Some(clock) = &self.clock {
            start = start.clock(clock);
        }
        if let Some(ttl) = &self.ttl {
            start = start.ttl(ttl);
        }
        if let Some(dir) = &self.fixtures {
            let (texts, faults) = self.bound.dir(dir).read()?;
            if !faults.is_empty() {
                return Err(SetupError::Fixture(faults).into());
            }
            for fixture in texts {
                start = start.fixture_text(fixture.provider, fixture.text)?;
            }
        }
        Ok(start)
    }
}

impl Subcommand for SandboxesArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        Ok(match &self.action {
            Action::List => Shown::of(Typed::new(&sandboxes::LIST_SANDBOXES, &[])),
            Action::Show { name } => Shown::of(Typed::new(&sandboxes::SHOW_SANDBOX, &[name])),
            Action::Make(make) => Shown::of(Typed::new(&sandboxes::MAKE_SANDBOX, &[&make.name]).with(&make.start()?)?),
            Action::Delete { name } => {
                Shown::saying(Typed::new(&sandboxes::DELETE_SANDBOX, &[name]), format!("sandbox {name} is gone"))
            }
        })
    }
}

/// `metrics`.
#[derive(Debug, Args)]
pub struct MetricsArgs {
    #[command(flatten)]
    target: TargetArgs,
}

impl Subcommand for MetricsArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        Ok(Shown::raw(Typed::new(&metrics::SHOW_METRICS, &[])))
    }
}
