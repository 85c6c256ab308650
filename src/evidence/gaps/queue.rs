//! The empty cells of a report as a queue of work: each with a line for a shell.

use std::sync::Arc;

use serde_json::json;

use super::cell::Cell;
use super::curl::Target;
use super::draft::Call;
use super::plan::{Planner, Way};
use super::trial::Scratch;
use crate::api::{Coverage, CoverageAxis, CoverageGap, CoverageGaps, SettingsChange};
use crate::contract::Document;
use crate::provider::{AnyProvider, Options, Slot};
use crate::world::cancel::{Cancel, Cancelled};
use crate::world::clock::Clock;
use crate::world::ids::Seed;

/// Where the requests of a queue go.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Where<'a> {
    /// To the sandbox that the address names.
    Here,
    /// Each to a new sandbox whose name begins so.
    Each(&'a str),
}

/// Gives the document of a provider under some options.
type FindDocument<'a> = dyn Fn(&dyn AnyProvider, &Options) -> Option<Arc<Document>> + 'a;

/// What a queue is made of.
pub(crate) struct Queue<'a> {
    /// What was exercised.
    pub(crate) report: &'a Coverage,
    /// The address that the requests are sent below, without a slash at its end.
    pub(crate) base: &'a str,
    pub(crate) to: Where<'a>,
    /// The providers' parts, as the requests will find them.
    pub(crate) slots: &'a [Arc<dyn Slot>],
    pub(crate) clock: Clock,
    pub(crate) seed: Seed,
    /// The largest body in bytes that the server takes.
    pub(crate) max_body: usize,
    /// Whether the control API wants a token.
    pub(crate) wants_token: bool,
    /// The document of a provider under these options.
    pub(crate) document: &'a FindDocument<'a>,
    pub(crate) cancel: &'a Cancel,
}

/// Which cells a queue has.
#[derive(Debug, Clone, Default)]
pub(crate) struct Chosen {
    pub(crate) provider: Option<String>,
    pub(crate) axis: Option<CoverageAxis>,
    pub(crate) most: Option<usize>,
}

/// An empty cell of a report, and where it stands there.
struct Empty {
    /// The number of its document, and of its operation there.
    place: (usize, usize),
    gap: CoverageGap,
}

impl Queue<'_> {
    /// The empty cells that are chosen, each with how it is filled.
    ///
    /// # Errors
    ///
    /// It is no longer wanted.
    pub(crate) fn gaps(&self, chosen: &Chosen) -> Result<CoverageGaps, Cancelled> {
        let mut empty: Vec<_> = self.empty(chosen);
        let total = empty.len();
        empty.truncate(chosen.most.unwrap_or(usize::MAX));
        let mut places: Vec<_> = empty.iter().map(|empty| empty.place).collect();
        places.sort_unstable();
        places.dedup();
        for chunk in places.chunk_by(|one, other| one.0 == other.0) {
            self.fill(&mut empty, chunk)?;
        }
        let gaps = empty.into_iter().map(|empty| empty.gap).collect();
        Ok(CoverageGaps { sandbox: self.report.sandbox.clone(), gaps, empty: total })
    }

    /// The empty cells, the most useful first: axis by axis, in the order of the documents.
    fn empty(&self, chosen: &Chosen) -> Vec<Empty> {
        let mut found = Vec::new();
        for (number, document) in self.report.documents.iter().enumerate() {
            if chosen.provider.as_ref().is_some_and(|wanted| *wanted != document.provider) {
                continue;
            }
            for (at, operation) in document.operations.iter().enumerate() {
                let cells = operation.cells.iter().filter(|cell| !cell.is_covered());
                for cell in cells.filter(|cell| chosen.axis.is_none_or(|axis| axis == cell.axis)) {
                    let names = (&*operation.operation, &*operation.method);
                    let gap = CoverageGap::new(names, cell.axis, &cell.name, cell.provenance);
                    found.push(Empty { place: (number, at), gap });
                }
            }
        }
        found.sort_by_key(|empty| empty.gap.axis);
        found
    }

    /// Finds how the cells of one document's operations are filled.
    fn fill(&self, empty: &mut [Empty], places: &[(usize, usize)]) -> Result<(), Cancelled> {
        let Some(number) = places.first().map(|place| place.0) else { return Ok(()) };
        let Some(document) = self.report.documents.get(number) else { return Ok(()) };
        let scratch = Scratch::of(self.slots, self.clock, self.seed, self.max_body);
        let change = scratch.set(&document.provider, &document.settings);
        let slot = scratch.slot(&document.provider);
        let known = slot.and_then(|slot| (self.document)(slot.provider(), &slot.options()));
        let Some(known) = known.filter(|_| change.is_empty() || matches!(self.to, Where::Each(_))) else {
            let of_it = empty.iter_mut().filter(|empty| empty.place.0 == number);
            of_it.for_each(|empty| empty.gap.reason = Some(OTHER_SETTINGS.to_owned()));
            return Ok(());
        };
        let planner = Planner::new(&scratch, &document.provider, known, matches!(self.to, Where::Each(_)));
        for place in places {
            let mine: Vec<_> = (0..empty.len()).filter(|at| empty[*at].place == *place).collect();
            let gaps = mine.iter().map(|at| &empty[*at].gap);
            let cells: Vec<_> = gaps.map(|gap| Cell::read(gap.axis, &gap.cell)).collect();
            let Some(first) = mine.first().map(|at| &empty[*at].gap) else { continue };
            let ways = planner.ways(&first.operation, &first.method, &cells, self.cancel)?;
            for (at, way) in mine.into_iter().zip(ways) {
                self.tell(&mut empty[at].gap, way, &change, at);
            }
        }
        Ok(())
    }

    fn tell(&self, gap: &mut CoverageGap, way: Way, change: &SettingsChange, number: usize) {
        let Way::Calls { calls, auth, status, injected } = way else {
            let Way::None(reason) = way else { return };
            gap.reason = Some(reason.to_owned());
            return;
        };
        let base = match self.to {
            Where::Here => self.base.to_owned(),
            Where::Each(start) => format!("{}/_sandbox/{start}{}", self.base, number + 1),
        };
        let target = Target { base: &base };
        let change = SettingsChange { auth, ..change.clone() };
        let settings = (!change.is_empty()).then(|| target.quiet(&settings(&change), self.wants_token));
        let calls = calls.iter().map(|call| target.curl(call));
        gap.command = Some(settings.into_iter().chain(calls).collect::<Vec<_>>().join(" && "));
        gap.status = Some(status);
        gap.injected = injected;
    }
}

const OTHER_SETTINGS: &str =
    "it is of the document under settings that the sandbox had before; `PUT /_mock/settings` puts them back";

/// The request that changes settings.
fn settings(change: &SettingsChange) -> Call {
    Call {
        method: "PUT".to_owned(),
        target: "/_mock/settings".to_owned(),
        headers: vec![("Content-Type".to_owned(), "application/json".to_owned())],
        body: Some(json!(change).to_string()),
    }
}
