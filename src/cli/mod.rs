//! The command line: flags and environment in, a resolved plan out, one file a subcommand.

mod access;
mod args;
mod beforehand;
mod check;
mod choices;
mod completions;
mod config;
mod config_file;
mod contradictions;
mod coverage;
mod doctor;
mod env;
mod environment;
mod exit;
mod export;
mod fixture_bound;
mod forgiving;
mod generate;
mod headings;
mod health;
mod in_force;
mod limits;
mod links;
mod log;
mod man;
mod openapi;
mod place;
mod port_file;
mod print;
mod progress;
mod ready;
mod record;
mod replace;
mod routes;
mod serve;
mod serve_args;
mod signals;
mod sources;
mod steer;
mod together;
mod usage;
mod usual;
mod values;
mod variables;
mod world_args;
mod written;

pub use args::Cli;
pub use environment::parse;
pub use exit::EXIT_CODES;
pub use limits::{Limit, SetBy, limits, limits_table};

use std::process::ExitCode;

use clap::CommandFactory;

use args::Command;
use export::FixturesCommand;

/// Runs what the command line asks for. What fails says so in one clear message on standard error: what
/// was wrong, where, what was expected.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let outcome = match cli.command {
        None => return serve::run(&cli.serve),
        Some(Command::Serve(args)) => return serve::run(&args),
        Some(Command::Config(args)) => in_force::run(&args),
        Some(Command::Check(args)) => check::run(&args),
        Some(Command::Routes(args)) => routes::run(&args),
        Some(Command::Openapi(args)) => openapi::run(&args),
        Some(Command::Health(args)) => health::run(&args),
        Some(Command::Env(args)) => env::run(&args),
        Some(Command::Doctor(args)) => doctor::run(args),
        Some(Command::Completions(args)) => completions::run(&args, Cli::command()),
        Some(Command::Man(args)) => man::run(&args, Cli::command()),
        Some(Command::Fixtures(args)) => match args.command {
            FixturesCommand::Export(args) => export::run(&args),
            FixturesCommand::Generate(args) => generate::run(&args),
        },
        Some(Command::Coverage(args)) => args.run(),
        Some(Command::Steer(steer)) => steer::run(&steer),
    };
    print::outcome(outcome)
}
