//! `persona-mock coverage`: what the run, or a sandbox, exercised, and whether that is enough.

use std::path::PathBuf;

use anyhow::anyhow;
use clap::{Args, Subcommand};

use super::gaps::GapArgs;
use super::shards::merge;
use crate::api::Coverage;
use crate::cli::exit::{found, usage};
use crate::cli::print;
use crate::cli::sources::is_said;
use crate::cli::steer::TargetArgs;
use crate::cli::values::OneOf;
use crate::control::coverage;
use crate::evidence::forms::{Demand, ReportForm};
use crate::evidence::{NotJudged, Threshold};
use crate::mock::Typed;

/// `coverage`.
#[derive(Debug, Args)]
pub struct CoverageArgs {
    /// What to do; showing it, where absent.
    #[command(subcommand)]
    command: Option<CoverageCommand>,
    #[command(flatten)]
    target: TargetArgs,
    #[command(flatten)]
    judge: JudgeArgs,
    #[command(flatten)]
    gaps: GapArgs,
}

/// The subcommands of `coverage`.
#[derive(Debug, Subcommand)]
enum CoverageCommand {
    /// Add up the reports of a suite's shards, of one version of persona-mock
    Merge(MergeArgs),
    /// Forget what was counted
    Forget,
}

/// `coverage merge`.
#[derive(Debug, Args)]
struct MergeArgs {
    /// Reports that `--coverage FILE.json` wrote; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// What must be true of a coverage, and how it is shown.
#[derive(Debug, Args)]
struct JudgeArgs {
    /// Least coverage of an axis, such as operations=100%, vijil.statuses=40% or vijil.login.statuses=3; less ends with 3
    /// (repeatable)
    #[arg(long, global = true, value_name = "KEY=N|N%", value_delimiter = ',', value_parser = Threshold::at_least)]
    min: Vec<Threshold>,
    /// Most of what is a guess, such as inferred=0 or vijil.inferred=10%, or of near_misses, ignored, unstruck, injected,
    /// extension, not_looked_at; more ends with 3 (repeatable)
    #[arg(long, global = true, value_name = "KEY=N|N%", value_delimiter = ',', value_parser = Threshold::at_most)]
    max: Vec<Threshold>,
    /// How it is printed [default: text; of merge json]
    #[arg(long, global = true, value_name = "FORM", value_parser = OneOf(FORMS))]
    format: Option<String>,
}

/// What `--format` takes.
const FORMS: &[&str] = &["text", "json", "junit", "ctrf", "markdown", "html"];

impl CoverageArgs {
    /// Does it.
    pub(in crate::cli) fn run(&self) -> anyhow::Result<()> {
        let usual = if self.target.json { "json" } else { "text" };
        match &self.command {
            Some(_) if self.gaps.gaps => {
                Err(usage("--gaps asks a running server; leave the subcommand out: `persona-mock coverage --gaps`"))
            }
            Some(CoverageCommand::Forget) if self.judge.is_said() => Err(usage(
                "`coverage forget` shows and judges nothing: leave --min, --max and --format out, or ask first and then forget",
            )),
            None if self.gaps.gaps => {
                let (sandbox, asked) = self.whose(self.gaps.typed());
                let form = self.judge.format.as_deref().unwrap_or(usual);
                self.gaps.show(&self.target.named(sandbox)?, asked, form)
            }
            None => self.judge.show(&self.ask()?, usual),
            Some(CoverageCommand::Merge(args)) => self.judge.show(&merge(&args.files)?, "json"),
            Some(CoverageCommand::Forget) => {
                let (sandbox, forget) = self.whose(Typed::new(&coverage::FORGET_COVERAGE, &[]));
                self.target.named(sandbox)?.ask(&forget.into_request())?;
                print::out(&format!("forgot what {} exercised", self.said()))
            }
        }
    }

    fn ask(&self) -> anyhow::Result<Coverage> {
        let (sandbox, show) = self.whose(Typed::new(&coverage::SHOW_COVERAGE, &[]));
        Ok(self.target.named(sandbox)?.ask(&show.into_request())?.answer()?)
    }

    /// Whether the whole run is meant: where no sandbox is said it is, since a suite has many.
    fn is_of_the_run(&self) -> bool {
        self.target.sandbox == coverage::RUN || !is_said("sandbox")
    }

    /// The sandbox to ask, and what to ask it.
    fn whose<I, O>(&self, typed: Typed<I, O>) -> (&str, Typed<I, O>) {
        match self.is_of_the_run() {
            true => ("default", typed.query("sandbox", coverage::RUN)),
            false => (&self.target.sandbox, typed),
        }
    }

    fn said(&self) -> String {
        if self.is_of_the_run() { "the run".to_owned() } else { format!("the sandbox {}", self.target.sandbox) }
    }
}

impl JudgeArgs {
    fn is_said(&self) -> bool {
        !self.min.is_empty() || !self.max.is_empty() || self.format.is_some()
    }

    /// Prints a coverage, and ends as what it is held against asks.
    fn show(&self, coverage: &Coverage, usual: &str) -> anyhow::Result<()> {
        let demands = self.demands(coverage);
        let form = self.format.as_deref().unwrap_or(usual);
        let form =
            ReportForm::ALL.iter().find(|(_, name, _)| *name == form).map_or(ReportForm::Text, |(form, ..)| *form);
        let judged = demands.as_deref().unwrap_or_default();
        // What names nothing that is there is the user's to mend first.
        if let Err(error) = &demands
            && error.downcast_ref::<Nothing>().is_none()
        {
            return demands.map(drop);
        }
        print::out(form.write(coverage, judged)?.trim_end())?;
        if !coverage.is_exercised() {
            return Err(anyhow!(nothing(coverage)));
        }
        let unmet: Vec<_> = demands?.into_iter().filter(|demand| !demand.is_met).collect();
        let unmet = unmet.iter().map(|Demand { asked, found, .. }| format!("{asked} is not met: found {found}"));
        let unmet: Vec<_> = unmet.collect();
        if unmet.is_empty() { Ok(()) } else { Err(found(unmet.join("; "))) }
    }

    fn demands(&self, coverage: &Coverage) -> anyhow::Result<Vec<Demand>> {
        let judge = |threshold: &Threshold| {
            threshold.judge(coverage).map_err(|error| match error {
                NotJudged::Unknown(detail) => usage(detail),
                NotJudged::Nothing(detail) => Nothing(detail).into(),
            })
        };
        self.min.iter().chain(&self.max).map(judge).collect()
    }
}

/// A share of nothing.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Nothing(String);

fn nothing(coverage: &Coverage) -> String {
    match &coverage.sandbox {
        Some(sandbox) => format!(
            "nothing was exercised in the sandbox {sandbox}: none of its requests meant an operation; `persona-mock \
             coverage --sandbox '*'` shows the whole run"
        ),
        None => {
            "nothing was exercised: no request meant an operation of a provider; see that the base URL of the client \
                 under test is the mock's"
                .to_owned()
        }
    }
}
