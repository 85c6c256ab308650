//! The hint of an answer: why it refused, what it passed over, what struck it. The journal and the log say the same.
//!
//! Nothing is computed for an answer that took the whole of its request.

use serde_json::Value;

use crate::api::{Hint, PROBLEM_JSON, Reason, Side};
use crate::app::AppState;
use crate::contract::request::bounded;
use crate::control::explain::{Bounds, Case, Parts, explain, first};
use crate::provider::header::CONTENT_TYPE;
use crate::provider::response::{ERROR, HINT};
use crate::provider::{AnyProvider, HeaderName, Response, View};
use crate::server::message::Told;
use crate::server::middleware::journal::{Opened, Received};
use crate::server::middleware::panics;
use crate::server::middleware::steering::{self, Steering};
use crate::world::journal::{Text, shown_path};

/// The longest text of a vendor's that a hint repeats.
const VENDOR_TEXT: usize = 200;

/// The longest part of it that may be a value of the request.
const VALUE: usize = 36;

/// The answer with its hint, and what is to be told of it: the answer alone where nothing is.
pub(in crate::server) fn hinted(
    app: &AppState,
    provider: &dyn AnyProvider,
    view: &View<'_>,
    exchange: &Opened,
    received: Received<'_>,
    steering: Steering,
    mut response: Response,
) -> (Response, Option<Told>) {
    let unread = steering.unread(&received.sent.headers);
    let is_due = response.is_refusal()
        || unread.is_some()
        || exchange.fault.is_some()
        || response.passed_over().first().is_some()
        || field(&response, &HINT).is_some();
    if !is_due {
        return (response, None);
    }
    let hint = panics::guarded("explain", || {
        let bounds = Bounds { body: app.serving.max_body, time: app.serving.body_timeout };
        let document = app.document(provider, &view.options).ok();
        let text = received.text();
        explained(exchange, &text, &response, bounds, |case| explain(case, document.as_deref(), || None))
    });
    let Some(hint) = steering::with_unread(unread.as_deref(), hint.flatten()) else { return (response, None) };
    response.replace(&HINT, &hint.message);
    let told = Told { is_mistake: is_mistake(&hint, &response), message: hint.message };
    (response, Some(told))
}

/// A refusal for which this project has the reason, as its error and its hint.
pub(in crate::server) fn refused(mut response: Response, why: &str) -> Response {
    response.replace(&ERROR, why);
    response.replace(&HINT, bounded(why, 0));
    response
}

/// A problem of this project's own with what it says as its hint. That calls were not made as expected is no mistake.
pub(in crate::server) fn problem(response: Response) -> Response {
    if !response.is_refusal() || field(&response, &HINT).is_some() {
        return response;
    }
    match problem_text(&response).filter(|_| !is_verdict(&response)) {
        Some(text) => response.hint(bounded(&shown_path(&text), 0)),
        None => response,
    }
}

/// Whether a problem tells of calls that were not made as expected.
pub(in crate::server) fn is_verdict(response: &Response) -> bool {
    let has_failures = || serde_json::from_slice(response.bytes()).is_ok_and(|body: Value| body["failures"].is_array());
    response.status() == 409 && has_failures()
}

/// What a problem says, and where.
pub(in crate::server) fn problem_text(response: &Response) -> Option<String> {
    if field(response, &CONTENT_TYPE) != Some(PROBLEM_JSON) {
        return None;
    }
    let problem: Value = serde_json::from_slice(response.bytes()).ok()?;
    let detail = problem.get("detail")?.as_str()?;
    Some(match problem.get("at").and_then(Value::as_str) {
        Some(at) => format!("{detail} (at {at})"),
        None => detail.to_owned(),
    })
}

/// Whether somebody has to look: the client made a mistake, or the mock failed and was not asked to.
fn is_mistake(hint: &Hint, response: &Response) -> bool {
    let unasked = response.status() >= 500 && hint.reason != Reason::Fault;
    hint.likely_wrong == Side::Client || unasked
}

/// Looks at an exchange that is not yet kept.
fn explained<T>(
    exchange: &Opened,
    text: &Text,
    response: &Response,
    bounds: Bounds,
    look: impl FnOnce(&Case<'_>) -> T,
) -> T {
    let content_type = first(text.request_fields(), "content-type");
    let [told, error] = [HINT, ERROR].map(|name| field(response, &name));
    let unread = Some(response.passed_over()).filter(|unread| unread.first().is_some());
    look(&Case {
        method: text.method(),
        parts: &Parts::of(text),
        content_type: content_type.as_deref(),
        bytes: text.request_body(),
        has_body: text.request_size > 0,
        is_cut: text.request_cut,
        operation: exchange.operation.as_deref(),
        status: response.status(),
        refuses: response.is_refusal(),
        refused: exchange.refused,
        fault: exchange.fault.as_deref(),
        canned: exchange.canned,
        told,
        error,
        unread,
        bounds: Some(bounds),
        wrong: response.wrong_parts(),
        misread: !response.wrong_parts().is_empty(),
        says: vendor_text(response).as_deref(),
    })
}

/// The vendor's own sentence of a refusal, where its body has one.
fn vendor_text(response: &Response) -> Option<String> {
    let body: Value = serde_json::from_slice(response.bytes()).ok()?;
    let text =
        ["message", "Message", "detail", "error", "ResponseMessage"].iter().find_map(|name| body.get(name)?.as_str());
    let first = || {
        let finding = body.get("detail")?.get(0)?;
        let name = finding.get("loc")?.as_array()?.last()?.as_str()?;
        Some(format!("{name}: {}", finding.get("msg")?.as_str()?))
    };
    let text = text.map(str::to_owned).or_else(first).filter(|text| text.len() <= VENDOR_TEXT)?;
    let text = text.trim_end_matches('.');
    // A value stands between two quotation marks, and what is around it stays whole. Marks that are no pairs are none.
    let is_paired = text.matches('\'').count() % 2 == 0;
    let parts = text.split('\'').enumerate().map(|(number, part)| match part.char_indices().nth(VALUE) {
        Some((end, _)) if is_paired && number % 2 == 1 => format!("{}...", &part[..end]),
        _ => part.to_owned(),
    });
    Some(parts.collect::<Vec<_>>().join("'"))
}

/// The first field of this name, where it is text.
pub(in crate::server) fn field<'r>(response: &'r Response, name: &HeaderName) -> Option<&'r str> {
    let found = response.headers().iter().find(|(known, _)| known == name);
    found.and_then(|(_, value)| value.to_str().ok())
}
