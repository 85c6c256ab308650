//! The environment as a container's composition fills it: a variable set to nothing is not set.

use clap::{Command, CommandFactory, FromArgMatches};

use super::Cli;

/// Reads the command line and the environment; wrong usage, `--help` and `--version` end the process.
#[must_use]
pub fn parse() -> Cli {
    let matches = without_empty(Cli::command()).get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

/// The command, blind to empty variables, except where one holds a secret: an empty secret is a mistake
/// that must not open a door in silence.
fn without_empty(command: Command) -> Command {
    let command = command.mut_args(|arg| {
        let empty = arg.get_env().and_then(std::env::var_os).is_some_and(|value| value.is_empty());
        if empty && !arg.is_hide_env_values_set() { arg.env(None::<&'static str>) } else { arg }
    });
    command.mut_subcommands(without_empty)
}
