//! From what was said to what is meant: plain, resolved, checked.

use anyhow::Context;

use super::access;
use super::args::{ServeArgs, WorldArgs};
use super::sources::source;
use crate::app::{AppState, Guard, Setup, SetupError};
use crate::provider::Seed;
use crate::providers;
use crate::world::journal::JournalBounds;
use crate::world::sandbox::Bounds;

/// The setup that arguments ask for.
pub(super) fn setup(args: &ServeArgs) -> anyhow::Result<Setup> {
    Ok(Setup {
        auth: args.auth,
        seed: Seed(args.seed),
        clock: args.clock,
        rate_limits: said(&args.rate_limit),
        public_url: args.public_url.clone(),
        trust_proxy: args.trust_proxy,
        max_body: usize::try_from(args.max_body).context("--max-body is more than this machine can hold")?,
        cors: access::cors(&args.cors).map_err(anyhow::Error::msg)?,
        require_sandbox: args.require_sandbox,
        guard: Guard {
            token: access::token(args.control_token.as_deref(), args.control_token_file.as_deref())?,
            origins: args.control_origin.clone(),
            // Where the server listens is a name of its own, if it is one.
            hosts: args.control_host.iter().cloned().chain(args.host.parse()).collect(),
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

/// What is served under a setup; what cannot be names the flag or the variable that it came from.
pub(super) fn app(setup: &Setup) -> anyhow::Result<AppState> {
    AppState::build(providers::registry(), setup).map_err(|error| {
        let id = match &error {
            SetupError::UnknownProvider { .. } | SetupError::NoProvider { .. } => "only",
            SetupError::Setting { .. } => "set",
            SetupError::RateLimit { .. } => "rate_limit",
            SetupError::PublicUrl { .. } => "public_url",
            // They name the file, or what is not as the command line has it.
            _ => return error.into(),
        };
        anyhow::Error::new(error).context(source(id))
    })
}

/// The elements of a list; a comma at its end has nothing behind it.
fn said(list: &[String]) -> Vec<String> {
    list.iter().filter(|element| !element.trim().is_empty()).cloned().collect()
}
