//! `persona-mock settings`: a sandbox's switches.

use anyhow::bail;
use clap::Args;

use super::{TargetArgs, Verb, shown};
use crate::mock::{ControlAnswer, ControlRequest, MockError, Settings, SettingsChange};

/// `settings`.
#[derive(Debug, Args)]
pub struct SettingsArgs {
    /// auth=off|any|strict, documented_only=true|false or provider.key=value; all are shown where none is given
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
        change = match text.split_once('=') {
            Some(("auth", value)) => match value.parse() {
                Ok(auth) => change.auth(auth),
                Err(reason) => bail!("cannot take the setting `{text}`: {reason}"),
            },
            Some(("documented_only", value)) => match value.parse() {
                Ok(on) => change.documented_only(on),
                Err(_) => bail!("cannot take the setting `{text}`: expected `true` or `false`, found {value:?}"),
            },
            Some((name, value)) => match name.split_once('.') {
                Some((provider, key)) => change.set(provider, key, value),
                None => bail!("cannot take the setting `{text}`: expected auth, documented_only or provider.key"),
            },
            None => bail!("cannot take the setting `{text}`: expected key=value"),
        };
    }
    Ok(change)
}
