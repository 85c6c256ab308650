//! The log: one line a request.

use std::fmt;
use std::sync::OnceLock;
use std::time::Duration;

#[cfg(feature = "server")]
use ::http::Method;
use tracing::Level;

use crate::api::Delivery;
use crate::contract::request::bounded;
use crate::provider::response::{ERROR, HINT};
use crate::provider::{HeaderName, Response};
use crate::server::message::{Answer, Line, Sent, Told};
use crate::server::middleware::explain::{field, is_verdict, problem_text};
use crate::server::middleware::{address, panics};
use crate::world::clock::Stopwatch;
#[cfg(feature = "server")]
use crate::world::journal::Progress;
use crate::world::journal::{shown_method, shown_path};

const SANDBOX: HeaderName = HeaderName::from_static(address::SANDBOX);

/// Whether anybody reads the line of a request, or of one that did not pass.
pub(in crate::server) fn is_read() -> bool {
    tracing::enabled!(target: "persona_mock::request", Level::WARN)
}

/// Starts the time of a request, if anybody reads its line.
pub(in crate::server) fn start() -> Option<Stopwatch> {
    is_read().then(Stopwatch::start)
}

/// Writes the line of a request whose answer has left, or leaves now: a warning where somebody made a mistake, and not
/// where the vendor's business or a fault said no.
pub(crate) fn write(sent: &Sent, answer: &Answer) {
    panics::guarded("log", || {
        let Line { started: Some(started), provider, operation, told } = &answer.line else { return };
        let found = if told.is_some() { None } else { told_by(&answer.response) };
        let progress = answer.departure.as_ref().map(|departure| departure.progress());
        Row {
            method: sent.method.as_str(),
            path: sent.target.path(),
            provider: provider.as_deref(),
            operation: operation.as_deref(),
            sandbox: field(&answer.response, &SANDBOX),
            status: answer.status(),
            took: progress.map_or_else(|| started.elapsed(), |progress| progress.took),
            told: told.as_ref().or(found.as_ref()),
            delivery: progress.and_then(Delivery::of),
        }
        .write();
    });
}

/// The line of a request whose answer leaves later, slowly or in part: it is written once that is over.
#[cfg(feature = "server")]
#[derive(Debug)]
pub(in crate::server) struct Due {
    method: Method,
    path: String,
    sandbox: Option<String>,
    status: u16,
    line: Line,
}

#[cfg(feature = "server")]
impl Due {
    /// The line of an answer, if anybody reads it.
    pub(in crate::server) fn of(sent: &Sent, answer: &Answer) -> Option<Self> {
        answer.line.started?;
        let mut line = answer.line.clone();
        line.told = line.told.or_else(|| told_by(&answer.response));
        let sandbox = field(&answer.response, &SANDBOX).map(str::to_owned);
        let (method, path) = (sent.method.clone(), sent.target.path().to_owned());
        Some(Self { method, path, sandbox, status: answer.status(), line })
    }

    /// Writes it, with how far the answer came.
    pub(in crate::server) fn write(&self, progress: Progress) {
        panics::guarded("log", || {
            Row {
                method: self.method.as_str(),
                path: &self.path,
                provider: self.line.provider.as_deref(),
                operation: self.line.operation.as_deref(),
                sandbox: self.sandbox.as_deref(),
                status: self.status,
                took: progress.took,
                told: self.line.told.as_ref(),
                delivery: Delivery::of(progress),
            }
            .write();
        });
    }
}

/// What a line says.
struct Row<'a> {
    method: &'a str,
    path: &'a str,
    provider: Option<&'a str>,
    operation: Option<&'a str>,
    sandbox: Option<&'a str>,
    status: u16,
    took: Duration,
    told: Option<&'a Told>,
    /// How much of the answer left, where that is not all of it.
    delivery: Option<Delivery>,
}

impl Row<'_> {
    fn write(self) {
        let Self { status, told, .. } = self;
        let method = told.and_then(|told| told.method.as_deref()).unwrap_or_else(|| shown_method(self.method));
        let sent_path = shown_path(self.path);
        let path = told.and_then(|told| told.path.as_deref()).unwrap_or(&sent_path);
        let [provider, operation, sandbox] =
            [self.provider, self.operation, self.sandbox].map(|known| known.unwrap_or("-"));
        let hint = told.map(|told| &*told.message);
        let delivery = self.delivery.map(|delivery| delivery.to_string());
        let delivery = delivery.as_deref();
        let is_warning = told.map_or(status >= 500, |told| told.is_mistake);
        let line =
            Shown { is_warning, method, path, provider, operation, sandbox, status, took: self.took, delivery, hint };
        match LINES.get() {
            Some(lines) => lines.take(&line),
            None => line.say(),
        }
    }
}

/// One line, as anybody may read it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shown<'a> {
    pub(crate) is_warning: bool,
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    pub(crate) provider: &'a str,
    pub(crate) operation: &'a str,
    pub(crate) sandbox: &'a str,
    pub(crate) status: u16,
    pub(crate) took: Duration,
    pub(crate) delivery: Option<&'a str>,
    pub(crate) hint: Option<&'a str>,
}

impl Shown<'_> {
    /// Says it to the subscriber of this process, who writes it now.
    pub(crate) fn say(self) {
        let Self { method, path, provider, operation, sandbox, status, delivery, hint, .. } = self;
        let ms = (self.took.as_secs_f64() * 1e5).round() / 1e2;
        macro_rules! line {
            ($level:expr) => {
                tracing::event!(
                    target: "persona_mock::request",
                    $level,
                    method,
                    path,
                    provider,
                    operation,
                    sandbox,
                    status,
                    ms,
                    delivery,
                    hint
                )
            };
        }
        match self.is_warning {
            true => line!(Level::WARN),
            false => line!(Level::INFO),
        }
    }
}

/// Who keeps the lines of requests and writes them later.
pub(crate) trait Lines: fmt::Debug + Send + Sync {
    /// Keeps a line, without a wait.
    fn take(&self, line: &Shown<'_>);
}

/// Who takes the lines in place of the subscriber.
static LINES: OnceLock<Box<dyn Lines>> = OnceLock::new();

/// Hands all lines from now on to one who writes them later, for good.
#[cfg(feature = "cli")]
pub(crate) fn hand_to(lines: Box<dyn Lines>) {
    // Whoever came first has the lines that were written before.
    drop(LINES.set(lines));
}

/// What an answer itself says of a mistake, in its header fields or as a problem of the control API.
fn told_by(response: &Response) -> Option<Told> {
    let told =
        |message: String, is_mistake| Told { message, is_mistake, path: None, method: None, ignored: Vec::new() };
    if let Some(said) = field(response, &HINT).or_else(|| field(response, &ERROR)) {
        return Some(told(said.to_owned(), true));
    }
    if !response.is_refusal() {
        return None;
    }
    // A verification that fails is an answer to what was asked.
    problem_text(response).map(|text| told(bounded(&text, 0), !is_verdict(response)))
}
