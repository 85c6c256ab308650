//! What a config file says becomes what the arguments of the named subcommand are where nothing else says them.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap::builder::{ArgPredicate, OsStr};
use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgMatches, Command, Error};

use super::keys::{ConfigFile, Entry};

/// The file of this process.
static FOUND: OnceLock<Option<ConfigFile>> = OnceLock::new();

/// Why a config file cannot be taken.
#[derive(Debug)]
pub(in crate::cli) enum Refused {
    /// What it is or says is wrong.
    File(anyhow::Error),
    /// A value is, as the flag's own would be.
    Value(Box<Error>),
}

/// The file that the named subcommand reads; its values for that subcommand are right.
pub(in crate::cli) fn find(
    command: &Command,
    matches: &ArgMatches,
    flags: &Command,
) -> Result<Option<&'static ConfigFile>, Refused> {
    // What stands at a subcommand for all within it is theirs once it is built.
    let mut command = command.clone();
    command.build();
    let (named, matches) = innermost(&command, matches);
    // What reads none has no flag for it.
    if !named.get_arguments().any(|arg| arg.get_id() == "config") {
        return Ok(None);
    }
    let said = matches.get_raw("config").and_then(|mut words| words.next_back());
    let file = ConfigFile::read(said.map(Path::new), flags).map_err(Refused::File)?;
    if let Some(file) = &file {
        let counts = |entry: &&Entry| named.get_arguments().any(|arg| is_of(entry, arg));
        file.entries.iter().filter(counts).try_for_each(|entry| check(file, entry, flags)).map_err(Refused::Value)?;
    }
    Ok(FOUND.get_or_init(|| file).as_ref())
}

/// The file that was found.
pub(super) fn found() -> Option<&'static ConfigFile> {
    FOUND.get()?.as_ref()
}

/// The port file of the file that is named, or of that of the working directory, where nothing is wrong with it.
pub(in crate::cli) fn port_file(named: Option<&Path>, flags: &Command) -> Option<PathBuf> {
    let file = ConfigFile::read(named, flags).ok()??;
    let entry = file.entries.iter().find(|entry| entry.key == "port-file")?;
    entry.values.first().map(|(path, _)| path.into())
}

/// Where that lies.
pub(in crate::cli) fn path() -> Option<&'static Path> {
    found().map(|file| file.path.as_path())
}

/// The command, of which the named subcommand takes from the file what nothing else says. The variables of its arguments
/// are what the file's keys are found by.
pub(in crate::cli) fn put(command: Command, names: &[&str], file: &'static ConfigFile) -> Command {
    let Some((name, rest)) = names.split_first() else { return all(command, file) };
    command.mut_subcommand(name, |inner| put(if rest.is_empty() { inner } else { all(inner, file) }, rest, file))
}

/// The command, of which every argument takes it.
fn all(command: Command, file: &'static ConfigFile) -> Command {
    command.mut_args(|arg| match file.entry(&arg) {
        Some(entry) => said_by(arg, entry),
        None => arg,
    })
}

/// The innermost subcommand that is named, and what is said to it.
pub(in crate::cli) fn innermost<'c, 'm>(
    command: &'c Command,
    matches: &'m ArgMatches,
) -> (&'c Command, &'m ArgMatches) {
    let (mut command, mut matches) = (command, matches);
    while let Some((name, inner)) = matches.subcommand()
        && let Some(named) = command.find_subcommand(name)
    {
        (command, matches) = (named, inner);
    }
    (command, matches)
}

fn said_by(arg: Arg, entry: &'static Entry) -> Arg {
    let values = entry.values.iter().map(|(value, _)| OsStr::from(value.as_os_str()));
    let is_token_file = arg.get_id() == "control_token_file";
    let arg = arg.default_values(values.collect::<Vec<_>>());
    // A token that is said counts more than a file that is said less directly.
    if is_token_file { arg.default_value_if("control_token", ArgPredicate::IsPresent, None) } else { arg }
}

fn is_of(entry: &Entry, arg: &Arg) -> bool {
    arg.get_env().is_some_and(|name| name == entry.variable.as_str())
}

/// Reads a key's values as its flag's.
pub(super) fn check(file: &ConfigFile, entry: &Entry, flags: &Command) -> Result<(), Box<Error>> {
    let blind = flags.clone().mut_args(|arg| arg.env(None::<&'static str>)).no_binary_name(true);
    for (value, line) in &entry.values {
        let mut word = OsString::from(format!("--{}=", entry.key));
        word.push(value);
        if let Err(mut error) = blind.clone().try_get_matches_from([word]) {
            error.insert(ContextKind::InvalidArg, ContextValue::String(file.place_at(entry, *line)));
            return Err(Box::new(error));
        }
    }
    Ok(())
}
