//! `/_mock/coverage/gaps`: what nobody exercised, and how it can be.

use super::ask::Ask;
use super::coverage::{OF_THE_RUN, is_of_the_run, show_coverage};
use super::parameter::{Kind, Parameter};
use super::verb::{NoBody, Verb};
use crate::api::{CoverageAxis, CoverageGaps, CoverageLevel, Problem};
use crate::contract::suggestion;
use crate::evidence::gaps::{Chosen, Queue, Where};
use crate::provider::path::PREFIX;
use crate::provider::{AnyProvider, Options, header};

/// The most cells that one answer has.
pub(crate) const MOST_GAPS: u64 = 10_000;

/// The names of the axes.
const AXES: [&str; CoverageAxis::ALL.len()] = {
    let mut names = [""; CoverageAxis::ALL.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = CoverageAxis::ALL[at].name();
        at += 1;
    }
    names
};

pub(crate) static LIST_GAPS: Verb<NoBody, CoverageGaps> = Verb::get("/_mock/coverage/gaps", "list_gaps", list_gaps)
    .about(
        "What nobody exercised of what the documents promise, each with one line for a shell that does: `curl` with a \
         request that was tried on a copy of the data. The most useful come first.",
    )
    .takes(&[
        OF_THE_RUN,
        Parameter::query("provider", "Of this provider alone"),
        Parameter::query("axis", "Of this axis alone").of(Kind::Words(&AXES)),
        Parameter::query("limit", "How many, 1 to 10000; all where absent").of(Kind::Count(1, MOST_GAPS)),
    ])
    .refuses(&[400, 404, 409]);

fn list_gaps(ask: &Ask<'_>, none: NoBody) -> Result<CoverageGaps, Problem> {
    let provider = ask.parameter("provider");
    if let Some(id) = &provider {
        ask.slot(id)?;
    }
    let chosen = Chosen { provider, axis: axis(ask)?, most: most(ask)? };
    let report = show_coverage(ask, none)?;
    if let Some(axis) = chosen.axis.filter(|axis| report.level == CoverageLevel::Operations && axis.is_of_fields()) {
        let detail = format!("{} are not counted; start the server with --coverage-level fields", axis.name());
        return Err(Problem::new(409, detail).at("query.axis"));
    }
    let start = ask.app.sandboxes.start();
    let is_of_the_run = is_of_the_run(ask)?;
    let (slots, clock, seed) = match is_of_the_run {
        true => (&start.slots[..], start.clock, start.seed),
        false => (ask.sandbox.slots(), ask.sandbox.clock(), ask.sandbox.seed()),
    };
    let base = base(ask, is_of_the_run);
    let name = is_of_the_run.then(|| ask.app.run.name_work());
    let queue = Queue {
        report: &report,
        base: &base,
        to: name.as_deref().map_or(Where::Here, Where::Each),
        slots,
        clock,
        seed,
        max_body: ask.app.serving.max_body,
        wants_token: ask.app.guard().token.is_some(),
        document: &|provider: &dyn AnyProvider, options: &Options| ask.app.document(provider, options).ok(),
        cancel: ask.cancel,
    };
    Ok(queue.gaps(&chosen)?)
}

/// Where requests are sent: below the address that this one was sent to. What names a sandbox there is left out where
/// each has its own.
fn base(ask: &Ask<'_>, without_sandbox: bool) -> String {
    let base = match without_sandbox {
        true => ask.base.rfind(PREFIX).map_or(ask.base, |at| &ask.base[..at]),
        false => ask.base,
    };
    if base.contains("://") {
        return base.to_owned();
    }
    let host = ask.headers.get(&header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("{}{base}", ask.app.serving.scheme().url(host))
}

fn axis(ask: &Ask<'_>) -> Result<Option<CoverageAxis>, Problem> {
    let Some(name) = ask.parameter("axis") else { return Ok(None) };
    let read = CoverageAxis::ALL.into_iter().find(|axis| axis.name() == name);
    read.map(Some).ok_or_else(|| {
        let meant = suggestion::name(&name, AXES.into_iter());
        let meant = meant.map(|meant| format!("`{meant}` was probably meant; ")).unwrap_or_default();
        let found: String = name.chars().take(60).collect();
        let known = AXES.join(", ");
        Problem::new(400, format!("there is no axis {found:?}; {meant}the axes are {known}")).at("query.axis")
    })
}

fn most(ask: &Ask<'_>) -> Result<Option<usize>, Problem> {
    let Some(text) = ask.parameter("limit") else { return Ok(None) };
    let read = text.parse().ok().filter(|limit| (1..=MOST_GAPS).contains(limit));
    let limit = read.and_then(|limit| usize::try_from(limit).ok()).ok_or_else(|| {
        let found: String = text.chars().take(60).collect();
        let detail = format!("`limit` is a whole number from 1 to {MOST_GAPS}, such as 20; found {found:?}");
        Problem::new(400, detail).at("query.limit")
    })?;
    Ok(Some(limit))
}
