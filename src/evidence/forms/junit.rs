//! JUnit's XML, as CI servers read it: a suite an operation, a test a cell. Statuses of the transport are suites apart.
//!
//! An empty cell is a skipped test: no suite must fill every cell. What fails is a demand that is not met, in a suite of
//! its own. No two tests have the same class and name, since GitLab passes over the second one.

use std::fmt::Write;

use super::escape::Markup;
use super::parts::{Demand, MOST_LISTED, lists, why_skipped};
use crate::api::{Coverage, CoverageAxis, CoverageCell, DocumentCoverage};
use crate::world::cancel::{Cancel, Cancelled};

/// What tells the report of other tests' reports.
pub(super) const NAME: &str = "name=\"persona-mock coverage\"";

/// The report.
pub(super) fn write(coverage: &Coverage, demands: &[Demand], cancel: &Cancel) -> Result<String, Cancelled> {
    let mut suites = Vec::new();
    if !demands.is_empty() {
        suites.push(demanded(demands));
    }
    for document in &coverage.documents {
        cancel.check()?;
        operations(coverage, document, &mut suites);
    }
    beside(coverage, &mut suites);
    let sum = |number: fn(&Suite) -> usize| suites.iter().map(number).sum::<usize>();
    let (tests, failures) = (sum(|suite| suite.tests), sum(|suite| suite.failures));
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(xml, "<testsuites {NAME} tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" time=\"0\">");
    for suite in &suites {
        let Suite { name, tests, failures, skipped, .. } = suite;
        let _ = writeln!(
            xml,
            "<testsuite name=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"0\" skipped=\"{skipped}\" time=\"0\">\n\
             {}</testsuite>",
            Markup(name),
            suite.body
        );
    }
    xml.push_str("</testsuites>\n");
    Ok(xml)
}

/// A suite: its body, and what is counted of it in its head.
#[derive(Default)]
struct Suite {
    name: String,
    tests: usize,
    failures: usize,
    skipped: usize,
    body: String,
}

impl Suite {
    fn new(name: String) -> Self {
        Self { name, ..Self::default() }
    }

    fn properties<'a>(&mut self, properties: impl IntoIterator<Item = (&'a str, &'a str)>) {
        self.body.push_str("<properties>\n");
        for (name, value) in properties {
            let _ = writeln!(self.body, "<property name=\"{}\" value=\"{}\"/>", Markup(name), Markup(value));
        }
        self.body.push_str("</properties>\n");
    }

    fn test(&mut self, class: &str, name: &str, cell: &CoverageCell) {
        self.tests += 1;
        let _ = write!(self.body, "<testcase classname=\"{}\" name=\"{}\" time=\"0\">", Markup(class), Markup(name));
        let CoverageCell { exercised, refused, injected, provenance, .. } = cell;
        if let Some(why) = why_skipped(cell) {
            self.skipped += 1;
            // Jenkins shows the attribute, GitLab the text.
            let _ = write!(self.body, "<skipped message=\"{why} ({provenance})\">{why} ({provenance})</skipped>");
        }
        if exercised | refused | injected > 0 {
            let _ = write!(
                self.body,
                "<system-out>exercised {exercised}, refused {refused}, injected {injected} ({provenance})</system-out>"
            );
        }
        self.body.push_str("</testcase>\n");
    }
}

/// A test for each demand, which fails where it is not met.
fn demanded(demands: &[Demand]) -> Suite {
    let mut suite = Suite::new("thresholds".into());
    for demand in demands {
        suite.tests += 1;
        let (asked, found) = (Markup(&demand.asked), Markup(&demand.found));
        let _ = write!(suite.body, "<testcase classname=\"coverage.thresholds\" name=\"{asked}\" time=\"0\">");
        if demand.is_met {
            let _ = write!(suite.body, "<system-out>found {found}</system-out>");
        } else {
            suite.failures += 1;
            let said = format!("asked for {asked}, found {found}");
            let _ = write!(suite.body, "<failure type=\"threshold\" message=\"{said}\">{said}</failure>");
        }
        suite.body.push_str("</testcase>\n");
    }
    suite
}

/// A suite for each operation of a document, and one for all that the transport answers.
fn operations(coverage: &Coverage, document: &DocumentCoverage, suites: &mut Vec<Suite>) {
    let label = coverage.label(document);
    let mut transport = Suite::new(format!("{label} transport"));
    for operation in &document.operations {
        let name = coverage.operation_label(document, operation);
        let mut suite = Suite::new(name.clone());
        let known = [
            ("provider", &*document.provider),
            ("method", &operation.method),
            ("path", &operation.path),
            ("document", &document.sha256),
        ];
        suite.properties(known.into_iter().chain(document.settings.iter().map(|(name, value)| (&**name, &**value))));
        for cell in &operation.cells {
            if cell.axis == CoverageAxis::Transport {
                transport.test(&format!("{label}.transport"), &format!("{name} {}", cell.name), cell);
            } else {
                suite.test(&name, &format!("{} {}", cell.axis, cell.name), cell);
            }
        }
        suites.push(suite);
    }
    if transport.tests > 0 {
        suites.push(transport);
    }
}

/// What is listed beside the cells, in a suite without tests.
fn beside(coverage: &Coverage, suites: &mut Vec<Suite>) {
    let mut said = String::new();
    if coverage.not_looked_at > 0 {
        let _ = writeln!(said, "counted by operation and status alone: {}", coverage.not_looked_at);
    }
    for (title, notes) in lists(coverage) {
        let _ = writeln!(said, "{title}: {}", notes.len());
        for note in notes.iter().take(MOST_LISTED) {
            let _ = writeln!(said, "  {} ({})", Markup(&note.what), note.times);
        }
    }
    if !said.is_empty() {
        let mut suite = Suite::new("beside".into());
        let _ = writeln!(suite.body, "<system-out>{said}</system-out>");
        suites.push(suite);
    }
}
