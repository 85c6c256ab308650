//! The hall: which provider takes a request, and the way of the request through it.

use serde::Serialize;

use super::erased::Registered;
use super::provider::{Options, Passport, Refusal, Request, Response, Routed, Sample, Seed};
use crate::world::clock::Clock;
use crate::world::fixture::Fault;
use crate::world::options::AuthMode;
use crate::world::sandbox::Sandbox;

/// How a server is to be set up. Each field has the default of the command line.
#[derive(Debug, Clone)]
pub struct Setup {
    /// The ids of the providers to serve; all where absent.
    pub only: Option<Vec<String>>,
    /// Fixture texts by provider id, with the name of the file they come from; a provider without
    /// one keeps its embedded fixture.
    pub fixtures: Vec<FixtureText>,
    /// Which credentials pass.
    pub auth: AuthMode,
    /// Where ids come from.
    pub seed: Seed,
    /// What the vendors take for now.
    pub clock: Clock,
    /// `provider.key=value`, each as one text.
    pub settings: Vec<String>,
    /// Whether operations that a vendor does not document are absent.
    pub documented_only: bool,
    /// What absolute links start with; the scheme and host of the request where absent.
    pub public_url: Option<String>,
    /// The largest body in bytes.
    pub max_body: usize,
    /// Whether answers to browsers carry CORS header fields.
    pub cors: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            only: None,
            fixtures: Vec::new(),
            auth: AuthMode::Any,
            seed: Seed::default(),
            clock: Clock::Real,
            settings: Vec::new(),
            documented_only: false,
            public_url: None,
            max_body: 1_048_576,
            cors: true,
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
    /// A public URL that no link can start with.
    #[error(
        "cannot take the public URL {found:?}: expected an absolute http or https URL such as https://your-site.com"
    )]
    PublicUrl {
        /// As given.
        found: String,
    },
    /// Fixtures with faults.
    #[error("{} fault(s) in the fixtures:\n{}", .0.len(), .0.iter().map(|fault| format!("  {fault}")).collect::<Vec<_>>().join("\n"))]
    Fixture(Vec<Fault>),
}

/// The providers that are served, and the world they play in.
pub struct Hall {
    pub(crate) providers: Vec<Registered>,
    schemas: Vec<Option<String>>,
    sandbox: Sandbox,
    public_url: Option<String>,
    pub(super) max_body: usize,
    pub(super) cors: bool,
}

impl std::fmt::Debug for Hall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let providers: Vec<_> = self.passports().map(|passport| passport.id).collect();
        f.debug_struct("Hall").field("providers", &providers).field("sandbox", &self.sandbox).finish_non_exhaustive()
    }
}

/// Who takes a request: a provider by its number, and the mount that matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) provider: usize,
    pub(crate) mount: &'static str,
}

/// A mount, its provider and its vendor's name, as `/` lists them.
#[derive(Debug, Clone, Serialize)]
pub struct MountEntry {
    /// Such as `/v1`.
    pub mount: &'static str,
    /// The provider's id.
    pub provider: &'static str,
    /// The vendor's name.
    pub title: &'static str,
}

impl Hall {
    /// Loads the fixtures and settles the settings.
    ///
    /// # Errors
    ///
    /// A [`SetupError`] that names what is wrong; faults of fixtures all at once.
    pub fn build(registry: &[Registered], setup: &Setup) -> Result<Self, SetupError> {
        let providers = chosen(registry, setup.only.as_deref())?;
        let options = settled(registry, &providers, setup)?;
        let now = setup.clock.now();
        let mut faults = Vec::new();
        let mut rooms = Vec::new();
        let mut schemas = Vec::new();
        for (provider, options) in providers.iter().zip(options) {
            let passport = provider.passport();
            let stated = setup.fixtures.iter().find(|fixture| fixture.provider == passport.id);
            let embedded = format!("{}.json", passport.id);
            let (file, text) =
                stated.map_or((embedded.as_str(), passport.fixture), |fixture| (&*fixture.file, &*fixture.text));
            match provider.load(file, text, now) {
                Ok(loaded) => {
                    rooms.push((loaded.root, options));
                    schemas.push(loaded.schema);
                }
                Err(found) => faults.extend(found),
            }
        }
        if !faults.is_empty() {
            return Err(SetupError::Fixture(faults));
        }
        Ok(Self {
            providers,
            schemas,
            sandbox: Sandbox::new(setup.clock, setup.seed, rooms),
            public_url: setup.public_url.as_deref().map(public_url).transpose()?,
            max_body: setup.max_body,
            cors: setup.cors,
        })
    }

    /// The passports of the providers that are served.
    pub fn passports(&self) -> impl Iterator<Item = &'static Passport> {
        self.providers.iter().map(|provider| provider.passport())
    }

    /// The options in force for a provider.
    #[must_use]
    pub fn options(&self, provider: usize) -> Options {
        self.sandbox.room(provider).map(|room| room.options.clone()).unwrap_or_default()
    }

    /// Every mount that is in force.
    #[must_use]
    pub fn mounts(&self) -> Vec<MountEntry> {
        let mut entries = Vec::new();
        for (number, passport) in self.passports().enumerate() {
            let options = self.options(number);
            for mount in passport.mounts {
                if mount.when.is_none_or(|(key, value)| options.setting(key) == value) {
                    entries.push(MountEntry { mount: mount.path, provider: passport.id, title: passport.title });
                }
            }
        }
        entries
    }

    /// For each provider, a request that answers 200 on the present state.
    pub fn samples(&self) -> impl Iterator<Item = (&'static Passport, Option<Sample>)> {
        self.providers.iter().enumerate().map(|(number, provider)| {
            let room = self.sandbox.room(number);
            let sample = room.and_then(|room| provider.sample(&room.state.root(), &room.options));
            (provider.passport(), sample)
        })
    }

    /// The text of the fixture file that loads to a provider's present state. It names the schema
    /// that its own file named, else `schema`.
    ///
    /// # Errors
    ///
    /// A state without a JSON form, which no provider has.
    pub fn export(&self, provider: &str, schema: &str) -> Option<Result<String, serde_json::Error>> {
        let number = self.passports().position(|passport| passport.id == provider)?;
        let room = self.sandbox.room(number)?;
        let schema = self.schemas.get(number)?.as_deref().unwrap_or(schema);
        Some(self.providers.get(number)?.export(&room.state.root(), Some(schema)))
    }

    /// Puts every provider's data and ids back to where they started.
    pub fn reset(&self) {
        self.sandbox.reset();
    }

    pub(crate) fn clock(&self) -> Clock {
        self.sandbox.clock()
    }

    pub(crate) fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref()
    }

    /// The longest mount that a decoded path lies under.
    pub(crate) fn address(&self, path: &str) -> Option<Address> {
        let mut best: Option<Address> = None;
        for (provider, registered) in self.providers.iter().enumerate() {
            for mount in registered.passport().mounts {
                let longer = best.is_none_or(|best| mount.path.len() > best.mount.len());
                if longer && lies_under(path, mount.path, mount.exact_case) && self.is_in_force(provider, mount.when) {
                    best = Some(Address { provider, mount: mount.path });
                }
            }
        }
        best
    }

    fn is_in_force(&self, provider: usize, when: Option<(&str, &str)>) -> bool {
        let Some((key, value)) = when else {
            return true;
        };
        self.sandbox.room(provider).is_some_and(|room| room.options.setting(key) == value)
    }

    /// The provider's own answer: an operation's, its router's, or its refusal.
    pub(crate) fn answer(&self, address: Address, request: &Request<'_>) -> Response {
        let Some((provider, room)) = self.house(address) else {
            return Response::new(404);
        };
        match provider.route(request, &room.options) {
            Routed::Operation(operation, params) => {
                provider.handle(*request, operation, &params, &self.sandbox, address.provider)
            }
            Routed::Refused(refusal) => provider.refuse(&refusal, request, &room.options),
            Routed::Answered(response) => response,
        }
    }

    /// What the building must say, in the provider's words.
    pub(crate) fn refuse(&self, address: Address, refusal: &Refusal, request: &Request<'_>) -> Response {
        match self.house(address) {
            Some((provider, room)) => provider.refuse(refusal, request, &room.options),
            None => Response::new(404),
        }
    }

    fn house(&self, address: Address) -> Option<(Registered, &crate::world::sandbox::Room)> {
        Some((*self.providers.get(address.provider)?, self.sandbox.room(address.provider)?))
    }
}

fn lies_under(path: &str, mount: &str, exact_case: bool) -> bool {
    let Some(head) = path.as_bytes().get(..mount.len()) else {
        return false;
    };
    let same = if exact_case { head == mount.as_bytes() } else { head.eq_ignore_ascii_case(mount.as_bytes()) };
    same && matches!(path.as_bytes().get(mount.len()), None | Some(b'/'))
}

fn names(registry: &[Registered]) -> String {
    registry.iter().map(|provider| format!("`{}`", provider.passport().id)).collect::<Vec<_>>().join(", ")
}

fn chosen(registry: &[Registered], only: Option<&[String]>) -> Result<Vec<Registered>, SetupError> {
    let Some(only) = only else {
        return Ok(registry.to_vec());
    };
    for name in only {
        if !registry.iter().any(|provider| provider.passport().id == name) {
            return Err(SetupError::UnknownProvider { found: name.clone(), known: names(registry) });
        }
    }
    let providers: Vec<_> =
        registry.iter().copied().filter(|provider| only.iter().any(|name| name == provider.passport().id)).collect();
    if providers.is_empty() { Err(SetupError::NoProvider { known: names(registry) }) } else { Ok(providers) }
}

/// The options of each served provider. A setting of a provider that exists but is not served is
/// checked all the same and then has no effect.
fn settled(registry: &[Registered], served: &[Registered], setup: &Setup) -> Result<Vec<Options>, SetupError> {
    let fresh = |provider: &Registered| Options::new(setup.auth, setup.documented_only, provider.passport().settings);
    let mut all: Vec<_> = registry.iter().map(|provider| (provider.passport(), fresh(provider))).collect();
    for text in &setup.settings {
        let broken = |reason: String| SetupError::Setting { text: text.clone(), reason };
        let parts = text.split_once('=').and_then(|(name, value)| Some((name.split_once('.')?, value)));
        let Some(((provider, key), value)) = parts else {
            return Err(broken("expected provider.key=value, such as axero.error_status=400".to_owned()));
        };
        let Some((passport, options)) = all.iter_mut().find(|(passport, _)| passport.id == provider) else {
            return Err(broken(format!("there is no provider `{provider}`; the providers are {}", names(registry))));
        };
        options.set(passport.settings, key, value).map_err(broken)?;
    }
    let of = |provider: &Registered| {
        let found = all.iter().find(|(passport, _)| passport.id == provider.passport().id);
        found.map_or_else(|| fresh(provider), |(_, options)| options.clone())
    };
    Ok(served.iter().map(of).collect())
}

fn public_url(text: &str) -> Result<String, SetupError> {
    let trimmed = text.trim_end_matches('/');
    let host = trimmed.strip_prefix("http://").or_else(|| trimmed.strip_prefix("https://"));
    match host {
        Some(host) if !host.is_empty() && trimmed.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(trimmed.to_owned()),
        _ => Err(SetupError::PublicUrl { found: text.to_owned() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_lies_under_a_mount_at_a_segment_border() {
        assert!(lies_under("/v1/personas", "/v1", true));
        assert!(lies_under("/v1", "/v1", true));
        assert!(!lies_under("/v10", "/v1", true));
        assert!(!lies_under("/V1/x", "/v1", true));
        assert!(lies_under("/API/x", "/api", false));
    }

    #[test]
    fn a_public_url_loses_its_last_slash_and_must_be_absolute() {
        assert_eq!(public_url("https://your-site.com/").expect("a URL"), "https://your-site.com");
        assert!(public_url("your-site.com").is_err());
        assert!(public_url("https://").is_err());
    }
}
