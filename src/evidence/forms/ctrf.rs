//! The Common Test Report Format: a test a cell, whose labels say the axis, how the cell is known and how often it was met.
//!
//! A test that was not exercised is skipped; what fails is a demand that is not met. All times are 0: the same counts give
//! the same report.

use serde::Serialize;

use super::NotWritten;
use super::parts::{Demand, raw_status, title, why_skipped};
use crate::api::{Coverage, CoverageAxis, CoverageCell, CoverageLevel, CoverageNote, Provenance};
use crate::world::cancel::Cancel;
use crate::world::visible::Visible;

/// The version of the format.
const VERSION: &str = "0.0.0";

/// The longest text of a stranger's that is shown whole.
const LONGEST: usize = 120;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report<'a> {
    report_format: &'static str,
    spec_version: &'static str,
    generated_by: &'static str,
    results: Results<'a>,
}

#[derive(Serialize)]
struct Results<'a> {
    tool: Tool,
    summary: Summary,
    tests: Vec<Test>,
    environment: Environment,
    extra: Extra<'a>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Default, Serialize)]
struct Summary {
    tests: usize,
    passed: usize,
    failed: usize,
    skipped: usize,
    pending: usize,
    other: usize,
    start: u64,
    stop: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Environment {
    report_name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Test {
    name: String,
    status: Status,
    duration: u64,
    suite: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    raw_status: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    labels: Option<Labels>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Passed,
    Failed,
    Skipped,
}

#[derive(Serialize)]
struct Labels {
    axis: CoverageAxis,
    provenance: Provenance,
    exercised: u64,
    refused: u64,
    injected: u64,
}

/// What the format has no place for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Extra<'a> {
    level: CoverageLevel,
    not_looked_at: u64,
    near_misses: Vec<Note<'a>>,
    ignored: Vec<Note<'a>>,
    unstruck: Vec<Note<'a>>,
}

#[derive(Serialize)]
struct Note<'a> {
    #[serde(serialize_with = "visible")]
    what: &'a str,
    times: u64,
}

/// The report.
pub(super) fn write(coverage: &Coverage, demands: &[Demand], cancel: &Cancel) -> Result<String, NotWritten> {
    let mut tests: Vec<_> = demands.iter().map(demanded).collect();
    for document in &coverage.documents {
        let label = coverage.label(document);
        cancel.check()?;
        for operation in &document.operations {
            let name = coverage.operation_label(document, operation);
            tests.extend(operation.cells.iter().map(|cell| test(&label, &name, cell)));
        }
    }
    let count = |status| tests.iter().filter(|test| test.status == status).count();
    let summary = Summary {
        tests: tests.len(),
        passed: count(Status::Passed),
        failed: count(Status::Failed),
        skipped: count(Status::Skipped),
        ..Summary::default()
    };
    Ok(serde_json::to_string(&Report {
        report_format: "CTRF",
        spec_version: VERSION,
        generated_by: "persona-mock",
        results: Results {
            tool: Tool { name: "persona-mock", version: env!("CARGO_PKG_VERSION") },
            summary,
            tests,
            environment: Environment { report_name: seen(&title(coverage)) },
            extra: Extra {
                level: coverage.level,
                not_looked_at: coverage.not_looked_at,
                near_misses: listed(&coverage.near_misses),
                ignored: listed(&coverage.ignored),
                unstruck: listed(&coverage.unstruck),
            },
        },
    })?)
}

fn demanded(demand: &Demand) -> Test {
    let Demand { asked, found, is_met } = demand;
    Test {
        name: seen(asked),
        status: if *is_met { Status::Passed } else { Status::Failed },
        duration: 0,
        suite: vec!["thresholds".into()],
        message: Some(format!("asked for {}, found {}", seen(asked), seen(found))),
        raw_status: None,
        labels: None,
    }
}

fn test(label: &str, operation: &str, cell: &CoverageCell) -> Test {
    let why_skipped = why_skipped(cell);
    let &CoverageCell { axis, provenance, exercised, refused, injected, .. } = cell;
    let place = if axis == CoverageAxis::Transport { "transport" } else { operation };
    Test {
        name: format!("{} {axis} {}", seen(operation), seen(&cell.name)),
        status: if why_skipped.is_none() { Status::Passed } else { Status::Skipped },
        duration: 0,
        suite: vec![seen(label), seen(place)],
        message: why_skipped.map(|why| format!("{why} ({provenance})")),
        raw_status: Some(raw_status(cell)),
        labels: Some(Labels { axis, provenance, exercised, refused, injected }),
    }
}

fn listed(notes: &[CoverageNote]) -> Vec<Note<'_>> {
    notes.iter().map(|note| Note { what: &note.what, times: note.times }).collect()
}

fn seen(text: &str) -> String {
    Visible::new(text, LONGEST).to_string()
}

fn visible<S: serde::Serializer>(text: &&str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&Visible::new(text, LONGEST))
}
