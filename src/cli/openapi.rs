//! `persona-mock openapi PROVIDER`: the document as it is served under the settings given.

use anyhow::Context;

use super::args::OpenapiArgs;
use super::{config, print};
use crate::app::Setup;

pub(super) fn run(args: &OpenapiArgs) -> anyhow::Result<()> {
    let setup = Setup { only: Some(vec![args.provider.clone()]), ..config::world(&args.world)? };
    let app = config::app(&setup)?;
    let slot = app.slot(&args.provider).context("the provider is not served")?;
    let document = app.document(slot.provider(), &slot.options())?;
    print::out(&serde_json::to_string_pretty(document.json())?)
}
