//! The `persona-mock` command.

use std::process::ExitCode;

use persona_mock::internals::{parse, run};

fn main() -> ExitCode {
    run(parse())
}
