//! The verbs of the control API as subcommands, each against a running server.

mod clock;
mod fault;
mod flags;
mod limits;
pub(super) mod requests;
mod sandboxes;
mod settings;
mod snapshot;
mod state;
mod verify;
mod world;

pub(super) use clock::ClockArgs;
pub(super) use fault::FaultArgs;
pub(super) use limits::{LimitsArgs, MetricsArgs};
pub(super) use requests::RequestsArgs;
pub(super) use sandboxes::SandboxesArgs;
pub(super) use settings::SettingsArgs;
pub(super) use snapshot::SnapshotArgs;
pub(super) use state::StateArgs;
pub(super) use verify::VerifyArgs;
pub(super) use world::{ResetArgs, SeedArgs};

use std::fmt::Display;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use serde::de::DeserializeOwned;

use super::{access, print, values};
use crate::control::{MAX_BODY, Token};
use crate::mock::{ControlAnswer, ControlRequest, Mock, MockError, RemoteMock, Sandbox};

/// Which server and which sandbox a verb is for.
#[derive(Debug, Clone, Args)]
pub(super) struct TargetArgs {
    /// Where the server listens
    #[arg(long, global = true, default_value = "http://127.0.0.1:8080", env = "PERSONA_MOCK_URL")]
    #[arg(value_parser = values::url)]
    url: String,
    /// The sandbox
    #[arg(long, global = true, value_name = "NAME", default_value = "default", env = "PERSONA_MOCK_SANDBOX")]
    sandbox: String,
    /// The control token of the server
    #[arg(long, global = true, value_name = "TOKEN", env = "PERSONA_MOCK_CONTROL_TOKEN", hide_env_values = true)]
    control_token: Option<String>,
    /// File that holds the control token of the server
    #[arg(long, global = true, value_name = "FILE", env = "PERSONA_MOCK_CONTROL_TOKEN_FILE", hide_env_values = true)]
    #[arg(conflicts_with = "control_token")]
    control_token_file: Option<PathBuf>,
    /// Print the server's answer as it is: JSON, or nothing
    #[arg(long, global = true)]
    json: bool,
}

impl TargetArgs {
    fn sandbox(&self) -> anyhow::Result<Sandbox> {
        let token = access::token(self.control_token.as_deref(), self.control_token_file.as_deref())?;
        let token = token.as_ref().map(Token::as_str);
        Ok(RemoteMock::unasked(&self.url, token)?.sandbox(&self.sandbox))
    }
}

/// A subcommand against a running server.
pub(super) trait Verb {
    /// Which server and sandbox it is for.
    fn target(&self) -> &TargetArgs;

    /// What is asked.
    fn request(&self) -> anyhow::Result<ControlRequest>;

    /// What a person reads of the answer.
    fn say(&self, answer: &ControlAnswer) -> Result<String, MockError>;
}

/// Asks the server and prints what it says.
pub(super) fn run(verb: &impl Verb) -> anyhow::Result<()> {
    let target = verb.target();
    let answer = target.sandbox()?.ask(&verb.request()?)?;
    let text = if target.json { answer.body } else { verb.say(&answer)? };
    if text.is_empty() { Ok(()) } else { print::out(text.trim_end()) }
}

/// The text of a file, or of standard input, as long as the control API takes it.
fn text(file: &Path) -> anyhow::Result<String> {
    let name = if file.as_os_str() == "-" { "standard input".to_owned() } else { file.display().to_string() };
    let cannot = || format!("cannot read {name}");
    let source: Box<dyn Read> = match file.as_os_str() == "-" {
        true => Box::new(std::io::stdin()),
        false => Box::new(File::open(file).with_context(cannot)?),
    };
    let mut bytes = Vec::new();
    source.take(MAX_BODY as u64 + 1).read_to_end(&mut bytes).with_context(cannot)?;
    if bytes.len() > MAX_BODY {
        bail!("cannot take {name}: expected at most {MAX_BODY} bytes, as much as the control API takes");
    }
    String::from_utf8(bytes).with_context(cannot)
}

/// What people read of an answer that is a `T`.
fn shown<T: DeserializeOwned + Display>(answer: &ControlAnswer) -> Result<String, MockError> {
    answer.read::<T>().map(|value| value.to_string())
}
