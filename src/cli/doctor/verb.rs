//! The checks in order, each within a time of its own, and how they are told.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use serde_json::json;

use super::args::DoctorArgs;
use super::finding::{Finding, Level};
use super::{network, port, setup, starting};
use crate::cli::{exit, print};
use crate::world::duration;

type Check = fn(&DoctorArgs) -> Vec<Finding>;

/// Each check: what it is called, how long it may take, and what looks.
const CHECKS: [(&str, Duration, Check); 9] = [
    ("port", Duration::from_secs(5), port::port),
    ("server", Duration::from_secs(5), port::server),
    ("localhost", Duration::from_secs(5), network::localhost),
    ("proxies", Duration::from_secs(5), network::proxies),
    ("fixtures", Duration::from_secs(30), setup::fixtures),
    ("config", Duration::from_secs(5), starting::config),
    ("variables", Duration::from_secs(5), setup::variables),
    ("setup", Duration::from_secs(30), starting::setup),
    ("files", Duration::from_secs(5), setup::files),
];

pub(crate) fn run(args: DoctorArgs) -> anyhow::Result<()> {
    let json = args.json;
    let args = Arc::new(args);
    let found: Vec<_> = CHECKS.into_iter().flat_map(|check| within(check, &args)).collect();
    if json {
        let checks: Vec<_> = found.iter().map(Finding::json).collect();
        print::out(&json!({"faults": count(&found, Level::Fault), "checks": checks}).to_string())?;
    } else {
        print::out(&found.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
    }
    // Standard output has said all.
    if count(&found, Level::Fault) == 0 { Ok(()) } else { Err(exit::not_run("")) }
}

fn count(found: &[Finding], level: Level) -> usize {
    found.iter().filter(|finding| finding.level == level).count()
}

/// What a check finds, if it is done in time: a resolver or a file system that hangs keeps nobody waiting.
fn within((name, limit, check): (&'static str, Duration, Check), args: &Arc<DoctorArgs>) -> Vec<Finding> {
    let (tell, told) = mpsc::channel();
    let args = args.clone();
    let started = std::thread::Builder::new().name(name.to_owned()).spawn(move || tell.send(check(&args)));
    match started
        .map_err(|error| error.to_string())
        .and_then(|_| told.recv_timeout(limit).map_err(|error| late(error, limit)))
    {
        Ok(found) => found,
        Err(why) => vec![Finding::warning(name, format!("could not be looked at: {why}"), "ask again")],
    }
}

fn late(error: mpsc::RecvTimeoutError, limit: Duration) -> String {
    match error {
        mpsc::RecvTimeoutError::Timeout => format!("it took more than {}", duration::show(limit)),
        mpsc::RecvTimeoutError::Disconnected => "the check itself failed".to_owned(),
    }
}
