//! What a suite exercised: what is counted where, what outlives what, and how it is told.

mod fields;
mod hand;
mod heads;
mod run;
mod shell;

use persona_mock::api::{Coverage, CoverageAxis, CoverageCell, CoverageLevel};
use persona_mock::mock::{Builder, CallRequest, PersonaMock, Sandbox};

/// A mock without a server, whose clock stands still.
fn builder(level: CoverageLevel) -> Builder {
    PersonaMock::builder().seed(1).clock("2026-01-15T12:00:00Z").coverage_level(level)
}

fn operations() -> PersonaMock {
    builder(CoverageLevel::Operations).build().expect("a mock")
}

/// A request as a line says it: method, target, credential and a body of JSON.
fn asked(method: &str, target: &str, body: &str) -> CallRequest {
    let credential = match target {
        target if target.starts_with("/v2/") => "ApiKey 1070598f-6540-4c8a-b08f-f7c33dcc726a",
        target if target.starts_with("/crud/") => "Bearer vm_anything",
        target if target.starts_with("/api/") => "Bearer YOUR_TOKEN",
        _ => "Bearer vijil-owner-token",
    };
    let asked = CallRequest::new(method, target).header("Authorization", credential);
    if body.is_empty() { asked } else { asked.header("Content-Type", "application/json").body(body.to_owned()) }
}

/// Sends a request; its status.
fn send(sandbox: &Sandbox, method: &str, target: &str, body: &str) -> u16 {
    sandbox.call(asked(method, target, body)).expect("an answer").status()
}

/// A cell with its operation's name and method.
type Named<'c> = (&'c str, &'c str, &'c CoverageCell);

fn cells(coverage: &Coverage) -> impl Iterator<Item = Named<'_>> {
    let operations = coverage.documents.iter().flat_map(|document| &document.operations);
    operations
        .flat_map(|operation| operation.cells.iter().map(|cell| (&*operation.operation, &*operation.method, cell)))
}

/// The cells in which anything was counted: operation and method, name of the cell, and its columns.
fn counted(coverage: &Coverage) -> Vec<(String, String, [u64; 3])> {
    let is_counted = |(_, _, cell): &Named<'_>| cell.exercised + cell.refused + cell.injected > 0;
    let shown = |(operation, method, cell): Named<'_>| {
        let columns = [cell.exercised, cell.refused, cell.injected];
        (format!("{operation} {method}"), cell.name.clone(), columns)
    };
    cells(coverage).filter(is_counted).map(shown).collect()
}

/// The columns of one cell.
fn columns(coverage: &Coverage, operation: &str, name: &str) -> [u64; 3] {
    let is_it = |(known, _, cell): &Named<'_>| *known == operation && cell.name == name;
    let (_, _, cell) = cells(coverage).find(is_it).unwrap_or_else(|| panic!("no cell {operation} {name}"));
    [cell.exercised, cell.refused, cell.injected]
}

fn of_axis(coverage: &Coverage, axis: CoverageAxis) -> usize {
    cells(coverage).filter(|(_, _, cell)| cell.axis == axis).count()
}
