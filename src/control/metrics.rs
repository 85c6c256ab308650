//! `GET /_mock/metrics`: the whole server in Prometheus' text format. Every label has a bounded set of
//! values: names from descriptors, statuses, reasons.

use std::fmt::{Display, Write};
use std::sync::atomic::Ordering;

use super::ask::Ask;
use super::foreign::{Foreign, Form};
use super::verb::{AnyVerb, NoBody, Verb};
use crate::api::Problem;
use crate::app::Latency;

pub(super) static VERBS: [&dyn AnyVerb; 1] = [&SHOW_METRICS];

const ABOUT: &str = "The server's counters, whichever sandbox they belong to, in Prometheus' text format. \
                     `persona_mock_request_duration_seconds` is a histogram for each operation and each class of statuses \
                     (`class=\"2xx\"`), from 0.1 ms to 10 s: until the answer was made, and what a fault holds it back. \
                     Waiting for a turn beside other requests is no part of it.";

pub(crate) static SHOW_METRICS: Verb<NoBody, Foreign<Prometheus>> =
    Verb::get("/_mock/metrics", "show_metrics", show_metrics).about(ABOUT).of_server();

/// Prometheus' text format.
pub(crate) enum Prometheus {}

impl Form for Prometheus {
    const MEDIA: &'static str = "text/plain; version=0.0.4; charset=utf-8";
}

struct Page(String);

impl Page {
    fn family(&mut self, name: &str, kind: &str, help: &str) {
        let _ = write!(self.0, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: impl Display) {
        self.family(name, kind, help);
        let _ = writeln!(self.0, "{name} {value}");
    }
}

fn show_metrics(ask: &Ask<'_>, _: NoBody) -> Result<Foreign<Prometheus>, Problem> {
    let app = ask.app;
    let mut page = Page(String::with_capacity(4_096));
    let version = env!("CARGO_PKG_VERSION");
    page.family("persona_mock_info", "gauge", "The running version.");
    let _ = writeln!(page.0, "persona_mock_info{{version=\"{version}\"}} 1");

    page.family("persona_mock_requests_total", "counter", "Requests to providers, by what answered them.");
    for count in app.counts.each() {
        let (provider, operation, status) = (count.provider, count.operation, count.status);
        let labels = format!("provider=\"{provider}\",operation=\"{operation}\",status=\"{status}\"");
        let _ = writeln!(page.0, "persona_mock_requests_total{{{labels}}} {}", count.requests);
    }

    latencies(&mut page, ask)?;

    let tally = app.sandboxes.tally();
    page.one("persona_mock_sandboxes", "gauge", "Sandboxes that are there, `default` included.", tally.alive);
    page.family("persona_mock_sandboxes_created_total", "counter", "Sandboxes made on first use, by reason.");
    for (reason, count) in tally.created {
        let _ = writeln!(page.0, "persona_mock_sandboxes_created_total{{reason=\"{}\"}} {count}", reason.as_str());
    }
    page.family("persona_mock_sandboxes_removed_total", "counter", "Sandboxes that went, by reason.");
    for (reason, count) in [("expired", tally.expired), ("evicted", tally.evicted)] {
        let _ = writeln!(page.0, "persona_mock_sandboxes_removed_total{{reason=\"{reason}\"}} {count}");
    }

    page.one(
        "persona_mock_state_bytes",
        "gauge",
        "Bytes that all sandboxes hold beyond the fixtures.",
        app.held.held(),
    );
    page.one(
        "persona_mock_body_bytes",
        "gauge",
        "Bytes of large bodies of requests that arrive or are worked on.",
        app.bodies.held(),
    );
    page.one(
        "persona_mock_answer_bytes",
        "gauge",
        "Bytes of large answers that wait for their clients.",
        app.answers.held(),
    );
    let journals = &app.journals;
    page.one("persona_mock_journal_bytes", "gauge", "Bytes that all journals hold.", journals.bytes());
    page.one("persona_mock_journal_exchanges", "gauge", "Exchanges that all journals hold.", journals.exchanges());
    page.one(
        "persona_mock_journal_dropped_total",
        "counter",
        "Exchanges that made room for others.",
        journals.dropped(),
    );
    page.one(
        "persona_mock_history_bytes",
        "gauge",
        "Bytes that all sandboxes keep of what was before each change.",
        app.held.histories().held(),
    );
    if app.record.is_on() {
        let (written, bytes, lost) = app.record.counts();
        page.one("persona_mock_record_exchanges_total", "counter", "Exchanges that the record has.", written);
        page.one(
            "persona_mock_record_bytes_total",
            "counter",
            "Bytes of the record, its first and last line too.",
            bytes,
        );
        page.one(
            "persona_mock_record_lost_total",
            "counter",
            "Exchanges that the record lacks: they came too fast, or behind its bound.",
            lost,
        );
    }
    let dropped = app.serving.dropped_log_lines.load(Ordering::Relaxed);
    page.one("persona_mock_log_dropped_total", "counter", "Log lines that nobody took in time.", dropped);
    page.one("persona_mock_event_streams", "gauge", "Open streams of events.", app.subscribers.open());
    Ok(Foreign::new(page.0))
}

/// A histogram for each operation and class of status that was answered.
fn latencies(page: &mut Page, ask: &Ask<'_>) -> Result<(), Problem> {
    let name = "persona_mock_request_duration_seconds";
    let help =
        "How long answers of providers took, by the first digit of their status, with what a fault held them back.";
    page.family(name, "histogram", help);
    for latency in ask.app.counts.latencies() {
        ask.cancel.check()?;
        let Latency { provider, operation, class, buckets, sum, count } = latency;
        let labels = format!("provider=\"{provider}\",operation=\"{operation}\",class=\"{class}\"");
        for (end, count) in buckets.iter().chain([&("+Inf", count)]) {
            let _ = writeln!(page.0, "{name}_bucket{{{labels},le=\"{end}\"}} {count}");
        }
        let _ = writeln!(page.0, "{name}_sum{{{labels}}} {}", sum.as_secs_f64());
        let _ = writeln!(page.0, "{name}_count{{{labels}}} {count}");
    }
    Ok(())
}
