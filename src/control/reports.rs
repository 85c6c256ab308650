//! `/_mock/coverage.xml` and its likes: coverage as CI servers, pull requests and browsers read it.

use http::header::CONTENT_SECURITY_POLICY;
#[cfg(test)]
use schemars::{Schema, SchemaGenerator, json_schema};

use super::ask::Ask;
use super::coverage::{WHOSE, show_coverage};
use super::foreign::{Foreign, Form};
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::Problem;
use crate::evidence::forms::{NotWritten, PAGE_POLICY, ReportForm};
use crate::provider::Response;

pub(super) static VERBS: [&dyn AnyVerb; 4] = [&SHOW_JUNIT, &SHOW_CTRF, &SHOW_MARKDOWN, &SHOW_PAGE];

static SHOW_JUNIT: Verb<NoBody, Foreign<Junit>> = Verb::get("/_mock/coverage.xml", "show_coverage_junit", show)
    .about("Coverage as JUnit's XML: a suite an operation, a test a cell; what was not covered is skipped.")
    .takes(WHOSE)
    .refuses(&[400]);

static SHOW_CTRF: Verb<NoBody, Foreign<Ctrf>> = Verb::get("/_mock/coverage.ctrf.json", "show_coverage_ctrf", show)
    .about("Coverage in the Common Test Report Format: a test a cell; what was not covered is skipped.")
    .takes(WHOSE)
    .refuses(&[400]);

static SHOW_MARKDOWN: Verb<NoBody, Foreign<Markdown>> = Verb::get("/_mock/coverage.md", "show_coverage_markdown", show)
    .about("Coverage as the summary of a pull request, in Markdown.")
    .takes(WHOSE)
    .refuses(&[400]);

static SHOW_PAGE: Verb<NoBody, Foreign<Page>> = Verb::get("/_mock/coverage.html", "show_coverage_html", show)
    .about("Coverage as a page for browsers, without script and in one file.")
    .takes(WHOSE)
    .refuses(&[400]);

/// A form of a report, as an answer.
trait Shown: Form {
    const FORM: ReportForm;
}

fn show<F: Shown>(ask: &Ask<'_>, _: NoBody) -> Result<Foreign<F>, Problem> {
    match F::FORM.write_wanted(&show_coverage(ask, NoBody)?, &[], ask.cancel) {
        Ok(report) => Ok(Foreign::new(report)),
        Err(NotWritten::Cancelled(cancelled)) => Err(cancelled.into()),
        Err(NotWritten::Json(error)) => Err(Problem::new(500, format!("the report cannot be written: {error}"))),
    }
}

/// JUnit's XML.
enum Junit {}

impl Form for Junit {
    const MEDIA: &'static str = "application/xml; charset=utf-8";
}

impl Shown for Junit {
    const FORM: ReportForm = ReportForm::Junit;
}

/// The Common Test Report Format.
enum Ctrf {}

impl Form for Ctrf {
    const MEDIA: &'static str = "application/json";

    #[cfg(test)]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "object"})
    }
}

impl Shown for Ctrf {
    const FORM: ReportForm = ReportForm::Ctrf;
}

/// Markdown.
enum Markdown {}

impl Form for Markdown {
    const MEDIA: &'static str = "text/markdown; charset=utf-8";
}

impl Shown for Markdown {
    const FORM: ReportForm = ReportForm::Markdown;
}

/// A page for browsers.
enum Page {}

impl Form for Page {
    const MEDIA: &'static str = "text/html; charset=utf-8";

    fn head(answer: Response) -> Response {
        answer.header(CONTENT_SECURITY_POLICY, PAGE_POLICY.as_bytes())
    }
}

impl Shown for Page {
    const FORM: ReportForm = ReportForm::Html;
}
