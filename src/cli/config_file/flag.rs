//! `--config`: which config file is read.

use std::path::PathBuf;

use clap::Args;

/// What is said of it.
pub(in crate::cli) const HELP: &str = "File of flags that count where neither the command line nor a variable says \
                                       them, or none [default: persona-mock.toml, where the working directory has one]";

/// Which config file is read.
#[derive(Debug, Clone, Args)]
pub struct ConfigFlag {
    #[arg(long, value_name = "FILE|none", env = "PERSONA_MOCK_CONFIG", help = HELP)]
    /// Which config file is read.
    pub config: Option<PathBuf>,
}
