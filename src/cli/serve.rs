//! `persona-mock serve`.

use std::io::ErrorKind;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;

use super::args::{ServeArgs, WatchMode};
use super::environment::source;
use super::log::Log;
use super::{config, links, print, ready};
use crate::fixtures::Watch;
use crate::http::Watching;
use crate::http::hall::{Hall, Setup};
use crate::http::listen::before_port;
use crate::http::server::Server;

/// Serves until a signal ends it. The message of a failure goes the way of the log, which no reader can
/// hold up.
pub(super) fn run(args: &ServeArgs) -> ExitCode {
    let log = match Log::install(args.log, args.log_format) {
        Ok(log) => log,
        Err(error) => return print::outcome(Err(error)),
    };
    match serve(args, &log) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log.say(&print::message(&error));
            ExitCode::FAILURE
        }
    }
}

fn serve(args: &ServeArgs, log: &Log) -> anyhow::Result<()> {
    links::warn();
    let setup = Setup { dropped_log_lines: log.dropped(), ..config::setup(args)? };
    let hall = Arc::new(config::hall(&setup)?);
    let server = Server::bind(&args.host, args.port, hall.clone())
        .map_err(|error| cannot_listen(args, error))?
        .drain(args.drain);
    let _watch = watch(args, &setup, &hall)?;
    actix_web::rt::System::new().block_on(async {
        let stop = signal().context("cannot watch for SIGTERM and Ctrl-C")?;
        announce(args, &hall, &server, log)?;
        server.run_until(stop).await.context("the server failed")
    })
}

/// Why the server cannot listen, and what would help.
fn cannot_listen(args: &ServeArgs, error: std::io::Error) -> anyhow::Error {
    let host =
        || format!("{} takes an address or a name of this machine, such as 127.0.0.1 or localhost", source("host"));
    let hint = match error.kind() {
        ErrorKind::AddrInUse => "; --port 0 picks a free port".to_owned(),
        ErrorKind::PermissionDenied => "; a port below 1024 may be the system's own, and --port 8080 is not".to_owned(),
        ErrorKind::AddrNotAvailable => format!("; {}", host()),
        // A name that is not found is no error of the system's.
        _ if error.raw_os_error().is_none() => format!("; {}", host()),
        _ => String::new(),
    };
    let place = format!("{}:{}", before_port(&args.host), args.port);
    anyhow::Error::new(error).context(format!("cannot listen on {place}{hint}"))
}

/// Watches the fixture directory as long as the answer lives, where that is asked for.
fn watch(args: &ServeArgs, setup: &Setup, hall: &Arc<Hall>) -> anyhow::Result<Option<Watch>> {
    let (Some(mode), Some(dir)) = (args.watch, &args.world.fixtures) else { return Ok(None) };
    let watching = match mode {
        WatchMode::Events => Watching::Events,
        WatchMode::Poll => Watching::Poll,
        WatchMode::Off => return Ok(None),
    };
    Ok(Some(Watch::start(args.world.bound.dir(dir), watching, hall.clone(), &setup.fixtures)?))
}

fn announce(args: &ServeArgs, hall: &Hall, server: &Server, log: &Log) -> anyhow::Result<()> {
    let address = server.address();
    if let Some(path) = &args.port_file {
        let part = path.with_extension("part");
        std::fs::write(&part, format!("{}\n", address.port()))
            .and_then(|()| std::fs::rename(&part, path))
            .with_context(|| format!("cannot write the port file {}", path.display()))?;
    }
    // Scripts wait for the line, people read the table.
    print::out(&ready::line(address))?;
    log.say(&ready::also(server.addresses().skip(1)));
    log.say(&ready::table(hall, server.reachable()));
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
