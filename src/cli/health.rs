//! `persona-mock health`: what a container's HEALTHCHECK runs, where no curl is at hand, and what waits in a script.

use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use clap::Args;

use super::config_file::ConfigFlag;
use super::place::{PlaceArgs, get};
use super::{print, values};
use crate::world::clock::Stopwatch;
use crate::world::duration;

/// `health`. It asks where the flags and variables of `serve` make a server listen.
#[derive(Debug, Args)]
pub struct HealthArgs {
    /// Where the server listens.
    #[command(flatten)]
    pub place: PlaceArgs,
    /// Ask again until the server is ready, for so long at most; --wait alone waits for 10s
    #[arg(long, value_name = "DURATION", num_args = 0..=1, default_missing_value = "10s")]
    #[arg(value_parser = values::some_time)]
    pub wait: Option<Duration>,
    /// What is said in a file.
    #[command(flatten)]
    pub config: ConfigFlag,
}

/// How long a server may take to answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(3);
/// What is left for an answer where the wait is nearly over.
const LEAST_TIMEOUT: Duration = Duration::from_millis(100);
/// How long after a failure the server is asked again.
const PAUSE: Duration = Duration::from_millis(50);

pub(super) fn run(args: &HealthArgs) -> anyhow::Result<()> {
    let answer = match args.wait {
        Some(wait) if !args.place.is_unnamed() => once_ready(&args.place, wait)?,
        _ => ready(&args.place, ANSWER_TIMEOUT)?,
    };
    print::out(&answer)
}

/// The answer of a server, once it is ready.
fn once_ready(place: &PlaceArgs, wait: Duration) -> anyhow::Result<String> {
    let watch = Stopwatch::start();
    let left = || wait.saturating_sub(watch.elapsed());
    loop {
        let failure = match ready(place, left().clamp(LEAST_TIMEOUT, ANSWER_TIMEOUT)) {
            Ok(answer) => return Ok(answer),
            Err(failure) => failure,
        };
        if left().is_zero() {
            return Err(failure.context(format!("no server was ready within {}", duration::show(wait))));
        }
        std::thread::sleep(PAUSE.min(left()));
    }
}

/// The answer of a server that is ready.
fn ready(place: &PlaceArgs, time: Duration) -> anyhow::Result<String> {
    let mut failure = None;
    // A server may listen on one family of two: whoever answers first is asked.
    for base in place.bases()? {
        let url = format!("{base}/_mock/health");
        match get(&url, time) {
            Ok(answer) => return checked(&url, answer),
            Err(error) => failure = failure.or(Some(error)),
        }
    }
    Err(failure.unwrap_or_else(|| anyhow!("there is no address to ask")))
}

fn checked(url: &str, answer: String) -> anyhow::Result<String> {
    let health: serde_json::Value =
        serde_json::from_str(&answer).with_context(|| format!("{url} is not a persona-mock: its answer is no JSON"))?;
    if health.get("ready") != Some(&serde_json::Value::Bool(true)) {
        bail!("{url} answers, but is not ready: {answer}");
    }
    Ok(answer)
}
