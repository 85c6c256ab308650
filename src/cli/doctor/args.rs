//! What `doctor` is told.

use clap::Args;

use crate::cli::beforehand::Beforehand;
use crate::cli::place::PlaceArgs;
use crate::cli::world_args::WorldArgs;

/// `doctor`. Flags and variables are those of `serve`, so that it looks at what they make a server do.
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// Where the server listens.
    #[command(flatten)]
    pub place: PlaceArgs,
    /// What is served.
    #[command(flatten)]
    pub world: WorldArgs,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// What was found when the command line was read.
    #[arg(skip)]
    pub(in crate::cli) beforehand: Beforehand,
}
