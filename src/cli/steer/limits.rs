//! `persona-mock limits`.

use clap::Args;

use super::target::{Shown, Subcommand, TargetArgs, commands};
use crate::api::LimitsChange;
use crate::cli::exit::usage;
use crate::cli::values::id;
use crate::control::limits;
use crate::mock::Typed;
use crate::world::options::meant;

commands! {
    /// Show or change a sandbox's rate limits
    Limits(LimitsArgs),
}

/// `limits`.
#[derive(Debug, Args)]
pub struct LimitsArgs {
    /// provider=100/1m, provider=on for the vendor's own, or provider=off; all are shown where none is given
    #[arg(value_name = "PROVIDER=LIMIT")]
    change: Vec<String>,
    #[command(flatten)]
    target: TargetArgs,
}

impl Subcommand for LimitsArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        if self.change.is_empty() {
            return Ok(Shown::of(Typed::new(&limits::SHOW_LIMITS, &[])));
        }
        let mut change = LimitsChange::default();
        for text in &self.change {
            let Some((provider, limit)) = text.split_once('=') else {
                return Err(usage(format!(
                    "cannot take the limit `{text}`: expected provider=limit, such as axero=100/1m"
                )));
            };
            let limit = limit.trim().to_ascii_lowercase();
            let limit = meant(&["on", "off"], &limit).map_or(limit.clone(), str::to_owned);
            change.limits.insert(id(provider)?, limit);
        }
        Ok(Shown::of(Typed::new(&limits::CHANGE_LIMITS, &[]).with(&change)?))
    }
}
