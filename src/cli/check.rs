//! `persona-mock check [DIR]`: every fault of a fixture directory, found by the code that loads it.

use anyhow::{Context, bail};

use super::args::CheckArgs;
use super::sources::{is_flag, source};
use super::{config, print};
use crate::app::Setup;

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<()> {
    let (fixtures, faults) = match &args.dir {
        Some(dir) if is_flag("dir") => args.bound.dir(dir).read()?,
        Some(dir) => args.bound.dir(dir).read().with_context(|| source("dir"))?,
        None => Default::default(),
    };
    let checked: Vec<_> = match &args.dir {
        Some(_) => fixtures.iter().map(|fixture| fixture.file.clone()).collect(),
        None => vec!["the embedded fixtures".to_owned()],
    };
    config::app(&Setup { fixtures, faults, ..Setup::default() })?;
    match &args.dir {
        Some(dir) if checked.is_empty() => {
            bail!("the directory {} has no fixture file; each provider would keep its embedded fixture", dir.display())
        }
        _ => print::out(&format!("ok: {}", checked.join(", "))),
    }
}
