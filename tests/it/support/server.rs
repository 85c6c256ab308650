//! A server in this process, on a free port, stopped on drop. Every answer is held against its contract.

use std::sync::Arc;
use std::thread::JoinHandle;

use parking_lot::Mutex;
use persona_mock::internals::Server;
use persona_mock::internals::{AppState, Guard, Setup};
use persona_mock::provider::{Registered, Seed};
use persona_mock::providers::registry;

use super::client::{Answer, Asked, Connection};
use super::evidence::Evidence;

/// The setup that tests share: a frozen clock, seed 1, and the name by which the client calls.
pub fn setup() -> Setup {
    let clock = "2026-01-15T12:00:00Z".parse().expect("an instant");
    Setup { clock, seed: Seed(1), guard: guard(), ..Setup::default() }
}

/// Lets the control API be called as the client calls it.
pub fn guard() -> Guard {
    Guard { hosts: vec!["mock.test".parse().expect("a host")], ..Guard::default() }
}

pub struct TestServer {
    pub app: Arc<AppState>,
    pub address: std::net::SocketAddr,
    evidence: Mutex<Evidence>,
    connection: Mutex<Connection>,
    stop: Option<tokio::sync::oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestServer {
    pub fn start(setup: &Setup) -> Self {
        Self::with(registry(), setup)
    }

    /// A server of these providers.
    pub fn with(registry: &[Registered], setup: &Setup) -> Self {
        let app = AppState::build(registry, setup).unwrap_or_else(|error| panic!("{error}"));
        let app = Arc::new(app);
        let server = Server::bind("127.0.0.1", 0, app.clone()).expect("a free port").workers(1);
        let address = server.address();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let thread = std::thread::spawn(move || {
            let stopped = async {
                let _ = stopped.await;
            };
            let drain = std::time::Duration::from_secs(1);
            actix_rt::System::new().block_on(server.drain(drain).run_until(stopped)).expect("a server");
        });
        Self {
            evidence: Mutex::new(Evidence::of(&app)),
            connection: Mutex::new(Connection::to(address)),
            app,
            address,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// Sends a request; panics if the answer breaks its provider's contract.
    pub fn send(&self, asked: &Asked) -> Answer {
        let answer = self.send_unjudged(asked);
        let wrong = self.evidence.lock().violations(asked, &answer);
        assert!(
            wrong.is_empty(),
            "{} {}\n{}\nanswered {} {}\nwhich breaks the contract:\n{}",
            asked.method,
            asked.target,
            String::from_utf8_lossy(&asked.body),
            answer.status,
            answer.text(),
            wrong.join("\n")
        );
        answer
    }

    /// Sends a request whose answer belongs to no vendor's contract.
    pub fn send_unjudged(&self, asked: &Asked) -> Answer {
        self.connection.lock().send(asked)
    }

    /// Puts all data back to the fixtures.
    pub fn reset(&self) {
        self.app.reset();
    }

    /// The documented statuses that this server has answered.
    pub fn seen(&self) -> Vec<(String, String, u16)> {
        self.evidence.lock().seen()
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        *self.connection.lock() = Connection::to(self.address);
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
