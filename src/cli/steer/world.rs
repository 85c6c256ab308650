//! `persona-mock reset` and `persona-mock seed`.

use clap::Args;
use serde_json::{Value, json};

use super::{TargetArgs, Verb};
use crate::cli::values::id;
use crate::mock::{ControlAnswer, ControlRequest, MockError};

/// `reset`.
#[derive(Debug, Args)]
pub struct ResetArgs {
    /// Put back only this: a provider's data and ids
    #[arg(value_parser = id)]
    only: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
}

impl Verb for ResetArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn request(&self) -> anyhow::Result<ControlRequest> {
        let request = ControlRequest::new("POST", &["reset"]);
        Ok(match &self.only {
            Some(only) => request.body(json!({"only": only}).to_string()),
            None => request,
        })
    }

    fn say(&self, answer: &ControlAnswer) -> Result<String, MockError> {
        let said: Value = answer.read()?;
        let text = |key: &str| said[key].as_str().unwrap_or_default().to_owned();
        Ok(format!("sandbox {}: {} reset", text("sandbox"), text("reset")))
    }
}

/// `seed`.
#[derive(Debug, Args)]
pub struct SeedArgs {
    /// Where ids come from, from the next draw on; the present seed is shown where absent
    seed: Option<u64>,
    #[command(flatten)]
    target: TargetArgs,
}

impl Verb for SeedArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn request(&self) -> anyhow::Result<ControlRequest> {
        Ok(match self.seed {
            Some(seed) => ControlRequest::new("PUT", &["seed"]).body(json!({"seed": seed}).to_string()),
            None => ControlRequest::new("GET", &["seed"]),
        })
    }

    fn say(&self, answer: &ControlAnswer) -> Result<String, MockError> {
        Ok(answer.read::<Value>()?["seed"].to_string())
    }
}
