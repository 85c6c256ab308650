//! The log: one line a request.

use crate::world::clock::Stopwatch;
use crate::world::journal::shown_path;

/// Watches one request, if anybody reads the line.
#[derive(Debug, Clone, Copy)]
pub(in crate::http) struct Trace(Option<Stopwatch>);

impl Trace {
    pub(in crate::http) fn start() -> Self {
        Self(tracing::enabled!(target: "persona_mock::request", tracing::Level::INFO).then(Stopwatch::start))
    }

    pub(in crate::http) fn end(self, method: &str, path: &str, provider: &str, status: u16) {
        let Some(stopwatch) = self.0 else { return };
        let ms = (stopwatch.elapsed().as_secs_f64() * 1e5).round() / 1e2;
        let path = &*shown_path(path);
        tracing::info!(target: "persona_mock::request", method, path, provider, status, ms);
    }
}
