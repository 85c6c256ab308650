//! Where the value of each argument came from, so that a message can name the flag or the variable.
//!
//! It is recorded once, when the command line is read. So whoever resolves an argument need not know the command.

use std::sync::OnceLock;

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command};

static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();

/// Where the value of an argument came from.
#[derive(Debug)]
struct Source {
    id: String,
    /// What a message calls it.
    name: String,
    is_flag: bool,
    is_default: bool,
}

/// Records where the values of the arguments of the named subcommand came from.
pub(super) fn record(mut command: Command, matches: &ArgMatches) {
    command.build();
    let (mut command, mut matches) = (&command, matches);
    while let Some((name, inner)) = matches.subcommand()
        && let Some(named) = command.find_subcommand(name)
    {
        (command, matches) = (named, inner);
    }
    let found =
        command.get_arguments().filter_map(|arg| Some(Source::of(arg, matches.value_source(arg.get_id().as_str())?)));
    // A process has one command line: what a second reading of it finds is the same.
    SOURCES.get_or_init(|| found.collect());
}

/// Whether an argument was said on the command line.
pub(super) fn is_flag(id: &str) -> bool {
    find(id).is_some_and(|source| source.is_flag)
}

/// Whether an argument was said at all, on the command line or by its variable.
pub(super) fn is_said(id: &str) -> bool {
    find(id).is_some_and(|source| !source.is_default)
}

/// What a message calls the place that an argument's value came from: its variable if that said it, else its flag.
pub(super) fn source(id: &str) -> String {
    find(id).map_or_else(|| format!("--{}", id.replace('_', "-")), |source| source.name.clone())
}

/// The name of an argument's variable.
pub(super) fn variable(arg: &Arg) -> Option<String> {
    arg.get_env().map(|name| name.to_string_lossy().into_owned())
}

impl Source {
    fn of(arg: &Arg, source: ValueSource) -> Self {
        let flag = || arg.get_long().map_or_else(|| arg.get_id().as_str().to_uppercase(), |long| format!("--{long}"));
        let variable = (source == ValueSource::EnvVariable).then(|| variable(arg)).flatten();
        Self {
            id: arg.get_id().as_str().to_owned(),
            name: variable.unwrap_or_else(flag),
            is_flag: source == ValueSource::CommandLine,
            is_default: source == ValueSource::DefaultValue,
        }
    }
}

fn find(id: &str) -> Option<&'static Source> {
    SOURCES.get()?.iter().find(|source| source.id == id)
}
