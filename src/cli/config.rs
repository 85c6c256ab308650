//! From what was said to what is meant: plain, resolved, checked.

use std::time::Duration;

use anyhow::Context;

use super::args::{ServeArgs, Switch, WorldArgs};
use crate::control::Guard;
use crate::fixtures;
use crate::http::hall::Setup;
use crate::http::provider::Seed;
use crate::providers;
use crate::world::duration;
use crate::world::journal::JournalBounds;
use crate::world::sandbox::Bounds;

/// The setup that arguments ask for.
pub(super) fn setup(args: &ServeArgs) -> anyhow::Result<Setup> {
    Ok(Setup {
        auth: args.auth,
        seed: Seed(args.seed),
        clock: args.clock,
        rate_limits: args.rate_limit.clone(),
        public_url: args.public_url.clone(),
        max_body: usize::try_from(args.max_body).context("--max-body is more than this machine can hold")?,
        cors: args.cors == Switch::On,
        require_sandbox: args.require_sandbox,
        guard: Guard {
            token: args.control_token.clone(),
            origins: args.control_origin.iter().map(|origin| origin.trim_end_matches('/').to_owned()).collect(),
        },
        bounds: Bounds { sandboxes: usize::try_from(args.max_sandboxes).unwrap_or(usize::MAX), idle: args.sandbox_ttl },
        journal: JournalBounds {
            exchanges: usize::try_from(args.journal_size).unwrap_or(usize::MAX),
            body: usize::try_from(args.journal_body).unwrap_or(usize::MAX),
            bytes: usize::try_from(args.journal_bytes).unwrap_or(usize::MAX),
        },
        ..world(&args.world)?
    })
}

/// The setup of a world that is looked at and not served.
pub(super) fn world(args: &WorldArgs) -> anyhow::Result<Setup> {
    let (fixtures, faults) = match &args.fixtures {
        Some(dir) => fixtures::read(dir, providers::registry())?,
        None => Default::default(),
    };
    Ok(Setup {
        only: (!args.only.is_empty()).then(|| args.only.clone()),
        fixtures,
        faults,
        settings: args.set.clone(),
        documented_only: args.documented_only,
        ..Setup::default()
    })
}

/// Reads `500ms`, `5s`, `1h`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    duration::parse(text).map_err(|error| error.to_string())
}
