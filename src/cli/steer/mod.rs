//! The verbs of the control API as subcommands, each against a running server. Each file states its own.

mod clock;
mod credentials;
mod fault;
mod flags;
mod history;
mod limits;
mod requests;
mod row;
mod sandboxes;
mod settings;
mod snapshot;
mod state;
mod target;
mod verify;
mod world;

pub(super) use target::{TargetArgs, text};

/// What a running server is asked: the subcommands of each file, in the order of a help text.
#[derive(Debug, clap::Subcommand)]
pub enum Steer {
    #[command(flatten)]
    World(world::Commands),
    #[command(flatten)]
    State(state::Commands),
    #[command(flatten)]
    Row(row::Commands),
    #[command(flatten)]
    Snapshot(snapshot::Commands),
    #[command(flatten)]
    History(history::Commands),
    #[command(flatten)]
    Clock(clock::Commands),
    #[command(flatten)]
    Settings(settings::Commands),
    #[command(flatten)]
    Credentials(credentials::Commands),
    #[command(flatten)]
    Fault(fault::Commands),
    #[command(flatten)]
    Limits(limits::Commands),
    #[command(flatten)]
    Requests(requests::Commands),
    #[command(flatten)]
    Verify(verify::Commands),
    #[command(flatten)]
    Sandboxes(sandboxes::Commands),
}

/// Asks what is to be asked.
pub(super) fn run(steer: &Steer) -> anyhow::Result<()> {
    match steer {
        Steer::World(commands) => commands.run(),
        Steer::State(commands) => commands.run(),
        Steer::Row(commands) => commands.run(),
        Steer::Snapshot(commands) => commands.run(),
        Steer::History(commands) => commands.run(),
        Steer::Clock(commands) => commands.run(),
        Steer::Settings(commands) => commands.run(),
        Steer::Credentials(commands) => commands.run(),
        Steer::Fault(commands) => commands.run(),
        Steer::Limits(commands) => commands.run(),
        Steer::Requests(commands) => commands.run(),
        Steer::Verify(commands) => commands.run(),
        Steer::Sandboxes(commands) => commands.run(),
    }
}
