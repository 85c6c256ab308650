//! How a subcommand ends: one table of exit codes for all of them.

use std::process::ExitCode;

use crate::app::SetupError;
use crate::mock::MockError;

/// How a subcommand ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// Something could not be done, or nothing was looked at.
    NotRun = 1,
    /// The command line is wrong.
    Usage = 2,
    /// It ran, and what it looked at is not as it should be.
    Found = 3,
}

/// Every exit code and what it means, as `--help` shows them.
pub const EXIT_CODES: &str = "\
Exit codes, of every subcommand:
  0  it is done, and all is as it should be
  1  it could not run, a server refused, as it does a name that it does not know, or there was nothing to look at
  2  wrong usage: what is wrong whatever a server says, such as a flag, a number, a sandbox's name, a setting of `serve`
  3  a difference, an expectation that is not met, a fault that was found (check, coverage, diff, state diff, verify)
`health` and `doctor` end with 0 or 1.";

/// An end that is another than a failure to run.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Ended {
    exit: Exit,
    message: String,
}

/// The end of a command line that is wrong in what it says.
pub(super) fn usage(message: impl Into<String>) -> anyhow::Error {
    Ended { exit: Exit::Usage, message: message.into() }.into()
}

/// The end of a subcommand that ends with 1 where something is wrong; an empty message where standard output has said all.
pub(super) fn not_run(message: impl Into<String>) -> anyhow::Error {
    Ended { exit: Exit::NotRun, message: message.into() }.into()
}

/// The end of a look that found something; an empty message where standard output has said all.
pub(super) fn found(message: impl Into<String>) -> anyhow::Error {
    Ended { exit: Exit::Found, message: message.into() }.into()
}

/// How a failure ends the process.
pub(super) fn of(error: &anyhow::Error) -> Exit {
    if let Some(ended) = error.downcast_ref::<Ended>() {
        return ended.exit;
    }
    // Fixtures are files, and what is wrong with them is no usage.
    if error.downcast_ref::<SetupError>().is_some_and(|error| !matches!(error, SetupError::Fixture(_))) {
        return Exit::Usage;
    }
    match error.downcast_ref::<MockError>() {
        // The server looked, and says what is not as expected.
        Some(MockError::Refused { problem, .. }) if !problem.failures.is_empty() => Exit::Found,
        // What a flag says and no request can.
        Some(MockError::Value { .. }) => Exit::Usage,
        _ => Exit::NotRun,
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
