//! `persona-mock check [DIR]`: every fault of a fixture directory, found by the code that loads it, and what loads and
//! is hardly meant.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::{Context, bail};
use clap::Args;

use super::config;
use super::config_file::ConfigFlag;
use super::exit;
use super::fixture_bound::FixtureBound;
use super::print;
use super::progress;
use super::sources::{is_flag, is_said, source};
use crate::app::{FixtureText, Setup, SetupError, settled};
use crate::provider::Descriptor;
use crate::providers::registry;
use crate::world::clock::Clock;
use crate::world::fixture::FixtureError;

/// `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Directory of fixture files; the embedded ones where absent
    #[arg(env = "PERSONA_MOCK_FIXTURES")]
    pub dir: Option<PathBuf>,
    /// Switches under which it is to be served: provider.key=value (repeatable)
    #[arg(long, value_name = "PROVIDER.KEY=VALUE", value_delimiter = ',', env = "PERSONA_MOCK_SET")]
    pub set: Vec<String>,
    /// How much of it is read.
    #[command(flatten)]
    pub bound: FixtureBound,
    /// What is said in a file.
    #[command(flatten)]
    pub config: ConfigFlag,
}

/// What was found in the fixtures.
pub(super) struct Looked {
    /// The files that were read.
    pub(super) files: Vec<String>,
    pub(super) faults: Vec<FixtureError>,
    pub(super) warnings: Vec<FixtureError>,
}

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<()> {
    let found = look(args)?;
    found.warnings.iter().for_each(print::warning);
    if !found.faults.is_empty() {
        return Err(exit::found(SetupError::Fixture(found.faults).to_string()));
    }
    let checked = match &args.dir {
        Some(dir) if found.files.is_empty() => {
            bail!("the directory {} has no fixture file; each provider would keep its embedded fixture", dir.display())
        }
        Some(_) => found.files.join(", "),
        None => "the embedded fixtures".to_owned(),
    };
    print::out(&format!("ok: {checked}"))
}

/// Reads the fixtures, and finds every fault.
pub(super) fn look(args: &CheckArgs) -> anyhow::Result<Looked> {
    let (mut fixtures, mut faults) = match &args.dir {
        Some(dir) if is_said("dir") && !is_flag("dir") => args.bound.dir(dir).read().with_context(|| source("dir"))?,
        Some(dir) => args.bound.dir(dir).read()?,
        None => (registry().iter().map(|provider| embedded(provider.descriptor())).collect(), Vec::new()),
    };
    let setup = Setup { settings: config::said(&args.set), ..Setup::default() };
    let options = settled(registry(), registry(), &setup).with_context(|| source("set"))?;
    let (now, mut warnings) = (Clock::Real.now(), Vec::new());
    for (provider, options) in registry().iter().zip(options) {
        let id = &provider.descriptor().id;
        let Some(fixture) = fixtures.iter_mut().find(|fixture| fixture.provider == *id) else { continue };
        let text = std::mem::take(&mut fixture.text);
        match progress::shown(|| provider.check(&fixture.file, text.into(), now, Arc::new(options))) {
            Ok(found) => warnings.extend(found),
            Err(found) => faults.extend(found),
        }
    }
    Ok(Looked { files: fixtures.into_iter().map(|fixture| fixture.file).collect(), faults, warnings })
}

fn embedded(descriptor: &Descriptor) -> FixtureText {
    let Descriptor { id, fixture, .. } = descriptor;
    FixtureText { provider: id.to_string(), file: format!("{id}.json"), text: fixture.to_string() }
}
