//! The `persona-mock` command.

use std::process::ExitCode;

use persona_mock::cli;

fn main() -> ExitCode {
    cli::run(cli::parse())
}
