//! Why a request that was answered now did not pass, for its line of the log: what the journal says of it.

use crate::api::{Hint, Side};
use crate::app::AppState;
use crate::control::explain::{Case, Parts, explain, first};
use crate::provider::response::{ERROR, HINT};
use crate::provider::{AnyProvider, HeaderName, Response, View};
use crate::server::message::Told;
use crate::server::middleware::journal::{Opened, Received};
use crate::server::middleware::panics;
use crate::world::journal::Text;

/// What is to be told of an answer that refuses, or that a fault struck: nothing of any other.
pub(in crate::server) fn told(
    app: &AppState,
    provider: &dyn AnyProvider,
    view: &View<'_>,
    exchange: &Opened,
    received: Received<'_>,
    response: &Response,
) -> Option<Told> {
    if !response.is_refusal() && exchange.fault.is_none() {
        return None;
    }
    let explained = panics::guarded("explain", || {
        let document = app.document(provider, &view.options).ok();
        let text = received.text();
        explained(exchange, &text, response, |case| explain(case, document.as_deref(), || None))
    });
    explained.flatten().map(|hint| Told { is_mistake: is_mistake(&hint, response), message: hint.message })
}

/// Whether somebody has to look: the client made a mistake, or the mock failed and was not asked to.
fn is_mistake(hint: &Hint, response: &Response) -> bool {
    let unasked = response.status() >= 500 && hint.reason != crate::api::Reason::Fault;
    hint.likely_wrong == Side::Client || unasked
}

/// Looks at an exchange that is not yet kept.
fn explained<T>(exchange: &Opened, text: &Text, response: &Response, look: impl FnOnce(&Case<'_>) -> T) -> T {
    let content_type = first(text.request_fields(), "content-type");
    let [told, error] = [HINT, ERROR].map(|name| field(response, &name));
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
        told,
        error,
    })
}

/// The first field of this name, where it is text.
pub(in crate::server) fn field<'r>(response: &'r Response, name: &HeaderName) -> Option<&'r str> {
    let found = response.headers().iter().find(|(known, _)| known == name);
    found.and_then(|(_, value)| value.to_str().ok())
}
