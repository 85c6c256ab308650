//! What a subcommand prints.

use std::fmt::Display;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use anyhow::Context;

use super::exit;

/// What went wrong where standard output takes no more.
pub(super) const STDOUT: &str = "cannot write to standard output";

/// Prints a text and a line end to standard output. A reader that has seen enough, as `head` has, is no error.
pub(super) fn out(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.context(STDOUT),
    }
}

/// Prints a warning to standard error.
pub(super) fn warning(warning: impl Display) {
    // Where nobody can be told, what is asked for is done all the same.
    let _ = writeln!(std::io::stderr().lock(), "persona-mock: warning: {warning}");
}

/// The exit code of a subcommand, and the one clear message if it failed.
pub(super) fn outcome(outcome: anyhow::Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where nobody can be told, the exit code tells.
            if !error.to_string().is_empty() {
                let _ = std::io::stderr().lock().write_all(message(&error).as_bytes());
            }
            exit::of(&error).into()
        }
    }
}

/// What a user reads of a failure.
pub(super) fn message(error: &anyhow::Error) -> String {
    format!("persona-mock: {error:#}\n")
}
