//! `persona-mock clock …` and `persona-mock seed`: a sandbox's time, and where its ids come from.

use clap::Args;

use super::target::{Shown, Subcommand, TargetArgs, commands};
use crate::api::{ClockChange, Seed};
use crate::control::clock;
use crate::mock::Typed;

commands! {
    /// Show or change a sandbox's time
    Clock(ClockArgs),
    /// Show or set where a sandbox's ids come from
    Seed(SeedArgs),
}

/// `clock`.
#[derive(Debug, Args)]
pub struct ClockArgs {
    #[command(flatten)]
    target: TargetArgs,
    #[command(subcommand)]
    change: Option<Change>,
}

/// What to do with the clock; showing it, where absent.
#[derive(Debug, Clone, clap::Subcommand)]
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

impl Subcommand for ClockArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        let change = match self.change.clone() {
            None | Some(Change::Show) => return Ok(Shown::of(Typed::new(&clock::SHOW_CLOCK, &[]))),
            Some(Change::Freeze { instant }) => ClockChange::Freeze(instant),
            Some(Change::Set { instant }) => ClockChange::Set(instant),
            Some(Change::Advance { distance }) => ClockChange::Advance(distance),
            Some(Change::Run) => ClockChange::Run(true),
            Some(Change::Real) => ClockChange::Real(true),
        };
        Ok(Shown::of(Typed::new(&clock::CHANGE_CLOCK, &[]).with(&change)?))
    }
}

/// `seed`.
#[derive(Debug, Args)]
pub struct SeedArgs {
    /// Where ids come from, from the next draw on; the present seed is shown where absent
    seed: Option<u64>,
    #[command(flatten)]
    target: TargetArgs,
}

impl Subcommand for SeedArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        Ok(Shown::of(match self.seed {
            Some(seed) => Typed::new(&clock::CHANGE_SEED, &[]).with(&Seed { seed })?,
            None => return Ok(Shown::of(Typed::new(&clock::SHOW_SEED, &[]))),
        }))
    }
}
