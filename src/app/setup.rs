//! How a server is set up, and why it cannot be.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use indexmap::IndexMap;

use crate::api::{CoverageLevel, SandboxStart};
use crate::app::Guard;
use crate::app::host::Host;
use crate::app::origin::Cors;
use crate::app::sandbox::Bounds;
use crate::app::subscribers::StreamBounds;
use crate::provider::{Options, RateLimit, Registered, Scheme, Seed};
use crate::world::clock::Clock;
use crate::world::fixture::FixtureError;
use crate::world::history::HistoryBounds;
use crate::world::journal::JournalBounds;
use crate::world::options::AuthMode;
use crate::world::weight::StateBounds;

/// How a server is to be set up. Each field has the default of the command line.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The ids of the providers to serve; all where absent.
    pub only: Option<Vec<String>>,
    /// Fixture texts by provider id, with the name of the file they come from; a provider without
    /// one keeps its embedded fixture.
    pub fixtures: Vec<FixtureText>,
    /// What is wrong with the fixture files before their text is looked at.
    pub faults: Vec<FixtureError>,
    /// Which credentials pass.
    pub auth: AuthMode,
    /// Where ids come from.
    pub seed: Seed,
    /// What the vendors take for now.
    pub clock: Clock,
    /// `provider.key=value`, each as one text.
    pub settings: Vec<String>,
    /// `provider=N/PERIOD`, or `provider` for the vendor's own number, each as one text.
    pub rate_limits: Vec<String>,
    /// Whether operations that a vendor does not document are absent.
    pub documented_only: bool,
    /// What absolute links start with; the scheme and host of the request where absent.
    pub public_url: Option<String>,
    /// How requests are taken.
    pub serving: Serving,
    /// Who may use the control API.
    pub guard: Guard,
    /// How many sandboxes there may be, and how long an idle one stays.
    pub bounds: Bounds,
    /// How much the journals may hold.
    pub journal: JournalBounds,
    /// How much the histories may keep.
    pub history: HistoryBounds,
    /// How many streams of events may be open.
    pub streams: StreamBounds,
    /// How much the sandboxes may hold beyond the server's fixtures.
    pub state: StateBounds,
    /// How much of each exchange is counted.
    pub coverage: CoverageLevel,
    /// The provider states that a Pact verifier may ask for, by name.
    pub provider_states: IndexMap<String, SandboxStart>,
}

/// How a server takes requests, whichever sandbox they mean. The app state keeps it as it was set up.
#[derive(Debug, Clone)]
pub struct Serving {
    /// Whether absolute links start where a proxy says, if there is no public URL.
    pub trust_proxy: bool,
    /// The largest body in bytes.
    pub max_body: usize,
    /// The most connections of each worker thread.
    pub max_connections: usize,
    /// How long a head may take to arrive: from the start of its connection, or from its first byte.
    pub head_timeout: Duration,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// How long a client may take nothing of its answer.
    pub unread_timeout: Duration,
    /// How long one request of the control API may be worked on.
    pub control_timeout: Duration,
    /// The largest body of a request to the control API, in bytes.
    pub max_control_body: usize,
    /// The largest body of an answer of the control API, in bytes.
    pub max_control_answer: usize,
    /// How many bytes of large bodies of requests may arrive or be worked on, all together.
    pub max_bodies: u64,
    /// How many bytes of large answers may wait for their clients, all together.
    pub max_answers: u64,
    /// Pages of which origins may call the providers.
    pub cors: Cors,
    /// Whether a request that names no sandbox is refused.
    pub require_sandbox: bool,
    /// Whether browsers are shown the page below `/_mock/ui/`.
    pub ui: bool,
    /// Whether sandboxes go back to fixtures as soon as those are reloaded.
    pub watch_reset: bool,
    /// How many lines of the log were dropped, which whoever writes the log counts.
    pub dropped_log_lines: Arc<AtomicU64>,
}

impl Serving {
    /// What the server speaks.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        Scheme::Http
    }
}

impl Default for Serving {
    fn default() -> Self {
        Self {
            trust_proxy: false,
            max_body: 1_048_576,
            max_connections: 10_000,
            // A client on a starved machine opens its connection long before it has the time to write.
            head_timeout: Duration::from_secs(30),
            body_timeout: Duration::from_secs(30),
            unread_timeout: Duration::from_secs(60),
            control_timeout: Duration::from_secs(10),
            max_control_body: 64 << 20,
            max_control_answer: 128 << 20,
            max_bodies: 256 << 20,
            max_answers: 256 << 20,
            cors: Cors::On,
            require_sandbox: false,
            ui: true,
            watch_reset: false,
            dropped_log_lines: Arc::default(),
        }
    }
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            only: None,
            fixtures: Vec::new(),
            faults: Vec::new(),
            auth: AuthMode::Any,
            seed: Seed::default(),
            clock: Clock::Real,
            settings: Vec::new(),
            rate_limits: Vec::new(),
            documented_only: false,
            public_url: None,
            serving: Serving::default(),
            guard: Guard::default(),
            bounds: Bounds::default(),
            journal: JournalBounds::default(),
            history: HistoryBounds::default(),
            streams: StreamBounds::default(),
            state: StateBounds::default(),
            coverage: CoverageLevel::Operations,
            provider_states: IndexMap::new(),
        }
    }
}

/// A fixture's text and where it comes from.
#[derive(Debug, Clone)]
pub struct FixtureText {
    /// The provider it is for.
    pub provider: String,
    /// The name by which faults call the file.
    pub file: String,
    /// The text.
    pub text: String,
}

/// Why a server cannot be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// A provider that is not there.
    #[error("there is no provider `{found}`; the providers are {known}")]
    UnknownProvider {
        /// What was asked for.
        found: String,
        /// Those that are there.
        known: String,
    },
    /// `only` names none.
    #[error("no provider is left to serve; the providers are {known}")]
    NoProvider {
        /// Those that are there.
        known: String,
    },
    /// A setting that cannot be taken.
    #[error("cannot take the setting `{text}`: {reason}")]
    Setting {
        /// As given.
        text: String,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// A rate limit that cannot be taken.
    #[error("cannot take the rate limit `{text}`: {reason}")]
    RateLimit {
        /// As given.
        text: String,
        /// What is wrong and what would be right.
        reason: String,
    },
    /// A public URL that no link can start with.
    #[error(
        "cannot take the public URL {found:?}: expected an absolute http or https URL such as https://your-site.com"
    )]
    PublicUrl {
        /// As given.
        found: String,
    },
    /// Fixtures with faults.
    #[error("{} fault(s) in the fixtures:\n{}", FixtureError::count(.0), .0.iter().map(|fault| format!("  {fault}")).collect::<Vec<_>>().join("\n"))]
    Fixture(Vec<FixtureError>),
}

fn names(registry: &[Registered]) -> String {
    registry.iter().map(|provider| format!("`{}`", provider.descriptor().id)).collect::<Vec<_>>().join(", ")
}

pub(crate) fn chosen(registry: &[Registered], only: Option<&[String]>) -> Result<Vec<Registered>, SetupError> {
    let Some(only) = only else {
        return Ok(registry.to_vec());
    };
    for name in only {
        if !registry.iter().any(|provider| is(&provider.descriptor().id, name)) {
            return Err(SetupError::UnknownProvider { found: name.clone(), known: names(registry) });
        }
    }
    let providers: Vec<_> = registry
        .iter()
        .filter(|provider| only.iter().any(|name| is(&provider.descriptor().id, name)))
        .cloned()
        .collect();
    if providers.is_empty() { Err(SetupError::NoProvider { known: names(registry) }) } else { Ok(providers) }
}

/// Whether a text names this id: letter case and blanks around it do not count.
fn is(id: &str, text: &str) -> bool {
    id.eq_ignore_ascii_case(text.trim())
}

/// The options of each served provider. A setting of a provider that exists but is not served is
/// checked all the same and then has no effect.
pub(crate) fn settled(
    registry: &[Registered],
    served: &[Registered],
    setup: &Setup,
) -> Result<Vec<Options>, SetupError> {
    let fresh = |provider: &Registered| {
        let mut options = Options::new(setup.auth, setup.documented_only, &provider.descriptor().settings);
        options.open_control = setup.guard.token.is_none();
        options
    };
    let mut all: Vec<_> = registry.iter().map(|provider| (provider.descriptor(), fresh(provider))).collect();
    for text in &setup.settings {
        let broken = |reason: String| SetupError::Setting { text: text.clone(), reason };
        let parts = text.split_once('=').and_then(|(name, value)| Some((name.split_once('.')?, value)));
        let Some(((provider, key), value)) = parts else {
            return Err(broken("expected provider.key=value, such as axero.error_status=400".to_owned()));
        };
        let Some((descriptor, options)) = all.iter_mut().find(|(descriptor, _)| is(&descriptor.id, provider)) else {
            return Err(broken(format!("there is no provider `{provider}`; the providers are {}", names(registry))));
        };
        options.set(&descriptor.settings, key, value).map_err(broken)?;
    }
    for text in &setup.rate_limits {
        let broken = |reason: String| SetupError::RateLimit { text: text.clone(), reason };
        let (id, limit) = text.split_once('=').map_or((text.as_str(), None), |(id, limit)| (id, Some(limit)));
        let Some(provider) = registry.iter().find(|provider| is(&provider.descriptor().id, id)) else {
            return Err(broken(format!("there is no provider `{id}`; the providers are {}", names(registry))));
        };
        let limit = match limit {
            Some(limit) => limit.trim().to_ascii_lowercase().parse().map_err(|error| broken(format!("{error}")))?,
            None => provider.descriptor().rate_limit.unwrap_or(RateLimit::UNDOCUMENTED),
        };
        for (_, options) in all.iter_mut().filter(|(descriptor, _)| is(&descriptor.id, id)) {
            options.rate_limit = Some(limit);
        }
    }
    let of = |provider: &Registered| {
        let found = all.iter().find(|(descriptor, _)| descriptor.id == provider.descriptor().id);
        found.map_or_else(|| fresh(provider), |(_, options)| options.clone())
    };
    Ok(served.iter().map(of).collect())
}

pub(crate) fn public_url(text: &str) -> Result<String, SetupError> {
    let trimmed = text.trim_end_matches('/');
    let host = trimmed.strip_prefix("http://").or_else(|| trimmed.strip_prefix("https://"));
    match host {
        Some(host)
            if !host.is_empty() && trimmed.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#".contains(&byte)) =>
        {
            Ok(trimmed.to_owned())
        }
        _ => Err(SetupError::PublicUrl { found: text.to_owned() }),
    }
}

/// The host of a URL that [`public_url`] took.
pub(crate) fn host_of(url: &str) -> Option<Host> {
    let (_, rest) = url.split_once("://")?;
    rest.split_once('/').map_or(rest, |(authority, _)| authority).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_loses_its_last_slash_and_must_be_absolute() {
        assert_eq!(public_url("https://your-site.com/").expect("a URL"), "https://your-site.com");
        assert!(public_url("your-site.com").is_err());
        assert!(public_url("https://").is_err());
        assert!(public_url("https://your-site.com?from=here").is_err(), "no path can follow a query");
    }
}
