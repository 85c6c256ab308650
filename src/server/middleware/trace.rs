//! The log: one line a request.

use crate::server::message::{Answer, Line, Sent};
use crate::server::middleware::panics;
use crate::world::clock::Stopwatch;
use crate::world::journal::shown_path;

/// Starts the time of a request, if anybody reads its line.
pub(in crate::server) fn start() -> Option<Stopwatch> {
    tracing::enabled!(target: "persona_mock::request", tracing::Level::INFO).then(Stopwatch::start)
}

/// Writes the line of a request whose answer leaves now.
pub(crate) fn write(sent: &Sent, answer: &Answer) {
    panics::guarded("log", || {
        let Line { started: Some(started), provider } = &answer.line else { return };
        let (method, path) = (sent.method.as_str(), &*shown_path(sent.target.path()));
        let (provider, status) = (provider.as_deref().unwrap_or("-"), answer.status());
        let ms = (started.elapsed().as_secs_f64() * 1e5).round() / 1e2;
        tracing::info!(target: "persona_mock::request", method, path, provider, status, ms);
    });
}
