//! The verbs of the control API as subcommands, each against a running server.

mod clock;
mod fault;
mod flags;
mod limits;
mod requests;
mod sandboxes;
mod settings;
mod snapshot;
mod state;
mod target;
mod verify;
mod world;

use clock::ClockArgs;
use fault::FaultArgs;
use limits::{LimitsArgs, MetricsArgs};
use requests::RequestsArgs;
use sandboxes::SandboxesArgs;
use settings::SettingsArgs;
use snapshot::SnapshotArgs;
use state::StateArgs;
use target::ask;
use verify::VerifyArgs;
use world::{ResetArgs, SeedArgs};

/// What a running server is asked.
#[derive(Debug, clap::Subcommand)]
pub enum Steer {
    /// Put a sandbox of a running server back to where it started
    Reset(ResetArgs),
    /// Read, replace or compare a sandbox's data
    State(StateArgs),
    /// Save and restore named moments of a sandbox
    Snapshot(SnapshotArgs),
    /// Show or change a sandbox's time
    Clock(ClockArgs),
    /// Show or set where a sandbox's ids come from
    Seed(SeedArgs),
    /// Show or change a sandbox's switches
    Settings(SettingsArgs),
    /// Arm and disarm faults in a sandbox
    Fault(FaultArgs),
    /// Show or change a sandbox's rate limits
    Limits(LimitsArgs),
    /// Show what was asked of a sandbox and what it answered
    Requests(Box<RequestsArgs>),
    /// Hold the calls that were made against what is expected
    Verify(Box<VerifyArgs>),
    /// Print a running server's counters in Prometheus' text format
    Metrics(MetricsArgs),
    /// List, make and delete the sandboxes of a running server
    Sandboxes(SandboxesArgs),
}

/// Asks what is to be asked.
pub(super) fn run(steer: &Steer) -> anyhow::Result<()> {
    match steer {
        Steer::Reset(args) => ask(args),
        Steer::State(args) => ask(args),
        Steer::Snapshot(args) => ask(args),
        Steer::Clock(args) => ask(args),
        Steer::Seed(args) => ask(args),
        Steer::Settings(args) => ask(args),
        Steer::Fault(args) => ask(args),
        Steer::Limits(args) => ask(args),
        Steer::Requests(args) => requests::run(args),
        Steer::Verify(args) => ask(&**args),
        Steer::Metrics(args) => ask(args),
        Steer::Sandboxes(args) => ask(args),
    }
}
