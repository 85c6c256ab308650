//! `persona-mock fixtures export DIR`: each provider's fixture, and the schema of its file for editors.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};

use super::generate::GenerateArgs;
use super::replace::{replace, target};
use super::world_args::WorldArgs;
use super::{config, print};
use crate::app::{AppState, Setup};
use crate::world::clock::Clock;
use crate::world::fixture::FixtureTime;

/// `fixtures`.
#[derive(Debug, Args)]
pub struct FixturesArgs {
    /// What to do with them.
    #[command(subcommand)]
    pub command: FixturesCommand,
}

/// The subcommands of `fixtures`.
#[derive(Debug, Subcommand)]
pub enum FixturesCommand {
    /// Write the fixtures, and the JSON Schema of each file, into a directory
    Export(ExportArgs),
    /// Write a provider's fixture with so many personas more, the same for the same seed
    Generate(GenerateArgs),
}

/// `fixtures export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Directory to write into; made if it is not there
    pub dir: PathBuf,
    /// Overwrite files that are already there
    #[arg(long)]
    pub force: bool,
    /// What is exported.
    #[command(flatten)]
    pub world: WorldArgs,
}

/// Where the schemas go, so that the directory itself holds fixtures alone.
const SCHEMAS: &str = "schema";

pub(super) fn run(args: &ExportArgs) -> anyhow::Result<()> {
    let files = files(args)?;
    refuse_others(files.iter().map(|(path, _)| path.as_path()), args.force)?;
    let schemas = args.dir.join(SCHEMAS);
    std::fs::create_dir_all(&schemas).with_context(|| format!("cannot make {}", schemas.display()))?;
    for (path, text) in &files {
        replace(path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let written: Vec<_> = files.iter().map(|(path, _)| path.display().to_string()).collect();
    print::out(&written.join("\n"))
}

/// Refuses, before any of them is written, what cannot be replaced, and without `--force` what is there.
pub(super) fn refuse_others<'p>(paths: impl Iterator<Item = &'p Path>, force: bool) -> anyhow::Result<()> {
    let mut there = Vec::new();
    for path in paths {
        target(path).with_context(|| format!("cannot write {}; nothing was written", path.display()))?;
        if path.exists() {
            there.push(path.display().to_string());
        }
    }
    if !force && !there.is_empty() {
        bail!("{} already there; nothing was written. --force overwrites", there.join(", "));
    }
    Ok(())
}

/// Every file with its text, all made before the first is written.
///
/// The fixtures are loaded at two moments: what moves with the moment was stated relative to it, and is
/// written so again. An export that turned `now+24h` into an instant would have rotted a day later.
fn files(args: &ExportArgs) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let setup = config::world(&args.world)?;
    let moments = [Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_hours(1))?];
    let load = |moment| config::app(&mut Setup { clock: Clock::Frozen(moment), ..setup.clone() });
    let [app, later] = [load(moments[0])?, load(moments[1])?];
    let mut files = Vec::new();
    for slot in app.slots() {
        let provider = slot.provider();
        let id = &provider.descriptor().id;
        let schema_file = format!("{id}.schema.json");
        let text = |app: &AppState| {
            app.export(id, &format!("./{SCHEMAS}/{schema_file}"))
                .context("the provider is not served")?
                .with_context(|| format!("cannot export {id}"))
        };
        let (text, later) = (text(&app)?, text(&later)?);
        let lines = text.lines().zip(later.lines()).map(|(line, later)| relative(line, later, moments));
        files.push((args.dir.join(format!("{id}.json")), lines.map(|line| line + "\n").collect()));
        let mut schema = serde_json::to_string_pretty(&provider.fixture_schema())?;
        schema.push('\n');
        files.push((args.dir.join(SCHEMAS).join(schema_file), schema));
    }
    Ok(files)
}

/// A line of an export with its time relative to the moment of loading, if it moved with that moment.
fn relative(line: &str, later: &str, moments: [Timestamp; 2]) -> String {
    let time = |line: &str| {
        let end = line.rfind('"')?;
        let start = line[..end].rfind('"')? + 1;
        Some((start..end, line[start..end].parse::<Timestamp>().ok()?))
    };
    match (time(line), time(later)) {
        (Some((place, at)), Some((_, later))) if at != later => {
            let distance = FixtureTime::FromNow(at.duration_since(moments[0]));
            format!("{}{distance}{}", &line[..place.start], &line[place.end..])
        }
        _ => line.to_owned(),
    }
}
