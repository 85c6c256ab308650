//! `persona-mock settings`: a sandbox's switches.

use clap::Args;

use super::target::{Shown, Subcommand, TargetArgs, commands};
use crate::api::SettingsChange;
use crate::cli::exit::usage;
use crate::cli::values::{id, switch};
use crate::control::settings;
use crate::mock::Typed;

commands! {
    /// Show or change a sandbox's switches
    Settings(SettingsArgs),
}

/// `settings`.
#[derive(Debug, Args)]
pub struct SettingsArgs {
    /// auth=off|any|strict, documented_only=on|off or provider.key=value; all are shown where none is given
    #[arg(value_name = "KEY=VALUE")]
    change: Vec<String>,
    #[command(flatten)]
    target: TargetArgs,
}

impl Subcommand for SettingsArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        if self.change.is_empty() {
            return Ok(Shown::of(Typed::new(&settings::SHOW_SETTINGS, &[])));
        }
        Ok(Shown::of(Typed::new(&settings::CHANGE_SETTINGS, &[]).with(&change(&self.change)?)?))
    }
}

/// The change that `key=value` texts ask for.
pub(super) fn change(texts: &[String]) -> anyhow::Result<SettingsChange> {
    let mut change = SettingsChange::new();
    for text in texts {
        let Some((name, value)) = text.split_once('=') else {
            return Err(usage(format!("cannot take the setting `{text}`: expected key=value, such as auth=strict")));
        };
        let wrong = |expected: String| usage(format!("cannot take the setting `{text}`: {expected}"));
        change = match (name.trim(), name.split_once('.')) {
            (name, _) if name.eq_ignore_ascii_case("auth") => change.auth(value.parse().map_err(wrong)?),
            (name, _) if name.eq_ignore_ascii_case("documented_only") => {
                change.documented_only(switch(value).map_err(wrong)?)
            }
            (_, Some((provider, key))) => change.set(id(provider)?, key.trim(), value),
            (_, None) => {
                return Err(usage(format!(
                    "cannot take the setting `{text}`: expected auth, documented_only or provider.key, such as \
                     axero.error_status"
                )));
            }
        };
    }
    Ok(change)
}
