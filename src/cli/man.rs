//! `persona-mock man`: the manual page, and those of the subcommands.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Command};
use clap_mangen::Man;

use super::print;
use super::replace::replace;

/// `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Directory to write a page for the command and for each subcommand into; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
}

pub(super) fn run(args: &ManArgs, command: Command) -> anyhow::Result<()> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let Some(folder) = &args.output else {
        return print::out(String::from_utf8(page(&command)?)?.trim_end());
    };
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut written = Vec::new();
    write(&command, folder, &mut written)?;
    print::out(&written.join("\n"))
}

fn write(command: &Command, folder: &Path, written: &mut Vec<String>) -> anyhow::Result<()> {
    let path = folder.join(Man::new(command.clone()).get_filename());
    replace(&path, &page(command)?).with_context(|| format!("cannot write {}", path.display()))?;
    written.push(path.display().to_string());
    command.get_subcommands().try_for_each(|inner| write(inner, folder, written))
}

fn page(command: &Command) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    Man::new(command.clone()).render(&mut text).context("cannot make the manual page")?;
    Ok(text)
}
