//! Reading the command line as `doctor` does: what is wrong with a variable or with the config file is found, told, and
//! left out. So the other checks are still made.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command, CommandFactory, Error, FromArgMatches};

use super::args::{Cli, Command as Named};
use super::beforehand::Beforehand;
use super::config_file::{self, Refused};
use super::serve_args::serve_flags;
use super::sources::{self, variable};
use super::variables::{counting, name_variable, set_variables, show_all, without};

/// A command, what was said to it, and what was wrong with the variables that it is now blind to.
struct Read {
    command: Command,
    matches: ArgMatches,
    wrong: Vec<String>,
}

/// Reads the words of `doctor`, which are right where no variable is looked at.
pub(super) fn read(words: &[OsString], command: Command) -> Result<Cli, Error> {
    let mut own = Read::of(command, words)?;
    let mut serve = Read::of(counting(Cli::command()), &serve_words(&own.matches))?;
    let mut beforehand = Beforehand { of_serve: serve.wrong.clone(), ..Beforehand::default() };
    beforehand.of_others = own.wrong.iter().filter(|said| !serve.wrong.contains(said)).cloned().collect();
    let mut file = config_file::find(&serve.command, &serve.matches, &serve_flags()).unwrap_or_else(|refused| {
        beforehand.config = Some(match refused {
            Refused::File(error) => format!("{error:#}"),
            Refused::Value(mut error) => line(&mut error),
        });
        None
    });
    if let Some(found) = file {
        match (own.with(found, &["doctor"], words), serve.with(found, &["serve"], &serve_words(&own.matches))) {
            (Ok(with_file), Ok(serve_with_file)) => (own, serve) = (with_file, serve_with_file),
            (Err(mut error), _) | (_, Err(mut error)) => {
                beforehand.config = Some(line(&mut error));
                file = None;
            }
        }
    }
    sources::record_both([(own.command, &own.matches), (serve.command, &serve.matches)], file);
    let mut cli = Cli::from_arg_matches(&own.matches)?;
    if let (Some(Named::Doctor(args)), Some(Named::Serve(mut serve))) =
        (&mut cli.command, Cli::from_arg_matches(&serve.matches)?.command)
    {
        // What the flags of `doctor` say is what those of `serve` would.
        serve.world = args.world.clone();
        serve.host.clone_from(&args.place.host);
        serve.port = args.place.port;
        serve.port_file.clone_from(&args.place.port_file);
        args.beforehand = Beforehand { serve: Some(serve), ..beforehand };
    }
    Ok(cli)
}

impl Read {
    fn of(mut command: Command, words: &[OsString]) -> Result<Self, Error> {
        let mut wrong = Vec::new();
        loop {
            let mut error = match command.clone().try_get_matches_from(words) {
                Ok(matches) => return Ok(Self { command, matches, wrong }),
                Err(error) => error,
            };
            let is_blind = !has_variables(&command);
            if is_blind {
                return Err(error);
            }
            let named = name_variable(&mut error, command.clone());
            let set: Vec<_> = set_variables(&command).into_iter().map(|(_, name)| name).collect();
            let of = if named { String::new() } else { format!(" (these variables are set: {})", set.join(", ")) };
            wrong.push(line(&mut error) + &of);
            let name = match error.get(ContextKind::InvalidArg) {
                Some(ContextValue::String(name)) if named => Some(name.clone()),
                _ => None,
            };
            // Where no one of them is to blame, none is looked at.
            command = without(command, &|arg| name.is_none() || variable(arg) == name);
        }
    }

    /// The same with what a config file says.
    fn with(&self, file: &'static config_file::ConfigFile, names: &[&str], words: &[OsString]) -> Result<Self, Error> {
        let command = config_file::put(self.command.clone(), names, file);
        let matches = command.clone().try_get_matches_from(words)?;
        Ok(Self { command, matches, wrong: Vec::new() })
    }
}

/// What would be said to `serve`: the config file that was named, since what else was is known of the words themselves.
fn serve_words(matches: &ArgMatches) -> Vec<OsString> {
    let mut words: Vec<OsString> = vec!["persona-mock".into(), "serve".into()];
    let named = matches.subcommand().map(|(_, named)| named);
    let named = named.filter(|named| named.value_source("config") == Some(ValueSource::CommandLine));
    if let Some(file) = named.and_then(|named| named.get_raw("config")?.next_back()) {
        words.extend(["--config".into(), file.to_owned()]);
    }
    words
}

fn has_variables(command: &Command) -> bool {
    command.get_arguments().any(|arg| arg.get_env().is_some()) || command.get_subcommands().any(has_variables)
}

/// The first line of an error, without what every one begins with.
fn line(error: &mut Error) -> String {
    show_all(error);
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}
