//! A server in this process, on threads of its own.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use parking_lot::Mutex;
use tokio::sync::oneshot;

use super::builder::{Builder, Watched};
use super::client::ControlClient;
use super::error::MockError;
use super::in_process::PersonaMock;
use crate::app::AppState;
use crate::fixtures::threads;
use crate::server::{Recorder, Server};

/// How long a drop waits for the server's threads, beside the drain. They need milliseconds; a test must not hang.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

#[derive(Debug)]
pub(super) struct Running {
    stop: oneshot::Sender<()>,
    /// How long requests under way may take.
    drain: Duration,
    thread: JoinHandle<()>,
    /// What is written down, until the server is gone.
    record: Option<Recorder>,
}

impl PersonaMock {
    /// Starts a thread that prepares a server, says how that went, and runs it.
    pub(super) fn launch(
        builder: Builder,
        report: impl FnOnce(Result<Self, MockError>) + Send + 'static,
    ) -> Result<(), MockError> {
        let (give, take) = oneshot::channel::<JoinHandle<()>>();
        let thread = std::thread::Builder::new().name("persona-mock".to_owned());
        let thread = thread.spawn(move || {
            let Ok(thread) = take.blocking_recv() else { return };
            let drain = builder.listen_on().drain;
            let (server, app, watched, record) = match builder.prepare() {
                Ok(prepared) => prepared,
                Err(error) => return report(Err(error)),
            };
            let (stop, stopped) = oneshot::channel();
            let client = ControlClient::here(&app.serving.scheme().url(server.reachable()), app);
            let running = Mutex::new(Some(Running { stop, drain, thread, record }));
            report(Ok(Self { client, running, _watched: watched }));
            run(server, stopped);
        });
        let thread = thread.map_err(MockError::Start)?;
        let _ = give.send(thread);
        Ok(())
    }

    /// Stops the server and waits until it is gone. A drop does the same.
    pub fn stop(&self) {
        let Some(running) = self.running.lock().take() else { return };
        let _ = running.stop.send(());
        let timeout = STOP_TIMEOUT.saturating_add(running.drain);
        if !threads::wait_for(running.thread, timeout) {
            tracing::error!("the server did not stop within {timeout:?}; its threads are left alone");
        }
        drop(running.record);
    }
}

fn run(server: Server, stopped: oneshot::Receiver<()>) {
    let stopped = async {
        // A sender that is gone means stop as well.
        let _ = stopped.await;
    };
    if let Err(error) = actix_rt::System::new().block_on(server.run_until(stopped)) {
        tracing::error!(%error, "the server failed");
    }
}

impl Builder {
    /// Whether browsers are shown the page at `/` and below `/_mock/ui/`, as they are where this is not called.
    #[must_use]
    pub fn ui(mut self, shows: bool) -> Self {
        self.setup.serving.ui = shows;
        self
    }

    /// Binds the address first, so that requests find the server from the first moment on.
    fn prepare(self) -> Result<(Server, Arc<AppState>, Watched, Option<Recorder>), MockError> {
        let listen_on = self.listen_on();
        let (record, record_bytes) = (self.record.clone(), self.record_bytes);
        let (app, watched) = self.app()?;
        let server = Server::bind(&listen_on.host, listen_on.port, app.clone()).map_err(MockError::Start)?;
        let record = record.map(|path| Recorder::start(&path, record_bytes, &app)).transpose();
        let record = record.map_err(MockError::Start)?;
        Ok((server.workers(listen_on.workers).drain(listen_on.drain), app, watched, record))
    }
}

impl Drop for PersonaMock {
    fn drop(&mut self) {
        self.stop();
    }
}
