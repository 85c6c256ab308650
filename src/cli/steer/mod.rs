//! The verbs of the control API as subcommands, each against a running server.

mod clock;
mod fault;
mod flags;
mod limits;
mod requests;
mod sandboxes;
mod settings;
mod snapshot;
mod state;
mod verify;
mod world;

use std::fmt::Display;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use super::{access, print, values};
use crate::control::{MAX_BODY, NoContent, Output, Token};
use crate::mock::{ControlAnswer, ControlRequest, Mock, MockError, RemoteMock, Sandbox, Typed};
use clock::ClockArgs;
use fault::FaultArgs;
use limits::{LimitsArgs, MetricsArgs};
use requests::RequestsArgs;
use sandboxes::SandboxesArgs;
use settings::SettingsArgs;
use snapshot::SnapshotArgs;
use state::StateArgs;
use verify::VerifyArgs;
use world::{ResetArgs, SeedArgs};

/// What a running server is asked.
#[derive(Debug, clap::Subcommand)]
pub enum Steer {
    /// Put a sandbox of a running server back to where it started
    Reset(ResetArgs),
    /// Read, replace or compare a sandbox's data
    State(StateArgs),
    /// Save and restore named moments of a sandbox
    Snapshot(SnapshotArgs),
    /// Show or change a sandbox's time
    Clock(ClockArgs),
    /// Show or set where a sandbox's ids come from
    Seed(SeedArgs),
    /// Show or change a sandbox's switches
    Settings(SettingsArgs),
    /// Arm and disarm faults in a sandbox
    Fault(FaultArgs),
    /// Show or change a sandbox's rate limits
    Limits(LimitsArgs),
    /// Show what was asked of a sandbox and what it answered
    Requests(Box<RequestsArgs>),
    /// Hold the calls that were made against what is expected
    Verify(Box<VerifyArgs>),
    /// Print a running server's counters in Prometheus' text format
    Metrics(MetricsArgs),
    /// List, make and delete the sandboxes of a running server
    Sandboxes(SandboxesArgs),
}

/// Asks what is to be asked.
pub(super) fn run(steer: &Steer) -> anyhow::Result<()> {
    match steer {
        Steer::Reset(args) => ask(args),
        Steer::State(args) => ask(args),
        Steer::Snapshot(args) => ask(args),
        Steer::Clock(args) => ask(args),
        Steer::Seed(args) => ask(args),
        Steer::Settings(args) => ask(args),
        Steer::Fault(args) => ask(args),
        Steer::Limits(args) => ask(args),
        Steer::Requests(args) => requests::run(args),
        Steer::Verify(args) => ask(&**args),
        Steer::Metrics(args) => ask(args),
        Steer::Sandboxes(args) => ask(args),
    }
}

/// Which server and which sandbox a verb is for.
#[derive(Debug, Clone, Args)]
struct TargetArgs {
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
trait Subcommand {
    /// Which server and sandbox it is for.
    fn target(&self) -> &TargetArgs;

    /// What is asked, and what a person reads of the answer.
    fn shown(&self) -> anyhow::Result<Shown>;
}

/// What is asked, and what a person reads of the answer.
struct Shown {
    request: ControlRequest,
    say: Say,
}

type Say = Box<dyn FnOnce(&ControlAnswer) -> Result<String, MockError>>;

impl Shown {
    /// Shows what the verb answers with.
    fn of<I, O: Output + Display>(request: Typed<I, O>) -> Self {
        Self::with(request, |answer| answer.to_string())
    }

    /// Says this of what the verb answers with.
    fn with<I, O: Output>(request: Typed<I, O>, say: impl FnOnce(O) -> String + 'static) -> Self {
        Self { request: request.into_request(), say: Box::new(|answer| answer.answer().map(say)) }
    }

    /// Says this once it is done.
    fn saying<I>(request: Typed<I, NoContent>, text: String) -> Self {
        Self::with(request, |NoContent| text)
    }

    /// Shows the answer as it is.
    fn raw<I, O>(request: Typed<I, O>) -> Self {
        Self { request: request.into_request(), say: Box::new(|answer| Ok(answer.body.clone())) }
    }
}

/// Asks the server and prints what it says.
fn ask(subcommand: &impl Subcommand) -> anyhow::Result<()> {
    let target = subcommand.target();
    let Shown { request, say } = subcommand.shown()?;
    let answer = target.sandbox()?.ask(&request)?;
    let text = if target.json { answer.body } else { say(&answer)? };
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
