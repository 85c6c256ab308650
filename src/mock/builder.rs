//! How a server in this process is to be.

use std::path::PathBuf;
use std::sync::Arc;
#[cfg(feature = "server")]
use std::sync::mpsc;
use std::time::Duration;

use serde::Serialize;
#[cfg(feature = "server")]
use tokio::sync::oneshot;

use super::error::MockError;
use super::in_process::PersonaMock;
#[cfg(feature = "watch")]
use crate::api::Watching;
use crate::api::{CoverageLevel, SandboxStart};
use crate::app::origin::Origin;
#[cfg(feature = "server")]
use crate::app::record::RECORD_BYTES;
use crate::app::{AppState, Cors, FixtureText, Host, HostError, Setup, TokenError};
use crate::control;
use crate::fixtures::{self, FixtureDir};
use crate::provider::{Registered, Seed, scheme};
use crate::providers;
use crate::world::options::AuthMode;

/// How a server in this process is to be. What is not said is as the command line has it, but for three things: the port
/// is a free one, two threads answer, and a stop waits for no request.
#[derive(Debug, Clone)]
pub struct Builder {
    pub(super) setup: Setup,
    registry: Providers,
    clock: Option<String>,
    control_token: Option<String>,
    control_hosts: Vec<String>,
    control_origins: Vec<String>,
    cors: Option<Vec<String>>,
    fixtures_dir: Option<PathBuf>,
    max_fixture_bytes: u64,
    #[cfg(feature = "watch")]
    watching: Option<Watching>,
    fixtures: Vec<(String, Result<String, String>)>,
    #[cfg(feature = "server")]
    pub(super) record: Option<PathBuf>,
    #[cfg(feature = "server")]
    pub(super) record_bytes: u64,
    pub(super) listen_on: ListenOn,
}

/// What keeps the fixtures of a mock as its directory has them, as long as it lives.
#[cfg(feature = "watch")]
pub(super) type Watched = Option<fixtures::Watch>;
#[cfg(not(feature = "watch"))]
pub(super) type Watched = ();

/// Where the server listens, with how many threads, and how long it waits for requests when it stops.
#[derive(Debug, Clone)]
pub(super) struct ListenOn {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) workers: usize,
    pub(super) drain: Duration,
}

#[derive(Clone)]
struct Providers(Vec<Registered>);

impl std::fmt::Debug for Providers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|provider| &*provider.descriptor().id)).finish()
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
            control_origins: Vec::new(),
            cors: None,
            fixtures_dir: None,
            max_fixture_bytes: fixtures::MAX_BYTES,
            #[cfg(feature = "watch")]
            watching: None,
            fixtures: Vec::new(),
            #[cfg(feature = "server")]
            record: None,
            #[cfg(feature = "server")]
            record_bytes: RECORD_BYTES,
            listen_on: ListenOn { host: scheme::HOST.to_owned(), port: 0, workers: 2, drain: Duration::ZERO },
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

    /// States that a Pact verifier may ask for by name in `POST /_mock/provider-states`: how a sandbox starts there.
    #[must_use]
    pub fn provider_states<N: Into<String>>(mut self, states: impl IntoIterator<Item = (N, SandboxStart)>) -> Self {
        self.setup.provider_states.extend(states.into_iter().map(|(name, start)| (name.into(), start)));
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

    /// Watches the directory of [`Builder::fixtures_dir`]: once its files change, new and reset sandboxes start at what
    /// they say. Files with faults change nothing; [`Mock::health`](super::Mock::health) tells of them.
    #[cfg(feature = "watch")]
    #[must_use]
    pub fn watch(mut self, watching: Watching) -> Self {
        self.watching = Some(watching);
        self
    }

    /// Leaves out every operation that the vendors do not document.
    #[must_use]
    pub fn documented_only(mut self) -> Self {
        self.setup.documented_only = true;
        self
    }

    /// How much of each exchange is counted for [`Mock::coverage`](super::Mock::coverage): operations and statuses, or
    /// parameters, fields and values too.
    #[must_use]
    pub fn coverage_level(mut self, level: CoverageLevel) -> Self {
        self.setup.coverage = level;
        self
    }

    /// Refuses requests that name no sandbox, so that no test reaches another's world by accident.
    #[must_use]
    pub fn require_sandbox(mut self) -> Self {
        self.setup.serving.require_sandbox = true;
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
        self.setup.serving.trust_proxy = true;
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

    /// Lets pages of this origin, such as `http://localhost:3000`, use the control API.
    #[must_use]
    pub fn control_origin(mut self, origin: impl Into<String>) -> Self {
        self.control_origins.push(origin.into());
        self
    }

    /// Lets pages of these origins alone call the providers, in place of those of any; of none, where there are none.
    #[must_use]
    pub fn cors<I: Into<String>>(mut self, origins: impl IntoIterator<Item = I>) -> Self {
        self.cors = Some(origins.into_iter().map(Into::into).collect());
        self
    }

    /// Limits how often a caller may call a provider, such as `100/1m`, in every sandbox from its start.
    #[must_use]
    pub fn rate_limit(mut self, provider: &str, limit: &str) -> Self {
        self.setup.rate_limits.push(format!("{provider}={limit}"));
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

    /// Changes anything that a server's setup says: for this repository's own tests.
    #[doc(hidden)]
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
    /// What is wrong with the setup, all faults of the fixtures at once; a record, which only a server writes.
    pub fn build(self) -> Result<PersonaMock, MockError> {
        #[cfg(feature = "server")]
        if self.record.is_some() {
            let reason = "a mock without a server has no thread that writes it; make it by `start` or `start_blocking`";
            return Err(MockError::Value { what: "record", reason: reason.to_owned() });
        }
        let (app, watched) = self.app()?;
        Ok(PersonaMock::without_server(app, watched))
    }

    #[cfg(feature = "server")]
    pub(super) fn listen_on(&self) -> ListenOn {
        self.listen_on.clone()
    }

    pub(super) fn app(self) -> Result<(Arc<AppState>, Watched), MockError> {
        let Self { mut setup, registry: Providers(registry), clock, fixtures_dir, max_fixture_bytes, fixtures, .. } =
            self;
        let value = |what, error: &dyn std::fmt::Display| MockError::Value { what, reason: error.to_string() };
        if let Some(text) = self.control_token {
            setup.guard.token = Some(text.parse().map_err(|error: TokenError| value("control token", &error))?);
        }
        for name in self.control_hosts {
            setup.guard.hosts.push(name.parse().map_err(|error: HostError| value("control host", &error))?);
        }
        let origin = |what, text: String| text.parse::<Origin>().map_err(|error| value(what, &error));
        for text in self.control_origins {
            setup.guard.origins.push(origin("control origin", text)?);
        }
        if let Some(origins) = self.cors {
            let origins: Vec<_> =
                origins.into_iter().map(|text| origin("CORS origin", text)).collect::<Result<_, _>>()?;
            setup.serving.cors = if origins.is_empty() { Cors::Off } else { Cors::Only(origins) };
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
        let dir = fixtures_dir.map(|dir| FixtureDir::new(dir, &registry).max_bytes(max_fixture_bytes));
        let dir = dir.map(|dir| dir.behind(std::mem::take(&mut setup.fixtures)));
        if let Some(dir) = &dir {
            let (texts, faults) = dir.read()?;
            setup.fixtures = texts;
            setup.faults.extend(faults);
        }
        #[cfg(feature = "watch")]
        let seen = self.watching.map(|watching| (watching, fixtures::Seen::of(&setup.fixtures)));
        let texts = std::mem::take(&mut setup.fixtures);
        let app = Arc::new(AppState::build_with(&registry, &setup, texts)?);
        let wrong = |reason| MockError::Value { what: "provider states", reason };
        control::provider_states::check(&app).map_err(wrong)?;
        #[cfg(feature = "watch")]
        let watched = match (seen, dir) {
            (None, _) => None,
            (Some((watching, seen)), Some(dir)) => Some(fixtures::Watch::start(dir, watching, app.clone(), seen)?),
            (Some(_), None) => {
                let reason = "there is no directory to watch; `Builder::fixtures_dir` names one".to_owned();
                return Err(MockError::Value { what: "watch", reason });
            }
        };
        #[cfg(not(feature = "watch"))]
        let watched = ();
        Ok((app, watched))
    }
}

#[cfg(feature = "server")]
fn crashed() -> MockError {
    MockError::Start(std::io::Error::other("its thread crashed while it was made ready"))
}
