//! The environment as containers and clusters fill it, and errors that name the variable.
//!
//! A variable set to nothing is not set, and one that a service link set says nothing to us. An empty secret is a
//! mistake that must not open a door in silence, and a token may look as it likes: secrets are taken as they are.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgMatches, Command, CommandFactory, Error, FromArgMatches};

use super::config_file::{self, Refused};
use super::serve_args::serve_flags;
use super::sources::{self, variable};
use super::variables::{counting, name_variable, set_variables, without};
use super::{Cli, forgiving, usage};

/// Reads the command line, the environment and the config file; wrong usage, `--help` and `--version` end the process.
#[must_use]
pub fn parse() -> Cli {
    let mut command = Cli::command();
    if is_doctor() {
        let words: Vec<_> = arguments().collect();
        return forgiving::read(&words, readable(command)).unwrap_or_else(|error| usage::end(error));
    }
    let read = |command: &Command| readable(command.clone()).try_get_matches_from(arguments());
    let mut matches = read(&command).unwrap_or_else(|error| usage::end(explained(error)));
    let file = config_file::find(&command, &matches, &serve_flags()).unwrap_or_else(|refused| match refused {
        Refused::File(error) => usage::fail(&error),
        Refused::Value(error) => usage::end(*error),
    });
    if let Some(file) = file {
        command = config_file::put(command, &names(&matches), file);
        matches = read(&command).unwrap_or_else(|error| usage::end(error));
    }
    sources::record(command, &matches, file);
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| usage::end(error));
    if let Some(missing) = cli.missing() {
        usage::end(Cli::command().error(ErrorKind::MissingRequiredArgument, missing))
    }
    if let Some(conflict) = cli.conflict() {
        usage::end(Cli::command().error(ErrorKind::ArgumentConflict, conflict))
    }
    cli
}

/// The name of every variable, whichever subcommand reads it.
pub(super) fn variables() -> Vec<String> {
    fn collect(command: &Command, names: &mut Vec<String>) {
        names.extend(command.get_arguments().filter_map(variable));
        command.get_subcommands().for_each(|command| collect(command, names));
    }
    let mut names = Vec::new();
    collect(&Cli::command(), &mut names);
    names.sort();
    names.dedup();
    names
}

/// Whether `doctor` is asked for, with flags that are right.
fn is_doctor() -> bool {
    blind().try_get_matches_from(arguments()).is_ok_and(|matches| matches.subcommand_name() == Some("doctor"))
}

fn arguments() -> impl Iterator<Item = OsString> {
    std::env::args_os()
}

/// The names of the subcommand that is named.
fn names(mut matches: &ArgMatches) -> Vec<&str> {
    let mut names = Vec::new();
    while let Some((name, inner)) = matches.subcommand() {
        names.push(name);
        matches = inner;
    }
    names
}

/// The command, blind to variables that say nothing, and to those that the named subcommand does not read.
fn readable(command: Command) -> Command {
    let command = counting(command);
    // The variables that shape a server stand at the root too, and are not the business of `persona-mock clock`.
    let named = blind().ignore_errors(true).try_get_matches_from(arguments());
    let named = named.is_ok_and(|matches| matches.subcommand_name().is_some());
    if named { command.mut_args(|arg| arg.env(None::<&'static str>)) } else { command }
}

/// The command, blind to every variable.
fn blind() -> Command {
    without(Cli::command(), &|_| true)
}

/// An error that names the variable, where it came from the environment and not from the command line.
fn explained(mut error: Error) -> Error {
    if !error.use_stderr() {
        // Help names every variable, those too that say nothing at the moment.
        return Cli::command().try_get_matches_from(arguments()).err().unwrap_or(error);
    }
    if blind().try_get_matches_from(arguments()).is_err_and(|own| same(&own, &error)) {
        return error;
    }
    let command = readable(Cli::command());
    if !name_variable(&mut error, command.clone()) {
        let names: Vec<_> = set_variables(&command).into_iter().map(|(_, name)| name).collect();
        if !names.is_empty() {
            let tip = StyledStr::from(format!("these variables are set: {}", names.join(", ")));
            error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
        }
    }
    error
}

/// Whether two errors say the same; how the usage is put depends on what else is there.
fn same(one: &Error, other: &Error) -> bool {
    let said = |error: &Error| {
        let context = error.context().filter(|(kind, _)| *kind != ContextKind::Usage);
        context.map(|(kind, value)| format!("{kind:?} {value:?}")).collect::<Vec<_>>()
    };
    one.kind() == other.kind() && said(one) == said(other)
}
