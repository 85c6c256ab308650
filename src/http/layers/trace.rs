//! The log: one line a request.

use super::house;
use crate::http::message::{Answer, Sent};
use crate::world::clock::Stopwatch;
use crate::world::journal::shown_path;

/// The line of one request, if anybody reads it.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::http) struct Line {
    started: Option<Stopwatch>,
    /// The id of the provider that the request went to.
    provider: Option<&'static str>,
}

impl Line {
    pub(in crate::http) fn start() -> Self {
        let is_read = tracing::enabled!(target: "persona_mock::request", tracing::Level::INFO);
        Self { started: is_read.then(Stopwatch::start), provider: None }
    }

    /// The line of a request that went to a provider.
    pub(in crate::http) fn of(self, provider: Option<&'static str>) -> Self {
        Self { provider, ..self }
    }
}

/// Writes the line of a request whose answer leaves now.
pub(crate) fn write(sent: &Sent, answer: &Answer) {
    house::guarded("log", || {
        let Line { started: Some(started), provider } = answer.line else { return };
        let (method, path) = (sent.method.as_str(), &*shown_path(sent.target.path()));
        let (provider, status) = (provider.unwrap_or("-"), answer.status());
        let ms = (started.elapsed().as_secs_f64() * 1e5).round() / 1e2;
        tracing::info!(target: "persona_mock::request", method, path, provider, status, ms);
    });
}
