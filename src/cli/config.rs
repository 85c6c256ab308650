//! From what was said to what is meant: plain, resolved, checked.

use std::time::Duration;

use anyhow::Context;

use super::args::{ServeArgs, Switch, WorldArgs};
use super::files;
use crate::http::hall::Setup;
use crate::http::provider::Seed;

/// The setup that arguments ask for.
pub(super) fn setup(args: &ServeArgs) -> anyhow::Result<Setup> {
    Ok(Setup {
        auth: args.auth,
        seed: Seed(args.seed),
        clock: args.clock,
        public_url: args.public_url.clone(),
        max_body: usize::try_from(args.max_body).context("--max-body is more than this machine can hold")?,
        cors: args.cors == Switch::On,
        ..world(&args.world)?
    })
}

/// The setup of a world that is looked at and not served.
pub(super) fn world(args: &WorldArgs) -> anyhow::Result<Setup> {
    let fixtures = match &args.fixtures {
        Some(dir) => files::read_fixtures(dir)?,
        None => Vec::new(),
    };
    Ok(Setup {
        only: (!args.only.is_empty()).then(|| args.only.clone()),
        fixtures,
        settings: args.set.clone(),
        documented_only: args.documented_only,
        ..Setup::default()
    })
}

/// Reads `5s`, `500ms`, `2m`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.len() - text.trim_start_matches(|digit: char| digit.is_ascii_digit()).len();
    let (number, unit) = text.split_at(digits);
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => 0,
    };
    match number.parse::<u64>() {
        Ok(number) if milliseconds > 0 && number <= 86_400_000 => Ok(Duration::from_millis(number * milliseconds)),
        _ => Err("expected a number with ms, s or m, such as 5s".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_unit() {
        assert_eq!(duration("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(duration("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(duration("2m"), Ok(Duration::from_secs(120)));
        for text in ["", "5", "s", "5h", "-1s", "1.5s", "99999999999s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
