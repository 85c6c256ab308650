//! How a server in this process is to be.

use std::path::PathBuf;
#[cfg(feature = "server")]
use std::sync::mpsc;
use std::time::Duration;

use serde::Serialize;
#[cfg(feature = "server")]
use tokio::sync::oneshot;

use super::error::MockError;
use super::in_process::PersonaMock;
use crate::app::{AppState, FixtureText, Host, HostError, Setup, TokenError};
use crate::fixtures::{self, FixtureDir};
use crate::provider::{Registered, Seed};
use crate::providers;
use crate::world::options::AuthMode;

/// How a server in this process is to be. What is not said is as the command line has it, but for
/// the port, which is a free one.
#[derive(Debug, Clone)]
pub struct Builder {
    setup: Setup,
    registry: Providers,
    clock: Option<String>,
    control_token: Option<String>,
    control_hosts: Vec<String>,
    fixtures_dir: Option<PathBuf>,
    max_fixture_bytes: u64,
    fixtures: Vec<(String, Result<String, String>)>,
    listen_on: ListenOn,
}

/// Where the server listens and with how many threads.
#[derive(Debug, Clone)]
pub(super) struct ListenOn {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) workers: usize,
}

#[derive(Clone)]
struct Providers(Vec<Registered>);

impl std::fmt::Debug for Providers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|provider| provider.descriptor().id)).finish()
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            setup: Setup::default(),
            registry: Providers(providers::registry().to_vec()),
            clock: None,
            control_token: None,
            control_hosts: Vec::new(),
            fixtures_dir: None,
            max_fixture_bytes: fixtures::MAX_BYTES,
            fixtures: Vec::new(),
            listen_on: ListenOn { host: "127.0.0.1".to_owned(), port: 0, workers: 2 },
        }
    }
}

impl Builder {
    /// Serves only these providers, in any letter case.
    #[must_use]
    pub fn providers<I: Into<String>>(mut self, ids: impl IntoIterator<Item = I>) -> Self {
        self.setup.only = Some(ids.into_iter().map(Into::into).collect());
        self
    }

    /// Chooses among other providers than the ones of this crate: a vendor of your own.
    #[must_use]
    pub fn registry(mut self, registry: &[Registered]) -> Self {
        self.registry = Providers(registry.to_vec());
        self
    }

    /// Same seed and same requests, same ids.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.setup.seed = Seed(seed);
        self
    }

    /// What the vendors take for now: `real`, or an RFC 3339 instant at which time stands still.
    #[must_use]
    pub fn clock(mut self, clock: impl Into<String>) -> Self {
        self.clock = Some(clock.into());
        self
    }

    /// Which credentials pass.
    #[must_use]
    pub fn auth(mut self, auth: AuthMode) -> Self {
        self.setup.auth = auth;
        self
    }

    /// Sets a provider's switch.
    #[must_use]
    pub fn set(mut self, provider: &str, key: &str, value: &str) -> Self {
        self.setup.settings.push(format!("{provider}.{key}={value}"));
        self
    }

    /// Starts a provider at this fixture instead of its embedded one: any value of the fixture format.
    #[must_use]
    pub fn fixture(mut self, provider: &str, fixture: &impl Serialize) -> Self {
        let text = serde_json::to_string(fixture).map_err(|error| error.to_string());
        self.fixtures.push((provider.to_owned(), text));
        self
    }

    /// Starts each provider at its file in a directory, where there is one.
    #[must_use]
    pub fn fixtures_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.fixtures_dir = Some(dir.into());
        self
    }

    /// Reads at most so many bytes of a directory's fixture files together; 2 GiB where nothing is said.
    #[must_use]
    pub fn max_fixture_bytes(mut self, bytes: u64) -> Self {
        self.max_fixture_bytes = bytes;
        self
    }

    /// Leaves out every operation that the vendors do not document.
    #[must_use]
    pub fn documented_only(mut self) -> Self {
        self.setup.documented_only = true;
        self
    }

    /// Refuses requests that name no sandbox, so that no test reaches another's world by accident.
    #[must_use]
    pub fn require_sandbox(mut self) -> Self {
        self.setup.require_sandbox = true;
        self
    }

    /// What absolute links and redirects start with; the scheme and host of the request otherwise.
    #[must_use]
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.setup.public_url = Some(url.into());
        self
    }

    /// Starts links and redirects where a proxy says by `Forwarded` or `X-Forwarded-Host`, `-Proto`, `-Port` and
    /// `-Prefix`. A public URL counts more.
    #[must_use]
    pub fn trust_proxy(mut self) -> Self {
        self.setup.trust_proxy = true;
        self
    }

    /// How many sandboxes there may be, and how long one may be idle.
    #[must_use]
    pub fn sandboxes(mut self, most: usize, idle: Duration) -> Self {
        self.setup.bounds.sandboxes = most;
        self.setup.bounds.idle = idle;
        self
    }

    /// Asks control requests over HTTP for a token. The handles of this server need none.
    #[must_use]
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.control_token = Some(token.into());
        self
    }

    /// Lets the control API be called by this name over HTTP, beside addresses, `localhost` and names of one
    /// label.
    #[must_use]
    pub fn control_host(mut self, name: impl Into<String>) -> Self {
        self.control_hosts.push(name.into());
        self
    }

    /// Listens on this port instead of a free one.
    #[must_use]
    pub fn port(mut self, port: u16) -> Self {
        self.listen_on.port = port;
        self
    }

    /// Listens on this host instead of 127.0.0.1: on every address of a name. `0.0.0.0` lets containers reach the
    /// server, `::` does so by IPv6 too; the URL is then that of this machine itself.
    #[must_use]
    pub fn host(mut self, host: impl Into<String>) -> Self {
        self.listen_on.host = host.into();
        self
    }

    /// Answers with this many threads.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.listen_on.workers = workers;
        self
    }

    /// Changes anything else that a server's setup says.
    #[must_use]
    pub fn setup(mut self, change: impl FnOnce(&mut Setup)) -> Self {
        change(&mut self.setup);
        self
    }

    /// Starts the server. Any runtime may await it.
    ///
    /// # Errors
    ///
    /// What is wrong with the setup, all faults of the fixtures at once; or the address is taken.
    #[cfg(feature = "server")]
    pub async fn start(self) -> Result<PersonaMock, MockError> {
        let (report, reported) = oneshot::channel();
        PersonaMock::launch(self, |outcome| {
            let _ = report.send(outcome);
        })?;
        reported.await.unwrap_or_else(|_| Err(crashed()))
    }

    /// Starts the server where nothing can be awaited: in a plain `#[test]`, in a `LazyLock`.
    ///
    /// # Errors
    ///
    /// As [`Builder::start`].
    #[cfg(feature = "server")]
    pub fn start_blocking(self) -> Result<PersonaMock, MockError> {
        let (report, reported) = mpsc::channel();
        PersonaMock::launch(self, move |outcome| {
            let _ = report.send(outcome);
        })?;
        reported.recv().unwrap_or_else(|_| Err(crashed()))
    }

    /// Makes the mock without a server: no thread is started and no port is opened. It has
    /// [`PersonaMock::call`] and the handles on its sandboxes; its URL is empty, and what this builder says of host,
    /// port and workers is not needed.
    ///
    /// # Errors
    ///
    /// What is wrong with the setup, all faults of the fixtures at once.
    pub fn build(self) -> Result<PersonaMock, MockError> {
        Ok(PersonaMock::without_server(self.app()?))
    }

    #[cfg(feature = "server")]
    pub(super) fn listen_on(&self) -> ListenOn {
        self.listen_on.clone()
    }

    pub(super) fn app(self) -> Result<AppState, MockError> {
        let Self { mut setup, registry: Providers(registry), clock, fixtures_dir, max_fixture_bytes, fixtures, .. } =
            self;
        let value = |what, error: &dyn std::fmt::Display| MockError::Value { what, reason: error.to_string() };
        if let Some(text) = self.control_token {
            setup.guard.token = Some(text.parse().map_err(|error: TokenError| value("control token", &error))?);
        }
        for name in self.control_hosts {
            setup.guard.hosts.push(name.parse().map_err(|error: HostError| value("control host", &error))?);
        }
        // Where the server listens is a name of its own, if it is one.
        setup.guard.hosts.extend(self.listen_on.host.parse::<Host>());
        if let Some(text) = clock {
            let wrong =
                |error: crate::world::clock::ClockError| MockError::Value { what: "clock", reason: error.to_string() };
            setup.clock = text.parse().map_err(wrong)?;
        }
        for (provider, text) in fixtures {
            let text = text.map_err(|reason| MockError::Value { what: "fixture", reason })?;
            if !registry.iter().any(|known| known.descriptor().id == provider) {
                return Err(MockError::Value { what: "fixture", reason: format!("there is no provider `{provider}`") });
            }
            // The first text of a provider counts, so the caller's own come before the directory's.
            let file = format!("the fixture of {provider}");
            setup.fixtures.push(FixtureText { provider, file, text });
        }
        if let Some(dir) = fixtures_dir {
            let (texts, faults) = FixtureDir::new(dir, &registry).max_bytes(max_fixture_bytes).read()?;
            setup.fixtures.extend(texts);
            setup.faults.extend(faults);
        }
        Ok(AppState::build(&registry, &setup)?)
    }
}

#[cfg(feature = "server")]
fn crashed() -> MockError {
    MockError::Start(std::io::Error::other("its thread crashed while it was made ready"))
}
