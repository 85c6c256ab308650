//! `persona-mock verify`: were these calls made?

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::Value;

use super::{TargetArgs, Verb, shown, text};
use crate::cli::values::id;
use crate::mock::{Call, ControlAnswer, ControlRequest, Expectation, MockError, Verified};

/// `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The operation that was called, such as vijil.create_persona
    #[arg(required_unless_present_any = ["file", "path", "provider"])]
    operation: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
    /// A file with several expectations, such as {"calls": […], "in_order": true}; `-` is standard input
    #[arg(long, conflicts_with_all = ["operation", "path", "provider"])]
    file: Option<PathBuf>,
    /// Called at this provider
    #[arg(long, value_name = "ID", value_parser = id)]
    provider: Option<String>,
    /// Called by this method
    #[arg(long)]
    method: Option<String>,
    /// Called at this decoded path; `*` stands for one segment, `**` for any number
    #[arg(long)]
    path: Option<String>,
    /// Answered so, such as 201 or 4xx
    #[arg(long)]
    status: Option<String>,
    /// With this header field (repeatable)
    #[arg(long, value_name = "NAME: VALUE")]
    header: Vec<String>,
    /// With this query parameter (repeatable)
    #[arg(long, value_name = "NAME=VALUE")]
    query: Vec<String>,
    /// With this JSON within its body; objects may have more members
    #[arg(long, value_name = "JSON")]
    body: Option<String>,
    /// So often and not otherwise
    #[arg(long, value_name = "N", conflicts_with_all = ["at_least", "at_most", "never"])]
    exactly: Option<u64>,
    /// So often or more
    #[arg(long, value_name = "N", conflicts_with = "never")]
    at_least: Option<u64>,
    /// So often or less
    #[arg(long, value_name = "N", conflicts_with = "never")]
    at_most: Option<u64>,
    /// Not at all
    #[arg(long)]
    never: bool,
}

impl VerifyArgs {
    fn call(&self) -> anyhow::Result<Call> {
        let mut call = self.operation.as_ref().map_or_else(Call::any, Call::to);
        call = self.provider.iter().fold(call, |call, id| call.provider(id));
        call = self.method.iter().fold(call, |call, method| call.method(method));
        call = self.path.iter().fold(call, |call, path| call.path(path));
        call = self.status.iter().fold(call, |call, status| call.status(status));
        for field in &self.header {
            let Some((name, value)) = field.split_once(':') else {
                bail!("cannot take the header field {field:?}: expected `name: value`");
            };
            call = call.header(name.trim(), value.trim());
        }
        for pair in &self.query {
            let Some((name, value)) = pair.split_once('=') else {
                bail!("cannot take the query parameter {pair:?}: expected name=value");
            };
            call = call.query(name, value);
        }
        if let Some(body) = &self.body {
            let json: Value = serde_json::from_str(body).context("cannot take the body: expected JSON")?;
            call = call.body(json);
        }
        call = self.exactly.iter().fold(call, |call, times| call.exactly(*times));
        call = self.at_least.iter().fold(call, |call, times| call.at_least(*times));
        call = self.at_most.iter().fold(call, |call, times| call.at_most(*times));
        Ok(if self.never { call.never() } else { call })
    }
}

impl Verb for VerifyArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn request(&self) -> anyhow::Result<ControlRequest> {
        let body = match &self.file {
            Some(file) => text(file)?,
            None => serde_json::to_string(&Expectation { calls: &[self.call()?], in_order: false })?,
        };
        Ok(ControlRequest::new("POST", &["verify"]).body(body))
    }

    fn say(&self, answer: &ControlAnswer) -> Result<String, MockError> {
        shown::<Verified>(answer)
    }
}
