//! `persona-mock openapi PROVIDER`: the document as it is served under the settings given.

use anyhow::Context;

use super::args::OpenapiArgs;
use super::{config, print};
use crate::http::hall::Setup;

pub(super) fn run(args: &OpenapiArgs) -> anyhow::Result<()> {
    let setup = Setup { only: Some(vec![args.provider.clone()]), ..config::world(&args.world)? };
    let hall = config::hall(&setup)?;
    let number = hall.passports().position(|passport| passport.id == args.provider);
    let document = number.and_then(|number| hall.document(number, &hall.options(number)));
    print::out(&serde_json::to_string_pretty(document.context("the provider is not served")??.json())?)
}
