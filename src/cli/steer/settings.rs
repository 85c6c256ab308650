//! `persona-mock settings`: a sandbox's switches.

use anyhow::{anyhow, bail};
use clap::Args;

use super::{TargetArgs, Verb, shown};
use crate::cli::values::{id, switch};
use crate::mock::{ControlAnswer, ControlRequest, MockError, Settings, SettingsChange};

/// `settings`.
#[derive(Debug, Args)]
pub struct SettingsArgs {
    /// auth=off|any|strict, documented_only=on|off or provider.key=value; all are shown where none is given
    #[arg(value_name = "KEY=VALUE")]
    change: Vec<String>,
    #[command(flatten)]
    target: TargetArgs,
}

impl Verb for SettingsArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn request(&self) -> anyhow::Result<ControlRequest> {
        if self.change.is_empty() {
            return Ok(ControlRequest::new("GET", &["settings"]));
        }
        let body = serde_json::to_string(&settings(&self.change)?)?;
        Ok(ControlRequest::new("PUT", &["settings"]).body(body))
    }

    fn say(&self, answer: &ControlAnswer) -> Result<String, MockError> {
        shown::<Settings>(answer)
    }
}

/// The change that `key=value` texts ask for.
pub(super) fn settings(texts: &[String]) -> anyhow::Result<SettingsChange> {
    let mut change = SettingsChange::new();
    for text in texts {
        let Some((name, value)) = text.split_once('=') else {
            bail!("cannot take the setting `{text}`: expected key=value, such as auth=strict");
        };
        let wrong = |expected: String| anyhow!("cannot take the setting `{text}`: {expected}");
        change = match (name.trim(), name.split_once('.')) {
            (name, _) if name.eq_ignore_ascii_case("auth") => change.auth(value.parse().map_err(wrong)?),
            (name, _) if name.eq_ignore_ascii_case("documented_only") => {
                change.documented_only(switch(value).map_err(wrong)?)
            }
            (_, Some((provider, key))) => change.set(id(provider)?, key.trim(), value),
            (_, None) => bail!(
                "cannot take the setting `{text}`: expected auth, documented_only or provider.key, \
                 such as axero.error_status"
            ),
        };
    }
    Ok(change)
}
