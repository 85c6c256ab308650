//! What a subcommand prints.

use std::io::{ErrorKind, Write};

use anyhow::Context;

/// Prints a text and a line end to standard output. A reader that has seen enough, as `head` has, is no error.
pub(super) fn out(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        outcome => outcome.context("cannot write to standard output"),
    }
}

/// Prints a text to standard error, where somebody may read it.
pub(super) fn err(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}
