//! `/_mock/coverage`: what was exercised of what the documents promise.

use super::ask::Ask;
use super::parameter::{Kind, Parameter};
use super::verb::{AnyVerb, NoBody, NoContent, Verb};
use crate::api::{Coverage, Problem};

/// What stands for the whole run in place of one sandbox.
pub(crate) const RUN: &str = "*";

/// Whether the whole run is meant.
pub(super) const OF_THE_RUN: Parameter =
    Parameter::query("sandbox", "`*` for the whole run, whatever became of its sandboxes").of(Kind::Words(&[RUN]));

/// Whose counts are meant.
pub(super) const WHOSE: &[Parameter] = &[OF_THE_RUN];

pub(super) static VERBS: [&dyn AnyVerb; 3] = [&SHOW_COVERAGE, &FORGET_COVERAGE, &super::gaps::LIST_GAPS];

pub(crate) static SHOW_COVERAGE: Verb<NoBody, Coverage> = Verb::get("/_mock/coverage", "show_coverage", show_coverage)
    .about(
        "What was exercised of what the documents promise: every operation and status, and with `--coverage-level fields` \
         every parameter, field and value, each with how often the vendor's rules took it and refused it, how often a \
         fault or a limit made the answer, and how it is known.",
    )
    .takes(WHOSE)
    .refuses(&[400]);

pub(crate) static FORGET_COVERAGE: Verb<NoBody, NoContent> =
    Verb::delete("/_mock/coverage", "forget_coverage", forget_coverage)
        .about("Forgets what was counted: of the sandbox, or with `sandbox=*` of the run, whose sandboxes keep theirs.")
        .takes(WHOSE)
        .refuses(&[400])
        .only_looks();

/// The counts of the sandbox, or of the run.
pub(super) fn show_coverage(ask: &Ask<'_>, _: NoBody) -> Result<Coverage, Problem> {
    Ok(if is_of_the_run(ask)? { ask.app.coverage() } else { ask.app.coverage_of(ask.sandbox) })
}

fn forget_coverage(ask: &Ask<'_>, _: NoBody) -> Result<NoContent, Problem> {
    match is_of_the_run(ask)? {
        true => ask.app.run.clear(),
        false => ask.sandbox.coverage().clear(),
    }
    Ok(NoContent)
}

/// Whether the whole run is meant.
pub(super) fn is_of_the_run(ask: &Ask<'_>) -> Result<bool, Problem> {
    match ask.parameter("sandbox") {
        None => Ok(false),
        Some(whose) if whose == RUN => Ok(true),
        Some(whose) => {
            let found: String = whose.chars().take(100).collect();
            let detail = format!(
                "`sandbox` takes `*`, which is the whole run, found {found:?}; one sandbox is named by its base URL \
                 /_sandbox/NAME or by the header X-Mock-Sandbox"
            );
            Err(Problem::new(400, detail).at("query.sandbox"))
        }
    }
}
