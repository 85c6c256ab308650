//! `persona-mock openapi PROVIDER`: the document as it is served under the settings given.

use anyhow::Context;
use clap::Args;

use super::world_args::WorldArgs;
use super::{config, print, values};
use crate::app::Setup;

/// `openapi`.
#[derive(Debug, Args)]
pub struct OpenapiArgs {
    /// The provider's id
    #[arg(value_parser = values::id)]
    pub provider: String,
    /// What would be served.
    #[command(flatten)]
    pub world: WorldArgs,
}

pub(super) fn run(args: &OpenapiArgs) -> anyhow::Result<()> {
    let mut setup = Setup { only: Some(vec![args.provider.clone()]), ..config::world(&args.world)? };
    let app = config::app(&mut setup)?;
    let slot = app.slot(&args.provider).context("the provider is not served")?;
    let document = app.document(slot.provider(), &slot.options())?;
    print::out(&serde_json::to_string_pretty(document.json())?)
}
