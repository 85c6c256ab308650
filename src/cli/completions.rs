//! `persona-mock completions SHELL`: what completes the command in a shell.

use clap::{Args, Command};
use clap_complete::Shell;

use super::{print, values};

/// `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_parser = values::Choice::<Shell>::new())]
    pub shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, mut command: Command) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "persona-mock", &mut script);
    print::out(String::from_utf8(script)?.trim_end())
}
