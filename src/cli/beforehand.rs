//! What `doctor` is told of variables and the config file, which were looked at when the command line was read.

use super::serve_args::ServeArgs;

/// What is wrong with what is said beside the flags, and what `serve` would be told without that.
#[derive(Debug, Clone, Default)]
pub(super) struct Beforehand {
    /// Variables that `serve` cannot take.
    pub(super) of_serve: Vec<String>,
    /// Variables that only subcommands read which ask a server, and cannot take.
    pub(super) of_others: Vec<String>,
    /// What is wrong with the config file.
    pub(super) config: Option<String>,
    /// Nothing where no such reading was asked for.
    pub(super) serve: Option<Box<ServeArgs>>,
}
