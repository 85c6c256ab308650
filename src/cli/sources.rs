//! Where the value of each argument came from, so that a message can name the flag, the variable or the line of the
//! config file.
//!
//! It is recorded once, when the command line is read. So whoever resolves an argument need not know the command.

use std::sync::OnceLock;

use clap::builder::ValueHint;
use clap::parser::ValueSource;
use clap::{Arg, ArgAction, ArgMatches, Command};

use super::config_file::{ConfigFile, innermost};

static SOURCES: OnceLock<Vec<Source>> = OnceLock::new();

/// Where the value of an argument came from.
#[derive(Debug)]
pub(super) struct Source {
    id: String,
    /// What the command line calls it, and a key of the config file without the hyphens.
    pub(super) flag: String,
    pub(super) kind: Kind,
    /// What was said; nothing where nothing was, or where it is a secret.
    pub(super) values: Vec<String>,
    pub(super) is_secret: bool,
    /// Whether several values may be said.
    pub(super) is_list: bool,
}

/// What said the value of an argument.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing: it has none.
    Nobody,
    Default,
    Flag,
    /// The variable of this name.
    Variable(String),
    /// The config file, at this place.
    File(String),
}

/// Records where the values of the arguments of the named subcommand came from.
pub(super) fn record(command: Command, matches: &ArgMatches, file: Option<&ConfigFile>) {
    // A process has one command line: what a second reading of it finds is the same.
    SOURCES.get_or_init(|| collect(command, matches, file));
}

/// The same of two readings; of an argument that both have, the first counts.
pub(super) fn record_both(readings: [(Command, &ArgMatches); 2], file: Option<&ConfigFile>) {
    SOURCES
        .get_or_init(|| readings.into_iter().flat_map(|(command, matches)| collect(command, matches, file)).collect());
}

fn collect(mut command: Command, matches: &ArgMatches, file: Option<&ConfigFile>) -> Vec<Source> {
    command.build();
    let (command, matches) = innermost(&command, matches);
    let found = command.get_arguments().filter(|arg| !matches!(arg.get_action(), ArgAction::Help | ArgAction::Version));
    found.map(|arg| Source::of(arg, matches, file)).collect()
}

/// Whether an argument was said on the command line.
pub(super) fn is_flag(id: &str) -> bool {
    find(id).is_some_and(|source| source.kind == Kind::Flag)
}

/// Whether the named subcommand has an argument.
pub(super) fn is_known(id: &str) -> bool {
    find(id).is_some()
}

/// Whether an argument was said at all: on the command line, by its variable or in the config file.
pub(super) fn is_said(id: &str) -> bool {
    find(id).is_some_and(|source| !matches!(source.kind, Kind::Nobody | Kind::Default))
}

/// Whether the config file says an argument, and nothing that counts more.
pub(super) fn is_of_file(id: &str) -> bool {
    find(id).is_some_and(|source| matches!(source.kind, Kind::File(_)))
}

/// What a message calls the place that an argument's value came from: its variable or its line of the config file, if
/// that said it, else its flag.
pub(super) fn source(id: &str) -> String {
    match find(id) {
        Some(Source { kind: Kind::Variable(place) | Kind::File(place), .. }) => place.clone(),
        Some(source) => source.flag.clone(),
        None => format!("--{}", id.replace('_', "-")),
    }
}

/// The name of an argument's variable.
pub(super) fn variable(arg: &Arg) -> Option<String> {
    arg.get_env().map(|name| name.to_string_lossy().into_owned())
}

/// Every argument of the named subcommand, in the order of its definition.
pub(super) fn all() -> &'static [Source] {
    SOURCES.get().map_or(&[], Vec::as_slice)
}

impl Source {
    fn of(arg: &Arg, matches: &ArgMatches, file: Option<&ConfigFile>) -> Self {
        let id = arg.get_id().as_str();
        let kind = match matches.value_source(id) {
            None => Kind::Nobody,
            Some(ValueSource::EnvVariable) => variable(arg).map_or(Kind::Default, Kind::Variable),
            Some(ValueSource::CommandLine) => Kind::Flag,
            // A default that the config file made.
            Some(_) => match file.and_then(|file| Some(file.place(file.entry(arg)?))) {
                Some(place) => Kind::File(place),
                None => Kind::Default,
            },
        };
        let is_secret = arg.is_hide_env_values_set() && arg.get_value_hint() != ValueHint::AnyPath;
        let raw = matches.get_raw(id).filter(|_| !is_secret).into_iter().flatten();
        Self {
            values: raw.map(|value| value.to_string_lossy().into_owned()).collect(),
            flag: arg.get_long().map_or_else(|| id.to_uppercase(), |long| format!("--{long}")),
            id: id.to_owned(),
            is_list: arg.get_value_delimiter().is_some(),
            is_secret,
            kind,
        }
    }
}

fn find(id: &str) -> Option<&'static Source> {
    all().iter().find(|source| source.id == id)
}
