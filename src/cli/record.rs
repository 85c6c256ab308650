//! `--record-to`: every exchange of the server in a file.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context;
use clap::Args;

use super::sources::source;
use super::values;
use super::written::has_folder;
use crate::app::AppState;
use crate::app::record::RECORD_BYTES;
use crate::server::{LEAST_RECORD, Recorder};

/// What is recorded, and how much of it.
#[derive(Debug, Clone, Args)]
pub struct RecordArgs {
    /// File to write every exchange to as a line of JSON, without secrets, whatever a reset or a full journal forgets; a
    /// record that is there before is replaced
    #[arg(long, value_name = "FILE", env = "PERSONA_MOCK_RECORD_TO")]
    pub record_to: Option<PathBuf>,
    /// How many bytes that file may have; then the record ends, and says so
    #[arg(long, value_name = "BYTES", default_value_t = RECORD_BYTES, env = "PERSONA_MOCK_RECORD_BYTES")]
    #[arg(value_parser = values::number(LEAST_RECORD..=u64::MAX, RECORD_BYTES))]
    pub record_bytes: u64,
}

impl RecordArgs {
    /// Finds out, without a change, whether the file can be taken.
    pub(super) fn look(&self) -> anyhow::Result<()> {
        let Some(path) = &self.record_to else { return Ok(()) };
        Recorder::look(path)
            .and_then(|()| has_folder(path))
            .with_context(|| format!("{}: cannot write the record {}", source("record_to"), path.display()))
    }

    /// Records, where that is asked for, until what is answered is dropped.
    pub(super) fn start(&self, app: &Arc<AppState>) -> anyhow::Result<Option<Recorder>> {
        let Some(path) = &self.record_to else { return Ok(None) };
        Recorder::start(path, self.record_bytes, app).map(Some).with_context(|| source("record_to"))
    }
}
