//! Where a subcommand finds the server, if nobody says its URL: where variables and the config file make one listen.

use std::net::TcpListener;

use anyhow::Context;
use clap::parser::ValueSource;
use clap::{Args, Command, FromArgMatches};

use super::apply::{check, found, put};
use super::opens::is_of_this_machine;
use crate::cli::exit::usage;
use crate::cli::place::PlaceArgs;
use crate::cli::variables::{counting, name_variable};

/// The URL of the server.
pub(in crate::cli) fn url() -> anyhow::Result<String> {
    let command = PlaceArgs::augment_args(Command::new("persona-mock"));
    let file = found();
    let command = match file {
        Some(file) => {
            let entries = command.get_arguments().filter_map(|arg| file.entry(arg));
            entries
                .map(|entry| check(file, entry, &command))
                .collect::<Result<(), _>>()
                .map_err(|error| usage(said(&error)))?;
            put(command, &[], file)
        }
        None => command,
    };
    let command = counting(command);
    let matches = command.clone().try_get_matches_from(["persona-mock"]).map_err(|mut error| {
        name_variable(&mut error, command);
        usage(said(&error))
    })?;
    let args = PlaceArgs::from_arg_matches(&matches).map_err(|error| usage(said(&error)))?;
    let entry = file.and_then(|file| Some((file, file.entries.iter().find(|entry| entry.key == "host")?)));
    if let Some((file, entry)) = entry
        && matches.value_source("host") == Some(ValueSource::DefaultValue)
        && !is_of_this_machine(&args.host)
        && TcpListener::bind((args.host.as_str(), 0)).is_err()
    {
        // A token may go there, and whoever wrote the file need not be its owner.
        return Err(usage(format!(
            "{} {} is no address of this machine, so no server of this file listens there; --url says where another is",
            file.place(entry),
            args.host,
        )));
    }
    args.bases()?.into_iter().next().context("there is no address to ask")
}

/// The first line of an error, without what every one begins with.
fn said(error: &clap::Error) -> String {
    let text = error.to_string();
    text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned()
}
