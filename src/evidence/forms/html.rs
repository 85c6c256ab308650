//! A page for browsers: one file, no script, nothing that is loaded from elsewhere. `<details>` folds it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::escape::Markup;
use super::parts::{Demand, lists, title};
use crate::api::{Coverage, CoverageAxis, CoverageCell, DocumentCoverage, OperationCoverage, Provenance, Tally};
use crate::world::refusal::counted;

/// How many of a list are shown, beside how many there are.
const MOST_LISTED: usize = 10;

/// The page's style.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:15px/1.4 system-ui,sans-serif;max-width:70em;margin:2em auto;padding:0 1em}\
table{border-collapse:collapse;margin:.5em 0 1em}\
th,td{padding:.1em .8em;text-align:left}\
tr{border-bottom:1px solid #8884}\
.n td+td,.s td+td+td,.n th+th,.s th+th+th{text-align:right;font-variant-numeric:tabular-nums}\
tbody th{padding-top:.8em;font-size:.9em}\
code,td:first-child{font-family:ui-monospace,monospace;overflow-wrap:anywhere}\
summary{cursor:pointer;padding:.2em 0}\
.e{opacity:.7}\
.bad{color:#c33;font-weight:bold}";

/// What the page may do, as a policy: show itself in its own style.
static CONTENT: LazyLock<String> = LazyLock::new(|| {
    let style = STANDARD.encode(Sha256::digest(STYLE));
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
});

/// The policy that the page is served with: it has no origin.
pub(crate) static POLICY: LazyLock<String> = LazyLock::new(|| format!("sandbox; {}", *CONTENT));

/// The page.
pub(super) fn write(coverage: &Coverage, demands: &[Demand]) -> String {
    let title = title(coverage);
    let title = Markup(&title);
    // A file has no header fields, so the policy stands in it as well; only a header field can say `sandbox`.
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n<h1>{title}</h1>\n\
         <p>At level {}. A cell counts in each column that it was met in; no two numbers are added. A column that is blank \
         is 0.</p>\n",
        *CONTENT, coverage.level
    );
    demanded(demands, &mut page);
    summary(coverage, &mut page);
    guesses(coverage, &mut page);
    beside(coverage, &mut page);
    for document in &coverage.documents {
        documented(coverage, document, &mut page);
    }
    page
}

fn demanded(demands: &[Demand], page: &mut String) {
    if demands.is_empty() {
        return;
    }
    page.push_str("<table><thead><tr><th>threshold<th>found<th></thead>\n");
    for demand in demands {
        let verdict = if demand.is_met { "<td>met" } else { "<td class=bad>missed" };
        let _ = writeln!(page, "<tr><td>{}<td>{}{verdict}", Markup(&demand.asked), Markup(&demand.found));
    }
    page.push_str("</table>\n");
}

fn summary(coverage: &Coverage, page: &mut String) {
    let (documents, others) = coverage.exercised();
    if !documents.is_empty() {
        page.push_str("<table class=s><thead><tr><th>document<th>axis<th>exercised<th>refused<th>injected");
        page.push_str("<th>covered<th>of</thead>\n");
        for document in documents {
            let label = coverage.label(document);
            for tally in document.tallies() {
                let Tally { axis, exercised, refused, injected, covered, of } = tally;
                let (label, percent) = (Markup(&label), tally.percent());
                let _ = write!(page, "<tr><td>{label}<td>{axis}<td>{exercised}<td>{refused}<td>{injected}");
                let _ = writeln!(page, "<td>{covered} ({percent} %)<td>{of}");
            }
        }
        page.push_str("</table>\n");
    }
    if !others.is_empty() {
        let _ = writeln!(page, "<p>Nothing was exercised of {}.</p>", Markup(&others.join(", ")));
    }
}

fn guesses(coverage: &Coverage, page: &mut String) {
    let many = coverage.leaned_on().count();
    if many == 0 {
        page.push_str("<p>Nothing that was exercised is inferred.</p>\n");
        return;
    }
    let rows = coverage.leaned_on().map(|(document, operation, cell)| {
        let operation = coverage.operation_label(document, operation);
        let name = Markup(&cell.name);
        format!("<tr><td>{}<td>{} {name}<td>{}<td>{}", Markup(&operation), cell.axis, cell.exercised, cell.refused)
    });
    let title = format!("inferred, and leaned on: {}", coverage.leaned_on_by_axis());
    folded(page, (title, many), ("s", "operation<th>cell<th>exercised<th>refused"), rows);
}

fn beside(coverage: &Coverage, page: &mut String) {
    if coverage.not_looked_at > 0 {
        let some = counted(coverage.not_looked_at, "exchange");
        let _ = writeln!(page, "<p>Counted by operation and status alone: {some}.</p>");
    }
    for (title, notes) in lists(coverage) {
        let rows = notes.iter().map(|note| format!("<tr><td>{}<td>{}", Markup(&note.what), note.times));
        folded(page, (format!("{title}: {}", notes.len()), notes.len()), ("n", "what<th>times"), rows);
    }
}

/// A table that a reader unfolds; of a long one the first rows.
fn folded(
    page: &mut String,
    (title, many): (String, usize),
    (class, head): (&str, &str),
    rows: impl Iterator<Item = String>,
) {
    let _ = writeln!(page, "<details><summary>{title}</summary><table class={class}><thead><tr><th>{head}</thead>");
    rows.take(MOST_LISTED).for_each(|row| {
        let _ = writeln!(page, "{row}");
    });
    page.push_str("</table>");
    if many > MOST_LISTED {
        let _ = write!(page, "<p>and {} more</p>", many - MOST_LISTED);
    }
    page.push_str("</details>\n");
}

fn documented(coverage: &Coverage, document: &DocumentCoverage, page: &mut String) {
    let _ = writeln!(page, "<h2>{}</h2>", Markup(&coverage.label(document)));
    let _ = write!(page, "<p>Document {}", Markup(&document.sha256));
    for (name, value) in &document.settings {
        let _ = write!(page, ", {}={}", Markup(name), Markup(value));
    }
    page.push_str("</p>\n");
    for operation in &document.operations {
        cells(&coverage.operation_label(document, operation), operation, page);
    }
}

/// How facts are known, in the order in which a page shows them.
const PROVENANCES: [Provenance; 4] =
    [Provenance::Documented, Provenance::Observed, Provenance::Inferred, Provenance::Extension];

/// The axes that an operation tells of while it is folded.
const FOLDED: [CoverageAxis; 3] = [CoverageAxis::Statuses, CoverageAxis::RequestFields, CoverageAxis::AnswerFields];

/// An operation's cells, by axis and by how they are known. There are thousands: those that were never met share a line,
/// and the rows of the others leave out what HTML lets them leave out.
fn cells(name: &str, operation: &OperationCoverage, page: &mut String) {
    let OperationCoverage { method, path, cells, .. } = operation;
    let _ = write!(page, "<details><summary><code>{} {}</code> {}", Markup(method), Markup(path), Markup(name));
    let tallies = FOLDED.map(|axis| operation.tally(axis)).into_iter().filter(|tally| tally.of > 0);
    for Tally { axis, covered, of, .. } in tallies {
        let _ = write!(page, " · {axis} {covered} of {of}");
    }
    page.push_str("</summary><table class=n><thead><tr><th>cell<th>exercised<th>refused<th>injected</thead>\n");
    let mut groups = BTreeMap::<_, Vec<_>>::new();
    for cell in cells {
        let known = PROVENANCES.iter().position(|known| *known == cell.provenance).unwrap_or(PROVENANCES.len());
        let (of, name) = within(cell);
        groups.entry((axis_number(cell.axis), of, known)).or_default().push((name, cell));
    }
    for ((_, of, _), group) in &groups {
        self::group(of, group, page);
    }
    page.push_str("</table></details>\n");
}

fn axis_number(axis: CoverageAxis) -> usize {
    CoverageAxis::ALL.iter().position(|known| *known == axis).unwrap_or_default()
}

/// What a cell is of, where many are, and what is left of its name below the heading that says its axis.
fn within(cell: &CoverageCell) -> (&str, &str) {
    use CoverageAxis::{EnumValues, ParameterNulls, ParameterRefusals, RequestNulls, RequestRefusals};
    let without = |end| cell.name.strip_suffix(end).unwrap_or(&cell.name);
    match cell.axis {
        EnumValues => cell.name.split_once('=').unwrap_or(("", &cell.name)),
        ParameterNulls | RequestNulls => ("", without(" null")),
        ParameterRefusals | RequestRefusals => ("", without(" refused")),
        _ => ("", &cell.name),
    }
}

fn group(of: &str, group: &[(&str, &CoverageCell)], page: &mut String) {
    let Some((_, first)) = group.first() else { return };
    let covered = group.iter().filter(|(_, cell)| cell.is_covered()).count();
    let of = if of.is_empty() { String::new() } else { format!(" of {}", Markup(of)) };
    let _ = write!(page, "<tr><th>{}{of}, {}: {covered} of {}", first.axis, first.provenance, group.len());
    let mut unmet = Vec::new();
    for (name, cell) in group {
        let (name, [exercised, refused, injected]) = (Markup(name), [cell.exercised, cell.refused, cell.injected]);
        let _ = match [exercised, refused, injected] {
            [0, 0, 0] => {
                unmet.push(name);
                continue;
            }
            [_, 0, 0] => write!(page, "<tr><td>{name}<td>{exercised}"),
            [_, _, 0] => write!(page, "<tr><td>{name}<td>{exercised}<td>{refused}"),
            _ => write!(page, "<tr><td>{name}<td>{exercised}<td>{refused}<td>{injected}"),
        };
    }
    let mut start = "<tr class=e><td colspan=4>";
    for name in unmet {
        let _ = write!(page, "{start}{name}");
        start = ", ";
    }
    page.push('\n');
}
