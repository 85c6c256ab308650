//! `persona-mock verify`: were these calls made?

use std::path::PathBuf;

use clap::{ArgGroup, Args};

use super::flags::{BesideOperation, PATTERN, PatternArgs};
use super::target::{Shown, Subcommand, TargetArgs, commands, text};
use crate::api::{Call, VerifyRequest};
use crate::cli::exit::usage;
use crate::control::journal;
use crate::mock::Typed;

commands! {
    /// Hold the calls that were made against what is expected
    Verify(Box<VerifyArgs>),
}

/// `verify`.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new(COUNT).multiple(true), group = ArgGroup::new(CLAIMS).multiple(true))]
pub struct VerifyArgs {
    /// The operation that was called, such as vijil.create_persona
    #[arg(required_unless_present_any = ["file", PATTERN, COUNT, CLAIMS])]
    operation: Option<String>,
    #[command(flatten)]
    target: TargetArgs,
    /// A file with several expectations, such as {"calls": […], "in_order": true}; `-` is standard input
    #[arg(long, conflicts_with_all = ["operation", "path", "provider", CLAIMS])]
    file: Option<PathBuf>,
    #[command(flatten)]
    pattern: PatternArgs<BesideOperation>,
    /// So often and not otherwise
    #[arg(long, value_name = "N", group = COUNT, conflicts_with_all = ["at_least", "at_most", "never"])]
    exactly: Option<u64>,
    /// So often or more
    #[arg(long, value_name = "N", group = COUNT, conflicts_with = "never")]
    at_least: Option<u64>,
    /// So often or less
    #[arg(long, value_name = "N", group = COUNT, conflicts_with = "never")]
    at_most: Option<u64>,
    /// Not at all
    #[arg(long, group = COUNT)]
    never: bool,
    /// No client sent what the vendor ignores
    #[arg(long, group = CLAIMS)]
    nothing_ignored: bool,
    /// No request was refused that breaks the rules of its provider's document
    #[arg(long, group = CLAIMS)]
    nothing_refused_as_invalid: bool,
    /// Every request hit an operation
    #[arg(long, group = CLAIMS)]
    no_near_miss: bool,
    /// Each fault that was armed has struck
    #[arg(long, group = CLAIMS)]
    every_fault_struck: bool,
}

/// The group of flags that say how often a call was made.
const COUNT: &str = "count";

/// The group of flags that claim something of all calls.
const CLAIMS: &str = "claims";

impl VerifyArgs {
    fn call(&self) -> anyhow::Result<Call> {
        self.pattern.refuse_apart(self.operation.as_deref())?;
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
        let call = self.call()?;
        Ok(Shown::of(match &self.file {
            Some(_) if call != Call::any() => {
                return Err(usage(
                    "--file says all that is expected: leave out the flags that describe a call or its count",
                ));
            }
            Some(file) => verify.with_text(text(file)?),
            None => {
                // Nothing but claims: no call need have been made.
                let calls = if call == Call::any() { Vec::new() } else { vec![call] };
                verify.with(&VerifyRequest {
                    calls,
                    in_order: false,
                    nothing_ignored: self.nothing_ignored,
                    nothing_refused_as_invalid: self.nothing_refused_as_invalid,
                    no_near_miss: self.no_near_miss,
                    every_fault_struck: self.every_fault_struck,
                })?
            }
        }))
    }
}
