//! `persona-mock serve`.

use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, anyhow, bail};

use super::coverage::file::CoverageFiles;
use super::log::{self, Log};
use super::port_file::PortFile;
use super::ready::Greeting;
use super::serve_args::ServeArgs;
use super::sources::source;
use super::{config, contradictions, environment, exit, links, print, ready, signals, written};
use crate::api::Watching;
use crate::app::AppState;
use crate::fixtures::{Seen, Watch};
use crate::provider::scheme;
use crate::server::Server;
use crate::server::addresses::before_port;
use crate::server::file_handles;

/// Serves until a signal ends it. The message of a failure goes the way of the log, which no reader can
/// hold up.
pub(super) fn run(args: &ServeArgs) -> ExitCode {
    let apart = written::check(args);
    // Before anything else is done: a script that waits for the file must not find an earlier server's.
    let port_file = args.port_file.as_deref().map(PortFile::clear).transpose().with_context(|| source("port_file"));
    let port_file = apart.and(port_file);
    let log = match Log::install(args.log, args.log_format) {
        Ok(log) => log,
        Err(error) => return print::outcome(Err(error)),
    };
    match port_file.and_then(|port_file| serve(args, port_file, &log)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            log.fail(&error);
            exit::of(&error).into()
        }
    }
}

fn serve(args: &ServeArgs, mut port_file: Option<PortFile>, log: &Log) -> anyhow::Result<()> {
    links::warn(&environment::variables());
    let coverage = CoverageFiles::check(&args.coverage.coverage)?;
    let mut setup = args.setup()?;
    contradictions::warn(&setup);
    setup.serving.dropped_log_lines = log.dropped();
    let seen = args.watching().map(|watching| (watching, Seen::of(&setup.fixtures)));
    let app = Arc::new(config::app(&mut setup)?);
    let server =
        Server::bind(&args.host, args.port, app.clone()).map_err(|error| cannot_listen(args, error))?.drain(args.drain);
    let _watch = watch(args, seen, &app)?;
    file_handles::raise();
    server.check_handles().context("cannot start")?;
    // Behind all that may fail: a start that does not come about replaces no record of before.
    let _record = args.record.start(&app)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("cannot start")?;
    let run = async {
        let signals = signals::watch(args.until_stdin_closes).context("cannot watch for SIGTERM and Ctrl-C")?;
        let greeting = ready::line(app.serving.scheme(), server.address());
        let port = server.address().port();
        let table = Greeting::of(&app, server.addresses(), server.reachable());
        let started = server.start().await.context("the server cannot start")?;
        if let Some(port_file) = &mut port_file {
            port_file.write(port, log).with_context(|| source("port_file"))?;
        }
        // Scripts wait for the line, people read the table.
        print::out(&greeting)?;
        log.greet(&table);
        let stop = async {
            signals.first.await;
            // While the port is still ours, so that no other server's file can be meant.
            if let Some(port_file) = &mut port_file {
                port_file.remove();
            }
        };
        started.run_until(stop, signals.second).await.context("the server failed")
    };
    // Where no thread can be made, actix crashes in place of failing.
    let run = || actix_rt::System::with_tokio_rt(|| runtime).block_on(run);
    let outcome =
        catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|crash| bail!("the server crashed: {}", log::said(&*crash)));
    // However it ended: what the run has shown is worth as much.
    let written = if coverage.is_empty() { Ok(()) } else { coverage.write(&app.coverage()) };
    outcome.and(written)
}

/// Why the server cannot listen, and what would help.
fn cannot_listen(args: &ServeArgs, error: std::io::Error) -> anyhow::Error {
    let host =
        || format!("{} takes an address or a name of this machine, such as 127.0.0.1 or localhost", source("host"));
    let hint = match error.kind() {
        ErrorKind::AddrInUse => "; --port 0 picks a free port".to_owned(),
        ErrorKind::PermissionDenied => {
            format!("; a port below 1024 may be the system's own, and --port {} is not", scheme::PORT)
        }
        ErrorKind::AddrNotAvailable => format!("; {}", host()),
        // A name that is not found is no error of the system's.
        _ if error.raw_os_error().is_none() => format!("; {}", host()),
        _ => String::new(),
    };
    let place = format!("{}:{}", before_port(&args.host), args.port);
    anyhow::Error::new(error).context(format!("cannot listen on {place}{hint}"))
}

/// Watches the fixture directory as long as the answer lives, where that is asked for.
fn watch(args: &ServeArgs, seen: Option<(Watching, Seen)>, app: &Arc<AppState>) -> anyhow::Result<Option<Watch>> {
    let (Some((watching, seen)), Some(dir)) = (seen, &args.world.fixtures) else { return Ok(None) };
    let watch = Watch::start(args.world.bound.dir(dir), watching, app.clone(), seen);
    watch.map(Some).map_err(|error| anyhow!("{error}; --watch=poll may work"))
}
