//! The environment as containers and clusters fill it, and errors that name the variable.
//!
//! A variable set to nothing is not set, and one that a service link set says nothing to us. An empty secret is a
//! mistake that must not open a door in silence, and a token may look as it likes: secrets are taken as they are.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, CommandFactory, Error, FromArgMatches};

use super::sources::{self, variable};
use super::{Cli, links, usage};

/// Reads the command line and the environment; wrong usage, `--help` and `--version` end the process.
#[must_use]
pub fn parse() -> Cli {
    let mut command = readable();
    let matches = command.try_get_matches_from_mut(arguments()).unwrap_or_else(|error| usage::end(&explained(error)));
    sources::record(command, &matches);
    let cli = Cli::from_arg_matches(&matches).unwrap_or_else(|error| usage::end(&error));
    if let Some(missing) = cli.missing() {
        usage::end(&Cli::command().error(ErrorKind::MissingRequiredArgument, missing))
    }
    if let Some(conflict) = cli.conflict() {
        usage::end(&Cli::command().error(ErrorKind::ArgumentConflict, conflict))
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

fn arguments() -> impl Iterator<Item = OsString> {
    std::env::args_os()
}

/// The command, blind to variables that say nothing, and to those that the named subcommand does not read.
fn readable() -> Command {
    let command = without(Cli::command(), &passed_over);
    // The variables that shape a server stand at the root too, and are not the business of `persona-mock clock`.
    let named = blind().ignore_errors(true).try_get_matches_from(arguments());
    let named = named.is_ok_and(|matches| matches.subcommand_name().is_some());
    if named { command.mut_args(|arg| arg.env(None::<&'static str>)) } else { command }
}

/// The command, blind to every variable.
fn blind() -> Command {
    without(Cli::command(), &|_| true)
}

/// The command, blind to the variables of some arguments.
fn without(command: Command, hidden: &impl Fn(&Arg) -> bool) -> Command {
    let command = command.mut_args(|arg| if hidden(&arg) { arg.env(None::<&'static str>) } else { arg });
    command.mut_subcommands(|command| without(command, hidden))
}

/// Whether what the variable of an argument says does not count.
fn passed_over(arg: &Arg) -> bool {
    let Some(value) = arg.get_env().and_then(std::env::var_os) else { return false };
    let value = value.to_string_lossy();
    !arg.is_hide_env_values_set() && (value.trim().is_empty() || links::is_address(&value))
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
    name_variable(&mut error, readable());
    error
}

/// What `serve` cannot take of the variables, in one line; its flags say nothing.
pub(super) fn wrong_for_serve() -> Option<String> {
    let command = without(Cli::command(), &passed_over);
    let mut error = match command.clone().try_get_matches_from(["persona-mock", "serve"]) {
        Err(error) => error,
        Ok(matches) => {
            let cli = Cli::from_arg_matches(&matches).ok()?;
            return cli.missing().or_else(|| cli.conflict());
        }
    };
    name_variable(&mut error, command);
    let text = error.to_string();
    let line = text.lines().next()?;
    Some(line.strip_prefix("error: ").unwrap_or(line).to_owned())
}

/// Names the variable that an error came from, or all that are set.
fn name_variable(error: &mut Error, mut command: Command) {
    let context = |error: &Error, kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        _ => None,
    };
    let wrong = context(error, ContextKind::InvalidArg);
    command.build();
    let set = set_variables(&command);
    let found = set.iter().find(|(arg, _)| wrong.as_ref() == Some(&arg.to_string()));
    match (error.kind(), found) {
        (ErrorKind::ValueValidation | ErrorKind::InvalidValue, Some((_, name))) => {
            error.insert(ContextKind::InvalidArg, ContextValue::String(name.clone()));
        }
        _ => {
            let names: Vec<_> = set.into_iter().map(|(_, name)| name).collect();
            if !names.is_empty() {
                let tip = StyledStr::from(format!("these variables are set: {}", names.join(", ")));
                error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
            }
        }
    }
}

/// Whether two errors say the same; how the usage is put depends on what else is there.
fn same(one: &Error, other: &Error) -> bool {
    let said = |error: &Error| {
        let context = error.context().filter(|(kind, _)| *kind != ContextKind::Usage);
        context.map(|(kind, value)| format!("{kind:?} {value:?}")).collect::<Vec<_>>()
    };
    one.kind() == other.kind() && said(one) == said(other)
}

/// The arguments whose variables are read and set, each with the name of its variable.
fn set_variables(command: &Command) -> Vec<(Arg, String)> {
    let own = command.get_arguments().filter(|arg| arg.get_env().and_then(std::env::var_os).is_some());
    let own = own.filter_map(|arg| Some((arg.clone(), variable(arg)?)));
    let mut found: Vec<_> = own.collect();
    for inner in command.get_subcommands() {
        for (arg, name) in set_variables(inner) {
            if !found.iter().any(|(_, known)| *known == name) {
                found.push((arg, name));
            }
        }
    }
    found
}
