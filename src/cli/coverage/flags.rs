//! What a server counts, and where it writes it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::api::CoverageLevel;
use crate::cli::values;

/// What a server counts, and where it writes it.
#[derive(Debug, Clone, Args)]
pub struct CountedArgs {
    /// File to write what the run exercised to when the server ends; the end of its name picks the form: .json, .xml
    /// (JUnit), .ctrf.json, .md, .html, .txt (repeatable)
    #[arg(long, value_name = "FILE", value_delimiter = ',', env = "PERSONA_MOCK_COVERAGE")]
    pub coverage: Vec<PathBuf>,
    /// What is counted: operations and their statuses, or parameters, fields and values too [default: operations; fields
    /// with --coverage]
    #[arg(long, value_name = "operations|fields", env = "PERSONA_MOCK_COVERAGE_LEVEL", hide_possible_values = true)]
    #[arg(value_parser = values::Choice::<Level>::new())]
    pub coverage_level: Option<Level>,
}

/// How much of an exchange is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Level {
    /// Operation and status.
    Operations,
    /// Parameters, fields and values too.
    Fields,
}

impl CountedArgs {
    /// How much is counted.
    pub(in crate::cli) fn level(&self) -> CoverageLevel {
        match (self.coverage_level, self.coverage.is_empty()) {
            (Some(Level::Operations), _) | (None, true) => CoverageLevel::Operations,
            (Some(Level::Fields), _) | (None, false) => CoverageLevel::Fields,
        }
    }
}
