//! `persona-mock reset` and `persona-mock seed`.

use clap::Args;

use super::target::{Shown, Subcommand, TargetArgs};
use crate::api::{ResetRequest, Seed};
use crate::cli::values::id;
use crate::control::{clock, reset};
use crate::mock::Typed;

/// `reset`.
#[derive(Debug, Args)]
pub struct ResetArgs {
    /// Put back only this: a provider's data and ids
    #[arg(value_parser = id)]
    only: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
}

impl Subcommand for ResetArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        Ok(Shown::of(Typed::new(&reset::RESET, &[]).with(&ResetRequest { only: self.only.clone() })?))
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
