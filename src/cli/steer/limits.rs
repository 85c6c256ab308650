//! `persona-mock limits` and `persona-mock metrics`.

use anyhow::bail;
use clap::Args;
use indexmap::IndexMap;
use serde_json::json;

use super::{TargetArgs, Verb, shown};
use crate::cli::values::id;
use crate::mock::{ControlAnswer, ControlRequest, Limits, MockError};
use crate::world::options::meant;

/// `limits`.
#[derive(Debug, Args)]
pub struct LimitsArgs {
    /// provider=100/1m, provider=on for the vendor's own, or provider=off; all are shown where none is given
    #[arg(value_name = "PROVIDER=LIMIT")]
    change: Vec<String>,
    #[command(flatten)]
    target: TargetArgs,
}

impl Verb for LimitsArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn request(&self) -> anyhow::Result<ControlRequest> {
        if self.change.is_empty() {
            return Ok(ControlRequest::new("GET", &["limits"]));
        }
        let mut limits = IndexMap::new();
        for text in &self.change {
            match text.split_once('=') {
                Some((provider, limit)) => {
                    let limit = limit.trim().to_ascii_lowercase();
                    limits.insert(id(provider)?, meant(&["on", "off"], &limit).map_or(limit.clone(), str::to_owned))
                }
                None => bail!("cannot take the limit `{text}`: expected provider=limit, such as axero=100/1m"),
            };
        }
        Ok(ControlRequest::new("PUT", &["limits"]).body(json!({"limits": limits}).to_string()))
    }

    fn say(&self, answer: &ControlAnswer) -> Result<String, MockError> {
        shown::<Limits>(answer)
    }
}

/// `metrics`.
#[derive(Debug, Args)]
pub struct MetricsArgs {
    #[command(flatten)]
    target: TargetArgs,
}

impl Verb for MetricsArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn request(&self) -> anyhow::Result<ControlRequest> {
        Ok(ControlRequest::new("GET", &["metrics"]))
    }

    fn say(&self, answer: &ControlAnswer) -> Result<String, MockError> {
        Ok(answer.body.clone())
    }
}
