//! How much is read of a directory of fixture files, whichever subcommand reads one.

use std::path::Path;

use clap::Args;

use super::values;
use crate::fixtures::{self, FixtureDir};
use crate::providers;

/// How much is read of a directory of fixture files.
#[derive(Debug, Clone, Copy, Args)]
pub struct FixtureBound {
    /// Most bytes that all fixture files of the directory may have together
    #[arg(long, value_name = "BYTES", default_value_t = fixtures::MAX_BYTES, env = "PERSONA_MOCK_MAX_FIXTURE_BYTES")]
    #[arg(value_parser = values::number::<u64>(1..=u64::MAX, fixtures::MAX_BYTES))]
    pub max_fixture_bytes: u64,
}

impl FixtureBound {
    /// The directory, read within the bound.
    #[must_use]
    pub fn dir(self, dir: &Path) -> FixtureDir {
        FixtureDir::new(dir, providers::registry()).max_bytes(self.max_fixture_bytes)
    }
}
