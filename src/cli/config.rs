//! From what was said to what is meant: plain, resolved, checked.

use std::path::Path;

use anyhow::Context;
use indexmap::IndexMap;

use super::fixture_bound::FixtureBound;
use super::progress;
use super::sources::source;
use super::world_args::WorldArgs;
use crate::api::SandboxStart;
use crate::app::{AppState, Setup, SetupError};
use crate::{control, fixtures, providers};

/// The setup of a world that is looked at and not served.
pub(super) fn world(args: &WorldArgs) -> anyhow::Result<Setup> {
    let (fixtures, faults) = match &args.fixtures {
        Some(dir) => args.bound.dir(dir).read().with_context(|| source("fixtures"))?,
        None => Default::default(),
    };
    Ok(Setup {
        only: (!args.only.is_empty()).then(|| said(&args.only)),
        fixtures,
        faults,
        settings: said(&args.set),
        documented_only: args.documented_only,
        ..Setup::default()
    })
}

/// The provider states that a file has.
pub(super) fn provider_states(file: &Path, bound: FixtureBound) -> anyhow::Result<IndexMap<String, SandboxStart>> {
    let states = fixtures::provider_states(file, bound.max_fixture_bytes);
    states.map_err(|reason| anyhow::Error::msg(reason).context(source("provider_states")))
}

/// What is served under a setup, whose texts are let go of as they are read; what cannot be names the flag or the variable that it came from.
pub(super) fn app(setup: &mut Setup) -> anyhow::Result<AppState> {
    let texts = std::mem::take(&mut setup.fixtures);
    let app = progress::shown(|| AppState::build_with(providers::registry(), setup, texts)).map_err(|error| {
        let id = match &error {
            SetupError::UnknownProvider { .. } | SetupError::NoProvider { .. } => "only",
            SetupError::Setting { .. } => "set",
            SetupError::RateLimit { .. } => "rate_limit",
            SetupError::PublicUrl { .. } => "public_url",
            // They name the file, or what is not as the command line has it.
            _ => return error.into(),
        };
        anyhow::Error::new(error).context(source(id))
    })?;
    let checked = control::provider_states::check(&app);
    checked.map_err(|reason| anyhow::Error::msg(reason).context(source("provider_states")))?;
    Ok(app)
}

/// The elements of a list; a comma at its end has nothing behind it.
pub(super) fn said(list: &[String]) -> Vec<String> {
    list.iter().filter(|element| !element.trim().is_empty()).cloned().collect()
}
