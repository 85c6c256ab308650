//! `persona-mock routes`: every operation that is served.

use clap::Args;

use super::world_args::WorldArgs;
use super::{config, print};
use crate::api::RouteEntry;
use crate::control::route_list;

/// `routes`.
#[derive(Debug, Args)]
pub struct RoutesArgs {
    /// What would be served.
    #[command(flatten)]
    pub world: WorldArgs,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

pub(super) fn run(args: &RoutesArgs) -> anyhow::Result<()> {
    let app = config::app(&mut config::world(&args.world)?)?;
    let routes = route_list(app.default_sandbox());
    if args.json {
        return print::out(&serde_json::to_string_pretty(&routes)?);
    }
    let width = |of: fn(&RouteEntry) -> usize| routes.iter().map(of).max().unwrap_or(0);
    let (names, paths) = (width(|route| route.operation.len()), width(|route| route.path.len()));
    let lines = routes.iter().map(|route| {
        let provenance = format!("{:?}", route.provenance).to_lowercase();
        format!("{:names$}  {:6}  {:paths$}  {provenance}", route.operation, route.method, route.path)
    });
    print::out(&lines.collect::<Vec<_>>().join("\n"))
}
