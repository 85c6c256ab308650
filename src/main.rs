//! The `persona-mock` command.

use std::process::ExitCode;

use persona_mock::cli;

#[expect(clippy::print_stderr, reason = "the one clear message of a run that failed")]
fn main() -> ExitCode {
    match cli::run(cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("persona-mock: {error:#}");
            ExitCode::FAILURE
        }
    }
}
