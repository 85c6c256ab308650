//! The `persona-mock` command.

use std::process::ExitCode;

use clap::Parser;
use persona_mock::cli::{self, Cli};

#[expect(clippy::print_stderr, reason = "the one clear message of a run that failed")]
fn main() -> ExitCode {
    match cli::run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("persona-mock: {error:#}");
            ExitCode::FAILURE
        }
    }
}
