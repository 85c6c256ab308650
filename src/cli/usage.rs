//! How the process ends where nothing runs: wrong usage, or the help that was asked for.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::PathBuf;

use anyhow::Context;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};
use clap::{CommandFactory, error};

use super::port_file::PortFile;
use super::serve_args::serve_flags;
use super::variables::show_all;
use super::{Cli, config_file, exit, print};

/// Says what is wrong with the usage, or shows the help.
pub(super) fn end(mut error: clap::Error) -> ! {
    show_all(&mut error);
    put_behind(&mut error);
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

/// Has an error about a flag before a subcommand say where it stands.
fn put_behind(error: &mut clap::Error) {
    let (Some(ContextValue::String(name)), Some(flags)) =
        (error.get(ContextKind::InvalidSubcommand), error.get(ContextKind::PriorArg))
    else {
        return;
    };
    let flags = match flags {
        ContextValue::String(flag) => vec![flag.clone()],
        ContextValue::Strings(flags) => flags.clone(),
        _ => return,
    };
    let mut command = Cli::command();
    command.build();
    let Some(command) = command.find_subcommand(name) else { return };
    let known = |flag: &&String| command.get_arguments().any(|arg| arg.to_string() == **flag);
    let tip = match flags.iter().find(|flag| !known(flag)) {
        None => {
            format!("flags stand behind the subcommand that they are for: persona-mock {name} {}", flags.join(" "))
        }
        Some(flag) => format!("flags stand behind the subcommand that they are for, and `{name}` has no {flag}"),
    };
    error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![StyledStr::from(tip)]));
}

/// Says what is wrong with the config file.
pub(super) fn fail(error: &anyhow::Error) -> ! {
    let exit = exit::of(error);
    let _ = print::outcome(Err(anyhow::anyhow!("{error:#}")));
    if is_for_a_server() {
        clear_port_file();
    }
    std::process::exit(exit as i32)
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
    let said = |name: &str, variable: &str| {
        let path = flag(name).or_else(|| std::env::var_os(variable).map(PathBuf::from));
        path.filter(|path| !path.to_string_lossy().trim().is_empty())
    };
    let of_file = || {
        let named = said("--config", "PERSONA_MOCK_CONFIG");
        config_file::port_file(named.as_deref(), &serve_flags())
    };
    if let Some(path) = said("--port-file", "PERSONA_MOCK_PORT_FILE").or_else(of_file) {
        // The usage is what the user has to mend first; it was said already.
        let _ = PortFile::clear(&path);
    }
}

/// What a flag that takes a path says. clap does not read on behind a fault.
fn flag(name: &str) -> Option<PathBuf> {
    let mut words = words();
    while let Some(word) = words.next() {
        if word == name {
            return words.next().map(PathBuf::from);
        }
        if let Some(path) = word.to_str().and_then(|word| word.strip_prefix(name)?.strip_prefix('=')) {
            return Some(path.into());
        }
    }
    None
}

fn words() -> impl Iterator<Item = OsString> {
    std::env::args_os().skip(1)
}
