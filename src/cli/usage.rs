//! How the process ends where nothing runs: wrong usage, or the help that was asked for.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::Context;
use clap::{CommandFactory, error};

use super::port_file::PortFile;
use super::{Cli, print};

/// Says what is wrong with the usage, or shows the help.
pub(super) fn end(error: &clap::Error) -> ! {
    match error.print() {
        Err(failure) if failure.kind() != ErrorKind::BrokenPipe && !error.use_stderr() => {
            let _ = print::outcome(Err(failure).context(print::STDOUT));
            std::process::exit(1)
        }
        _ => {}
    }
    if error.use_stderr() && error.kind() != error::ErrorKind::InvalidSubcommand && is_for_a_server() {
        clear_port_file();
    }
    std::process::exit(error.exit_code())
}

/// Whether no word names a subcommand that asks or steers a server, or needs none.
fn is_for_a_server() -> bool {
    let command = Cli::command();
    let is_other = |word: &OsString| {
        command.get_subcommands().any(|known| known.get_name() != "serve" && word == known.get_name())
    };
    !words().any(|word| is_other(&word))
}

/// A server was meant that does not start: a script that waits for its port file must not find the one of
/// an earlier server.
fn clear_port_file() {
    let variable = || std::env::var_os("PERSONA_MOCK_PORT_FILE").map(PathBuf::from);
    let path = flag().or_else(variable).filter(|path| !path.to_string_lossy().trim().is_empty());
    if let Some(path) = path {
        // The usage is what the user has to mend first; it was said already.
        let _ = PortFile::clear(&path);
    }
}

/// What `--port-file` says. clap does not read on behind a fault.
fn flag() -> Option<PathBuf> {
    let mut words = words();
    while let Some(word) = words.next() {
        if word == "--port-file" {
            return words.next().map(PathBuf::from);
        }
        if let Some(path) = word.to_str().and_then(|word| word.strip_prefix("--port-file=")) {
            return Some(path.into());
        }
    }
    None
}

fn words() -> impl Iterator<Item = OsString> {
    std::env::args_os().skip(1)
}
