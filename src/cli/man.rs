//! `persona-mock man`: the manual page, and those of the subcommands.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Command};
use clap_mangen::Man;

use super::export::refuse_others;
use super::print;
use super::replace::replace;

/// `man`.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Directory to write a page for the command and for each subcommand into; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Overwrite files that are already there, such as the pages of an earlier version
    #[arg(long, requires = "output")]
    pub force: bool,
}

pub(super) fn run(args: &ManArgs, command: Command) -> anyhow::Result<()> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let Some(folder) = &args.output else {
        return print::out(String::from_utf8(page(&command)?)?.trim_end());
    };
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut pages = Vec::new();
    collect(&command, folder, &mut pages)?;
    refuse_others(pages.iter().map(|(path, _)| path.as_path()), args.force)?;
    for (path, text) in &pages {
        replace(path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let written: Vec<_> = pages.iter().map(|(path, _)| path.display().to_string()).collect();
    print::out(&written.join("\n"))
}

/// Every page with its text, all made before the first is written.
fn collect(command: &Command, folder: &Path, pages: &mut Vec<(PathBuf, Vec<u8>)>) -> anyhow::Result<()> {
    pages.push((folder.join(Man::new(command.clone()).get_filename()), page(command)?));
    command.get_subcommands().try_for_each(|inner| collect(inner, folder, pages))
}

fn page(command: &Command) -> anyhow::Result<Vec<u8>> {
    let mut text = Vec::new();
    Man::new(command.clone()).render(&mut text).context("cannot make the manual page")?;
    Ok(text)
}
