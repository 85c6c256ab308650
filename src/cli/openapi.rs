//! `persona-mock openapi PROVIDER`: the document as it is served under the settings given.

use anyhow::Context;

use super::args::OpenapiArgs;
use super::config;
use crate::contract::document;
use crate::http::hall::{Hall, Setup};
use crate::providers;

#[expect(clippy::print_stdout, reason = "the document is this subcommand's output")]
pub(super) fn run(args: &OpenapiArgs) -> anyhow::Result<()> {
    let setup = Setup { only: Some(vec![args.provider.clone()]), ..config::world(&args.world)? };
    let hall = Hall::build(providers::registry(), &setup)?;
    let document =
        document::served(&hall, hall.default_sandbox(), &args.provider).context("the provider is not served")??;
    println!("{}", serde_json::to_string_pretty(&document)?);
    Ok(())
}
