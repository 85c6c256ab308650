//! `/_mock/coverage/gaps`: every line of the queue is run, and its cell is seen to be filled.

mod hostile;
mod line;
mod queue;

use std::time::Duration;

use persona_mock::api::{Coverage, CoverageGap, CoverageGaps, CoverageLevel};
use persona_mock::internals::Setup;
use persona_mock::mock::{Builder, CallRequest};
use persona_mock::{Mock, PersonaMock};

use super::support::Asked;

/// The clock and the seed of other tests, one provider, and no socket.
fn mock(provider: &str) -> Builder {
    let mock = PersonaMock::builder().providers([provider]).seed(1).clock("2026-01-15T12:00:00Z");
    // A debug build beside other tests takes its time.
    let patient = |setup: &mut Setup| setup.serving.control_timeout = Duration::from_secs(300);
    mock.coverage_level(CoverageLevel::Fields).setup(patient)
}

fn call(mock: &PersonaMock, asked: &Asked) -> (u16, Vec<u8>) {
    let request = CallRequest::new(&*asked.method, &*asked.target).body(asked.body.clone());
    let request = asked.headers.iter().fold(request, |request, (name, value)| request.header(name, value));
    let answer = mock.call(request).unwrap_or_else(|error| panic!("{asked:?}: {error}"));
    (answer.status(), answer.body().to_vec())
}

fn gaps(mock: &PersonaMock, target: &str) -> CoverageGaps {
    let (status, body) = call(mock, &Asked::new("GET", target));
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).expect("gaps")
}

/// Whether a cell is filled, by the report of the sandbox that a command was sent to.
fn is_filled(report: &Coverage, gap: &CoverageGap) -> bool {
    let operations = report.documents.iter().flat_map(|document| &document.operations);
    let of_it = operations.filter(|known| known.operation == gap.operation && known.method == gap.method);
    of_it.flat_map(|known| &known.cells).any(|cell| cell.axis == gap.axis && cell.name == gap.cell && cell.is_covered())
}

/// Runs a gap's command; gives what is wrong.
fn run(mock: &PersonaMock, gap: &CoverageGap) -> Option<String> {
    let command = gap.command.as_deref()?;
    let (mut status, mut sandbox) = (0, "default".to_owned());
    for asked in line::requests(command) {
        if let Some(rest) = asked.target.strip_prefix("/_sandbox/") {
            rest.split('/').next().unwrap_or_default().clone_into(&mut sandbox);
        }
        status = call(mock, &asked).0;
    }
    let report = mock.sandbox(&sandbox).coverage().expect("a report");
    let wrong = match gap.status == Some(status) {
        true if is_filled(&report, gap) => return None,
        true => "its cell is empty".to_owned(),
        false => format!("answered {status}, not {:?}", gap.status),
    };
    Some(format!("{gap}: {wrong}"))
}

/// How many cells each provider has at least, and how many of them no request fills.
const CELLS: [(&str, usize, usize); 4] =
    [("axero", 300, 2), ("crud", 700, 26), ("equals_money", 500, 3), ("vijil", 700, 16)];

fn every_line_fills_its_cell(provider: &str) {
    let (_, least, most_without) = CELLS.into_iter().find(|(known, ..)| *known == provider).expect("a provider");
    let mock = mock(provider).build().expect("a mock");
    let all = gaps(&mock, "/_mock/coverage/gaps?sandbox=*");
    assert!(all.gaps.len() >= least && all.empty == all.gaps.len(), "{} of {}", all.gaps.len(), all.empty);
    let (with, without): (Vec<_>, Vec<_>) = all.gaps.iter().partition(|gap| gap.command.is_some());
    assert!(without.iter().all(|gap| gap.reason.is_some()));
    let wrong: Vec<_> = with.iter().filter_map(|gap| run(&mock, gap)).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), all.gaps.len(), wrong.join("\n"));
    let shown: Vec<_> = without.iter().map(ToString::to_string).collect();
    assert!(without.len() <= most_without, "{} of {}:\n{}", without.len(), all.gaps.len(), shown.join("\n"));
}

#[test]
fn no_request_fills_three_of_a_hundred_cells_at_most() {
    let sum = |of: fn(&(&str, usize, usize)) -> usize| CELLS.iter().map(of).sum::<usize>();
    assert!(sum(|cells| cells.2) * 100 <= sum(|cells| cells.1) * 3);
}

#[test]
fn every_line_of_axero_fills_its_cell() {
    every_line_fills_its_cell("axero");
}

#[test]
fn every_line_of_crud_fills_its_cell() {
    every_line_fills_its_cell("crud");
}

#[test]
fn every_line_of_equals_money_fills_its_cell() {
    every_line_fills_its_cell("equals_money");
}

#[test]
fn every_line_of_vijil_fills_its_cell() {
    every_line_fills_its_cell("vijil");
}
