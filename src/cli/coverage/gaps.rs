//! `persona-mock coverage --gaps`: the empty cells, each with a line for a shell that fills it.

use clap::Args;

use crate::api::{CoverageAxis, CoverageGaps};
use crate::cli::exit::usage;
use crate::cli::print;
use crate::cli::values::id;
use crate::control::NoBody;
use crate::control::gaps::{self, MOST_GAPS};
use crate::mock::{Sandbox, Typed};

/// What of the queue is wanted.
#[derive(Debug, Args)]
pub(super) struct GapArgs {
    /// List what was not exercised instead, each with a curl that does it: operations first, then statuses, parameters,
    /// fields and values
    #[arg(long, conflicts_with_all = ["min", "max"])]
    pub(super) gaps: bool,
    /// Of --gaps: those of this provider
    #[arg(long, value_name = "PROVIDER", value_parser = id, requires = "gaps")]
    provider: Option<String>,
    /// Of --gaps: those of this axis, such as statuses
    #[arg(long, value_name = "AXIS", requires = "gaps", value_parser = axis)]
    axis: Option<CoverageAxis>,
    /// Of --gaps: the first so many
    #[arg(long, value_name = "N", requires = "gaps", value_parser = clap::value_parser!(u64).range(1..=MOST_GAPS))]
    limit: Option<u64>,
}

fn axis(name: &str) -> Result<CoverageAxis, String> {
    CoverageAxis::ALL.into_iter().find(|axis| axis.name() == name).ok_or_else(|| {
        let known: Vec<_> = CoverageAxis::ALL.iter().map(|axis| axis.name()).collect();
        format!("expected one of {}", known.join(", "))
    })
}

impl GapArgs {
    /// What is asked.
    pub(super) fn typed(&self) -> Typed<NoBody, CoverageGaps> {
        let mut typed = Typed::new(&gaps::LIST_GAPS, &[]);
        let limit = self.limit.map(|limit| limit.to_string());
        let parts = [
            ("provider", self.provider.as_deref()),
            ("axis", self.axis.map(CoverageAxis::name)),
            ("limit", limit.as_deref()),
        ];
        for (name, value) in parts {
            typed = value.into_iter().fold(typed, |typed, value| typed.query(name, value));
        }
        typed
    }

    /// Prints what the server answers.
    pub(super) fn show(&self, sandbox: &Sandbox, asked: Typed<NoBody, CoverageGaps>, form: &str) -> anyhow::Result<()> {
        if !matches!(form, "text" | "json") {
            return Err(usage(format!("--gaps is printed as text or json, found --format {form}")));
        }
        let answer = sandbox.ask(&asked.into_request())?;
        if form == "json" {
            return print::out(answer.body.trim_end());
        }
        let gaps: CoverageGaps = answer.answer()?;
        match gaps.empty {
            0 => print::out("# no cell is empty"),
            _ => print::out(&gaps.to_string()),
        }
    }
}
