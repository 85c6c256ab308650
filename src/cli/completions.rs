//! `persona-mock completions SHELL`: what completes the command in a shell.

use clap::{Args, Command};
use clap_complete::Shell;

use super::{print, values};

/// How the generator for bash spells the command's name where it means it, and where it takes it apart.
const WHOLE: &str = "persona__mock";
const TAKEN_APART: &str = "persona__subcmd__mock";

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
    let script = String::from_utf8(script)?;
    // Of a hyphen in the command's name bash's generator makes what stands before a subcommand, in one of two places.
    let script = if args.shell == Shell::Bash { script.replace(TAKEN_APART, WHOLE) } else { script };
    print::out(script.trim_end())
}
