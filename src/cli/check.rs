//! `persona-mock check [DIR]`: every fault of a fixture directory, found by the code that loads it.

use super::args::CheckArgs;
use super::print;
use crate::fixtures;
use crate::http::hall::{Hall, Setup};
use crate::providers;

pub(super) fn run(args: &CheckArgs) -> anyhow::Result<()> {
    let (fixtures, faults) = match &args.dir {
        Some(dir) => fixtures::read(dir, providers::registry())?,
        None => Default::default(),
    };
    let checked = match &args.dir {
        Some(_) => fixtures.iter().map(|fixture| fixture.file.clone()).collect(),
        None => vec!["the embedded fixtures".to_owned()],
    };
    match Hall::build(providers::registry(), &Setup { fixtures, faults, ..Setup::default() }) {
        Ok(_) if checked.is_empty() => {
            anyhow::bail!("the directory has no fixture file; each provider would keep its embedded fixture")
        }
        Ok(_) => print::out(&format!("ok: {}", checked.join(", "))),
        Err(error) => Err(error.into()),
    }
}
