//! The log: one line a request.

use tracing::Level;

use crate::contract::request::bounded;
use crate::provider::response::{ERROR, HINT};
use crate::provider::{HeaderName, Response};
use crate::server::message::{Answer, Line, Sent, Told};
use crate::server::middleware::explain::{field, problem_text};
use crate::server::middleware::{address, panics};
use crate::world::clock::Stopwatch;
use crate::world::journal::shown_path;

const SANDBOX: HeaderName = HeaderName::from_static(address::SANDBOX);

/// Whether anybody reads the line of a request, or of one that did not pass.
pub(in crate::server) fn is_read() -> bool {
    tracing::enabled!(target: "persona_mock::request", Level::WARN)
}

/// Starts the time of a request, if anybody reads its line.
pub(in crate::server) fn start() -> Option<Stopwatch> {
    is_read().then(Stopwatch::start)
}

/// Writes the line of a request whose answer leaves now: a warning where somebody made a mistake, and not where the
/// vendor's business or a fault said no.
pub(crate) fn write(sent: &Sent, answer: &Answer) {
    panics::guarded("log", || {
        let Line { started: Some(started), provider, operation, told } = &answer.line else { return };
        let (method, sent_path) = (sent.method.as_str(), shown_path(sent.target.path()));
        let (provider, operation) = (provider.as_deref().unwrap_or("-"), operation.as_deref().unwrap_or("-"));
        let (sandbox, status) = (field(&answer.response, &SANDBOX).unwrap_or("-"), answer.status());
        let ms = (started.elapsed().as_secs_f64() * 1e5).round() / 1e2;
        let found = if told.is_some() { None } else { told_by(&answer.response) };
        let told = told.as_ref().or(found.as_ref());
        let hint = told.map(|told| &*told.message);
        let path = told.and_then(|told| told.path.as_deref()).unwrap_or(&sent_path);
        macro_rules! line {
            ($level:expr) => {
                tracing::event!(
                    target: "persona_mock::request", $level, method, path, provider, operation, sandbox, status, ms, hint
                )
            };
        }
        match told.map_or(status >= 500, |told| told.is_mistake) {
            true => line!(Level::WARN),
            false => line!(Level::INFO),
        }
    });
}

/// What an answer itself says of a mistake, in its header fields or as a problem of the control API.
fn told_by(response: &Response) -> Option<Told> {
    let told = |message: String, is_mistake| Told { message, is_mistake, path: None };
    if let Some(said) = field(response, &HINT).or_else(|| field(response, &ERROR)) {
        return Some(told(said.to_owned(), true));
    }
    // A conflict, as of a verification that fails, is an answer to what was asked.
    let is_mistake = response.status() != 409;
    problem_text(response).filter(|_| response.is_refusal()).map(|text| told(bounded(&text, 0), is_mistake))
}
