//! `persona-mock openapi PROVIDER`: the document as it is served under the settings given.

use anyhow::Context;

use super::args::OpenapiArgs;
use super::{config, print};
use crate::contract::document;
use crate::http::hall::Setup;

pub(super) fn run(args: &OpenapiArgs) -> anyhow::Result<()> {
    let setup = Setup { only: Some(vec![args.provider.clone()]), ..config::world(&args.world)? };
    let hall = config::hall(&setup)?;
    let document =
        document::served(&hall, hall.default_sandbox(), &args.provider).context("the provider is not served")??;
    print::out(&serde_json::to_string_pretty(&document)?)
}
