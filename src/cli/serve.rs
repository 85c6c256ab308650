//! `persona-mock serve`.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::Context;

use super::args::{ServeArgs, WatchMode};
use super::{config, log, print, ready};
use crate::fixtures::Watch;
use crate::http::Watching;
use crate::http::hall::{Hall, Setup};
use crate::http::server::Server;
use crate::providers;

pub(super) fn run(args: &ServeArgs) -> anyhow::Result<()> {
    log::install(args.log, args.log_format);
    let setup = config::setup(args)?;
    let hall = Arc::new(Hall::build(providers::registry(), &setup)?);
    let server = Server::bind(&args.host, args.port, hall.clone())
        .with_context(|| format!("cannot listen on {}:{}; --port 0 picks a free port", args.host, args.port))?
        .drain(args.drain);
    let _watch = watch(args, &setup, &hall)?;
    actix_web::rt::System::new().block_on(async {
        let stop = signal().context("cannot watch for SIGTERM and Ctrl-C")?;
        announce(args, &hall, server.address())?;
        server.run_until(stop).await.context("the server failed")
    })
}

/// Watches the fixture directory as long as the answer lives, where that is asked for.
fn watch(args: &ServeArgs, setup: &Setup, hall: &Arc<Hall>) -> anyhow::Result<Option<Watch>> {
    let (Some(mode), Some(dir)) = (args.watch, &args.world.fixtures) else { return Ok(None) };
    let watching = match mode {
        WatchMode::Events => Watching::Events,
        WatchMode::Poll => Watching::Poll,
    };
    Ok(Some(Watch::start(dir, watching, providers::registry(), hall.clone(), &setup.fixtures)?))
}

fn announce(args: &ServeArgs, hall: &Hall, address: SocketAddr) -> anyhow::Result<()> {
    if let Some(path) = &args.port_file {
        let part = path.with_extension("part");
        std::fs::write(&part, format!("{}\n", address.port()))
            .and_then(|()| std::fs::rename(&part, path))
            .with_context(|| format!("cannot write the port file {}", path.display()))?;
    }
    // Scripts wait for the line, people read the table.
    print::out(&ready::line(address))?;
    print::err(&ready::table(hall, address));
    Ok(())
}

/// Done at the first SIGTERM or Ctrl-C.
#[cfg(unix)]
fn signal() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// Done at the first Ctrl-C.
#[cfg(not(unix))]
fn signal() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
