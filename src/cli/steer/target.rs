//! Which server and which sandbox a subcommand is for, what it asks, and what a person reads of the answer.

use std::fmt::Display;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;

use crate::api::EVERYWHERE;
use crate::app::Token;
use crate::cli::exit::{self, usage};
use crate::cli::{access, config_file, print, values};
use crate::control::{MOST_BODY, NoContent, Output};
use crate::mock::{ControlAnswer, ControlRequest, Mock, MockError, RemoteMock, Sandbox, Typed};

/// What all verbs have stands below their own flags.
const COMMON: &str = "Server and sandbox";

/// Which server and which sandbox a verb is for.
#[derive(Debug, Clone, Args)]
pub(in crate::cli) struct TargetArgs {
    /// Where the server listens [default: where variables and config file make one listen, http://127.0.0.1:8080]
    #[arg(long, global = true, help_heading = COMMON, env = "PERSONA_MOCK_URL", value_parser = values::url)]
    url: Option<String>,
    /// The sandbox
    #[arg(long, global = true, help_heading = COMMON, value_name = "NAME", default_value = "default", env = "PERSONA_MOCK_SANDBOX")]
    #[arg(value_parser = values::whose)]
    pub(in crate::cli) sandbox: String,
    /// The control token of the server
    #[arg(long, global = true, help_heading = COMMON, value_name = "TOKEN", env = "PERSONA_MOCK_CONTROL_TOKEN", hide_env_values = true)]
    control_token: Option<String>,
    /// File that holds the control token of the server
    #[arg(long, global = true, help_heading = COMMON, value_name = "FILE", env = "PERSONA_MOCK_CONTROL_TOKEN_FILE", hide_env_values = true)]
    #[arg(conflicts_with = "control_token")]
    control_token_file: Option<PathBuf>,
    /// Print the server's answer as it is: JSON, or nothing
    #[arg(long, global = true, help_heading = COMMON)]
    pub(in crate::cli) json: bool,
    #[arg(long = "config", id = "config", global = true, value_name = "FILE|none", env = "PERSONA_MOCK_CONFIG")]
    #[arg(help = config_file::HELP, help_heading = COMMON)]
    _config: Option<PathBuf>,
}

impl TargetArgs {
    /// Whether all sandboxes are meant.
    pub(super) fn is_of_all_sandboxes(&self) -> bool {
        self.sandbox == EVERYWHERE
    }

    /// The one sandbox that is meant.
    pub(super) fn sandbox(&self) -> anyhow::Result<Sandbox> {
        if self.is_of_all_sandboxes() {
            return Err(usage(
                "cannot take --sandbox '*': it stands for all sandboxes, which `persona-mock requests` shows, as a list, \
                 with --follow and with --har, and for the run of `persona-mock coverage`; name one, such as --sandbox t1",
            ));
        }
        self.named(&self.sandbox)
    }

    /// Whom to ask of all sandboxes, or of the one that is meant.
    pub(super) fn any_sandbox(&self) -> anyhow::Result<Sandbox> {
        if self.is_of_all_sandboxes() { self.named("default") } else { self.sandbox() }
    }

    pub(in crate::cli) fn named(&self, name: &str) -> anyhow::Result<Sandbox> {
        let token = access::token(self.control_token.as_deref(), self.control_token_file.as_deref())?;
        let token = token.as_ref().map(Token::as_str);
        let url = self.url.as_ref().map_or_else(config_file::url, |url| Ok(url.clone()))?;
        Ok(RemoteMock::unasked(&url, token)?.sandbox(name))
    }
}

/// A subcommand against a running server.
pub(super) trait Subcommand {
    /// Which server and sandbox it is for.
    fn target(&self) -> &TargetArgs;

    /// What is asked, and what a person reads of the answer.
    fn shown(&self) -> anyhow::Result<Shown>;

    /// Whom it asks.
    fn sandbox(&self) -> anyhow::Result<Sandbox> {
        self.target().sandbox()
    }

    /// Asks, and prints what the server says.
    fn run(&self) -> anyhow::Result<()>
    where
        Self: Sized,
    {
        ask(self)
    }
}

/// The subcommands that a file has, and the arguments of each.
macro_rules! commands {
    ($($(#[$about:meta])* $name:ident($args:ty),)+) => {
        /// The subcommands of this file.
        #[derive(Debug, clap::Subcommand)]
        pub enum Commands {
            $($(#[$about])* $name($args),)+
        }

        impl Commands {
            pub(super) fn run(&self) -> anyhow::Result<()> {
                use crate::cli::steer::target::Subcommand as _;
                match self {
                    $(Self::$name(args) => args.run(),)+
                }
            }
        }
    };
}

pub(super) use commands;

/// What is asked, and what a person reads of the answer.
pub(super) struct Shown {
    request: ControlRequest,
    say: Say,
    finds: Option<Finds>,
}

type Say = Box<dyn FnOnce(&ControlAnswer) -> Result<String, MockError>>;
type Finds = Box<dyn FnOnce(&ControlAnswer) -> Result<bool, MockError>>;

impl Shown {
    /// Shows what the verb answers with.
    pub(super) fn of<I, O: Output + Display>(request: Typed<I, O>) -> Self {
        Self::with(request, |answer| answer.to_string())
    }

    /// Says this of what the verb answers with.
    pub(super) fn with<I, O: Output>(request: Typed<I, O>, say: impl FnOnce(O) -> String + 'static) -> Self {
        Self { request: request.into_request(), say: Box::new(|answer| answer.answer().map(say)), finds: None }
    }

    /// The same; where what the verb answers with is a difference, the subcommand ends so.
    pub(super) fn finding<O: Output + 'static>(self, finds: impl FnOnce(&O) -> bool + 'static) -> Self {
        Self { finds: Some(Box::new(|answer| answer.answer().map(|answer| finds(&answer)))), ..self }
    }

    /// Says this once it is done.
    pub(super) fn saying<I>(request: Typed<I, NoContent>, text: String) -> Self {
        Self::with(request, |NoContent| text)
    }

    /// Shows the answer as it is.
    pub(super) fn raw<I, O>(request: Typed<I, O>) -> Self {
        Self { request: request.into_request(), say: Box::new(|answer| Ok(answer.body.clone())), finds: None }
    }
}

/// Asks the server and prints what it says.
pub(super) fn ask(subcommand: &impl Subcommand) -> anyhow::Result<()> {
    let target = subcommand.target();
    let Shown { request, say, finds } = subcommand.shown()?;
    let answer = subcommand.sandbox()?.ask(&request)?;
    let is_difference = finds.map_or(Ok(false), |finds| finds(&answer))?;
    let text = if target.json { answer.body } else { say(&answer)? };
    if !text.is_empty() {
        print::out(text.trim_end())?;
    }
    if is_difference { Err(exit::found("")) } else { Ok(()) }
}

/// The text of a file, or of standard input, as long as the control API takes it.
pub(in crate::cli) fn text(file: &Path) -> anyhow::Result<String> {
    let name = if file.as_os_str() == "-" { "standard input".to_owned() } else { file.display().to_string() };
    let cannot = || format!("cannot read {name}");
    let source: Box<dyn Read> = match file.as_os_str() == "-" {
        true => Box::new(std::io::stdin()),
        false => Box::new(File::open(file).with_context(cannot)?),
    };
    let mut bytes = Vec::new();
    source.take(MOST_BODY as u64 + 1).read_to_end(&mut bytes).with_context(cannot)?;
    if bytes.len() > MOST_BODY {
        bail!("cannot take {name}: expected at most {MOST_BODY} bytes, the most that --max-control-body allows");
    }
    String::from_utf8(bytes).with_context(cannot)
}
