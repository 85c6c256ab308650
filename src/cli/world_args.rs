//! What shapes the served world on the command line.

use std::path::PathBuf;

use clap::{ArgAction, Args};

use super::config_file::ConfigFlag;
use super::fixture_bound::FixtureBound;
use super::values;

/// What shapes the served world, whichever subcommand looks at it.
#[derive(Debug, Clone, Args)]
pub struct WorldArgs {
    /// Directory of fixture files; a provider without a file there keeps its embedded fixture
    #[arg(long, value_name = "DIR", env = "PERSONA_MOCK_FIXTURES")]
    pub fixtures: Option<PathBuf>,
    /// How much of it is read.
    #[command(flatten)]
    pub bound: FixtureBound,
    /// Serve only these providers, such as axero,vijil
    #[arg(long, value_name = "PROVIDERS", value_delimiter = ',', env = "PERSONA_MOCK_ONLY")]
    #[arg(value_parser = values::id)]
    pub only: Vec<String>,
    /// Set a provider's switch: provider.key=value (repeatable)
    #[arg(long, value_name = "PROVIDER.KEY=VALUE", value_delimiter = ',', env = "PERSONA_MOCK_SET")]
    pub set: Vec<String>,
    /// Leave out every operation that the vendor does not document
    #[arg(long, value_name = "on|off", num_args = 0..=1, require_equals = true, action = ArgAction::Set)]
    #[arg(default_value = "off", default_missing_value = "on", hide_default_value = true)]
    #[arg(env = "PERSONA_MOCK_DOCUMENTED_ONLY", value_parser = values::switch)]
    pub documented_only: bool,
    /// What is said in a file.
    #[command(flatten)]
    pub config: ConfigFlag,
}
