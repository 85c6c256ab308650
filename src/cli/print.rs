//! What a subcommand prints.

use std::fmt::Display;
use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use anyhow::Context;

use super::exit;
use crate::world::visible::Visible;

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
    let _ = writeln!(std::io::stderr().lock(), "persona-mock: warning: {}", seen_lines(&warning.to_string()));
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
    format!("persona-mock: {}\n", seen_lines(&format!("{error:#}")))
}

/// A text in one line, of which a terminal obeys nothing: what a file or a variable says is shown and does no more.
pub(super) fn seen(text: &str) -> String {
    Visible::new(text, usize::MAX).to_string()
}

/// The same for each of its lines.
pub(super) fn seen_lines(text: &str) -> String {
    text.split('\n').map(seen).collect::<Vec<_>>().join("\n")
}
