//! What a flag can be that is one of a few words.

use clap::ValueEnum;

/// How a change of a file is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WatchMode {
    /// The system tells.
    #[value(alias = "on")]
    Events,
    /// The files are read again and again.
    Poll,
    /// Not at all.
    Off,
}
