//! The summary of a pull request, in the Markdown of GitHub and GitLab.

use std::fmt::Write;

use super::escape::Code;
use super::parts::{Demand, MOST_LISTED, lists};
use crate::api::{Coverage, Tally};
use crate::world::refusal::counted;

/// How it begins.
pub(super) const TITLE: &str = "## Coverage of the vendors' documents";

/// The report.
pub(super) fn write(coverage: &Coverage, demands: &[Demand]) -> String {
    let mut page = format!("{TITLE}\n\n");
    let whose = coverage.sandbox.as_deref().map_or("the run".into(), |name| format!("sandbox {}", Code(name)));
    let _ = writeln!(
        page,
        "Of {whose}, at level `{}`. A cell counts in each column that it was met in, and no two numbers are added.",
        coverage.level
    );
    if !demands.is_empty() {
        page.push_str("\n| threshold | found | |\n|---|---|---|\n");
        for demand in demands {
            let verdict = if demand.is_met { "met" } else { "**missed**" };
            let _ = writeln!(page, "| {} | {} | {verdict} |", Code(&demand.asked), Code(&demand.found));
        }
    }
    table(coverage, &mut page);
    guesses(coverage, &mut page);
    if coverage.not_looked_at > 0 {
        let some = counted(coverage.not_looked_at, "exchange");
        let _ = writeln!(page, "\nCounted by operation and status alone: {some}.");
    }
    for (title, notes) in lists(coverage) {
        let rows = notes.iter().map(|note| format!("| {} | {} |", Code(&note.what), note.times));
        folded(&mut page, &format!("{title}: {}", notes.len()), notes.len(), "| what | times |\n|---|--:|", rows);
    }
    page
}

fn table(coverage: &Coverage, page: &mut String) {
    let (documents, others) = coverage.exercised();
    if !documents.is_empty() {
        page.push_str("\n| document | axis | exercised | refused | injected | covered | of |\n");
        page.push_str("|---|---|--:|--:|--:|--:|--:|\n");
    }
    for document in documents.iter().take(MOST_LISTED) {
        let label = coverage.label(document);
        for tally in document.tallies() {
            let Tally { axis, exercised, refused, injected, covered, of } = tally;
            let (label, percent) = (Code(&label), tally.percent());
            let _ = write!(page, "| {label} | {axis} | {exercised} | {refused} | {injected} ");
            let _ = writeln!(page, "| {covered} ({percent} %) | {of} |");
        }
    }
    more(page, documents.len(), "documents");
    if !others.is_empty() {
        let shown: Vec<_> = others.iter().take(MOST_LISTED).map(|label| Code(label).to_string()).collect();
        let _ = writeln!(page, "\nNothing was exercised of {}.", shown.join(", "));
        more(page, others.len(), "documents");
    }
}

fn guesses(coverage: &Coverage, page: &mut String) {
    let rows = coverage.leaned_on().map(|(document, operation, cell)| {
        let operation = coverage.operation_label(document, operation);
        let name = Code(&cell.name);
        format!("| {} | {} {name} | {} | {} |", Code(&operation), cell.axis, cell.exercised, cell.refused)
    });
    let head = "| operation | cell | exercised | refused |\n|---|---|--:|--:|";
    match coverage.leaned_on().count() {
        0 => page.push_str("\nNothing that was exercised is inferred.\n"),
        many => {
            let title = format!("inferred, and leaned on: {}", coverage.leaned_on_by_axis());
            folded(page, &title, many, head, rows);
        }
    }
}

/// A table that a reader unfolds; of a long one the first rows.
fn folded(page: &mut String, title: &str, many: usize, head: &str, rows: impl Iterator<Item = String>) {
    let _ = writeln!(page, "\n<details><summary>{title}</summary>\n\n{head}");
    rows.take(MOST_LISTED).for_each(|row| {
        let _ = writeln!(page, "{row}");
    });
    more(page, many, "rows");
    page.push_str("\n</details>\n");
}

fn more(page: &mut String, many: usize, what: &str) {
    if many > MOST_LISTED {
        let _ = writeln!(page, "\nand {} more {what}", many - MOST_LISTED);
    }
}
