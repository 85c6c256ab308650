//! `persona-mock health`: what a container's HEALTHCHECK runs, where no curl is at hand.

use std::time::Duration;

use anyhow::{Context, bail};

use super::args::HealthArgs;
use super::print;

pub(super) fn run(args: &HealthArgs) -> anyhow::Result<()> {
    let base = args.url.clone().unwrap_or_else(|| format!("http://127.0.0.1:{}", args.port));
    let url = format!("{}/_mock/health", base.trim_end_matches('/'));
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(3))).build().into();
    let mut response = agent.get(&url).call().with_context(|| format!("no healthy server answers at {url}"))?;
    let body = response.body_mut().read_to_string().with_context(|| format!("cannot read the answer of {url}"))?;
    let health: serde_json::Value =
        serde_json::from_str(&body).with_context(|| format!("{url} is not a persona-mock: its answer is no JSON"))?;
    if health.get("ready") != Some(&serde_json::Value::Bool(true)) {
        bail!("{url} answers, but is not ready: {body}");
    }
    print::out(&body)
}
