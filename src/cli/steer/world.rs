//! `persona-mock reset`.

use clap::Args;

use super::target::{Shown, Subcommand, TargetArgs, commands};
use crate::api::ResetRequest;
use crate::cli::values::id;
use crate::control::reset;
use crate::mock::Typed;

commands! {
    /// Put a sandbox of a running server back to where it started
    Reset(ResetArgs),
}

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
