//! Which variables count, and an error that names the one whose value is wrong.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

use super::links;
use super::print::seen;
use super::sources::variable;

/// The command, blind to variables that say nothing.
pub(super) fn counting(command: Command) -> Command {
    without(command, &passed_over)
}

/// The command, blind to the variables of some arguments.
pub(super) fn without(command: Command, hidden: &impl Fn(&Arg) -> bool) -> Command {
    let command = command.mut_args(|arg| if hidden(&arg) { arg.env(None::<&'static str>) } else { arg });
    command.mut_subcommands(|command| without(command, hidden))
}

/// Whether what the variable of an argument says does not count.
fn passed_over(arg: &Arg) -> bool {
    let Some(value) = arg.get_env().and_then(std::env::var_os) else { return false };
    let value = value.to_string_lossy();
    !arg.is_hide_env_values_set() && (value.trim().is_empty() || links::is_address(&value))
}

/// Has an error name the variable whose value is wrong, if one is.
pub(super) fn name_variable(error: &mut Error, mut command: Command) -> bool {
    command.build();
    let wrong = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(text)) => text.clone(),
        _ => return false,
    };
    let set = set_variables(&command);
    let found = set.into_iter().find(|(arg, _)| wrong == arg.to_string());
    match (error.kind(), found) {
        (ErrorKind::ValueValidation | ErrorKind::InvalidValue, Some((_, name))) => {
            error.insert(ContextKind::InvalidArg, ContextValue::String(name));
            true
        }
        _ => false,
    }
}

/// Has an error show what it repeats of flags, variables and files, so that a terminal obeys nothing of it.
pub(super) fn show_all(error: &mut Error) {
    let shown = error.context().filter_map(|(kind, value)| match value {
        ContextValue::String(text) => Some((kind, ContextValue::String(seen(text)))),
        ContextValue::Strings(texts) => {
            Some((kind, ContextValue::Strings(texts.iter().map(|text| seen(text)).collect())))
        }
        _ => None,
    });
    for (kind, value) in shown.collect::<Vec<_>>() {
        error.insert(kind, value);
    }
}

/// The arguments whose variables are read and set, each with the name of its variable.
pub(super) fn set_variables(command: &Command) -> Vec<(Arg, String)> {
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
