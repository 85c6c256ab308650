//! `persona-mock verify`: were these calls made?

use std::path::PathBuf;

use anyhow::bail;
use clap::Args;

use super::flags::{BesideOperation, PATTERN, PatternArgs};
use super::target::{Shown, Subcommand, TargetArgs, commands, text};
use crate::api::{Call, VerifyRequest};
use crate::control::journal;
use crate::mock::Typed;

commands! {
    /// Hold the calls that were made against what is expected
    Verify(Box<VerifyArgs>),
}

/// `verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The operation that was called, such as vijil.create_persona
    #[arg(required_unless_present_any = ["file", PATTERN, "exactly", "at_least", "at_most", "never"])]
    operation: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
    /// A file with several expectations, such as {"calls": […], "in_order": true}; `-` is standard input
    #[arg(long, conflicts_with_all = ["operation", "path", "provider"])]
    file: Option<PathBuf>,
    #[command(flatten)]
    pattern: PatternArgs<BesideOperation>,
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
        let mut pattern = self.pattern.pattern()?;
        pattern.operation.clone_from(&self.operation);
        let mut call = Call::from(pattern);
        call = self.exactly.iter().fold(call, |call, times| call.exactly(*times));
        call = self.at_least.iter().fold(call, |call, times| call.at_least(*times));
        call = self.at_most.iter().fold(call, |call, times| call.at_most(*times));
        Ok(if self.never { call.never() } else { call })
    }
}

impl Subcommand for VerifyArgs {
    fn target(&self) -> &TargetArgs {
        &self.target
    }

    fn shown(&self) -> anyhow::Result<Shown> {
        let verify = Typed::new(&journal::VERIFY, &[]);
        Ok(Shown::of(match &self.file {
            Some(_) if self.call()? != Call::any() => {
                bail!("--file says all that is expected: leave out the flags that describe a call or its count");
            }
            Some(file) => verify.with_text(text(file)?),
            None => verify.with(&VerifyRequest { calls: vec![self.call()?], in_order: false })?,
        }))
    }
}
