//! The app state: the providers that are served, their sandboxes, and what every request shares.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use parking_lot::Mutex;

use crate::app::counts::Counts;
use crate::app::origin::Cors;
use crate::app::setup::{Setup, SetupError, chosen, host_of, public_url, settled};
use crate::app::subscribers::Subscribers;
use crate::app::{Guard, reload};
use crate::contract::answers::Refuser;
use crate::contract::{Document, DocumentError, Documents};
use crate::provider::{
    Base, Descriptor, Headers, Operation, Options, Refusal, Registered, Request, Response, Routed, Sample,
};
use crate::world::journal::Journals;
use crate::world::pattern::PathPattern;
use crate::world::sandbox::{Baseline, ReloadedFixtures, Sandbox, Sandboxes, View};

/// The providers that are served, and the world they play in.
pub struct AppState {
    pub(crate) providers: Vec<Registered>,
    schemas: Vec<Option<String>>,
    pub(crate) sandboxes: Sandboxes,
    pub(crate) require_sandbox: bool,
    guard: Guard,
    credential_headers: Vec<&'static str>,
    public_url: Option<String>,
    pub(crate) trust_proxy: bool,
    pub(crate) max_body: usize,
    pub(crate) head_timeout: Duration,
    pub(crate) body_timeout: Duration,
    pub(crate) unread_timeout: Duration,
    pub(crate) cors: Cors,
    pub(crate) journals: Journals,
    pub(crate) subscribers: Subscribers,
    pub(crate) counts: Counts,
    documents: Documents,
    pub(crate) dropped_log_lines: Arc<AtomicU64>,
    pub(crate) watched: Mutex<Option<crate::api::WatchedFixtures>>,
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let providers: Vec<_> = self.descriptors().map(|descriptor| descriptor.id).collect();
        f.debug_struct("AppState")
            .field("providers", &providers)
            .field("sandboxes", &self.sandboxes)
            .finish_non_exhaustive()
    }
}

/// Who takes a request: a provider by its number, and the mount that matched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) provider: usize,
    pub(crate) mount: &'static str,
    /// Whether the letter case of the path counts.
    pub(crate) exact_case: bool,
}

/// A mount and the provider that it is of.
pub(crate) type Mounted = (&'static crate::provider::Mount, &'static Descriptor);

impl AppState {
    /// Loads the fixtures and settles the settings.
    ///
    /// # Errors
    ///
    /// A [`SetupError`] that names what is wrong; faults of fixtures all at once.
    pub fn build(registry: &[Registered], setup: &Setup) -> Result<Self, SetupError> {
        let providers = chosen(registry, setup.only.as_deref())?;
        let options = settled(registry, &providers, setup)?;
        let now = setup.clock.now();
        let (roots, schemas) =
            reload::load(&providers, &setup.fixtures, setup.faults.clone(), now).map_err(SetupError::Fixture)?;
        let slots = roots.into_iter().zip(options.into_iter().map(Arc::new)).collect();
        let reloaded = ReloadedFixtures::default();
        let journals = Journals::new(setup.journal);
        let baseline = Baseline {
            clock: setup.clock,
            seed: setup.seed,
            slots,
            own: Vec::new(),
            reloaded,
            journals: journals.clone(),
        };
        let mut credential_headers: Vec<_> =
            providers.iter().flat_map(|provider| provider.credential_headers()).copied().collect();
        credential_headers.sort_unstable();
        credential_headers.dedup();
        let counts = Counts::of(providers.iter().map(|provider| provider.descriptor()));
        let public_url = setup.public_url.as_deref().map(public_url).transpose()?;
        let mut guard = setup.guard.clone();
        guard.hosts.extend(public_url.as_deref().and_then(host_of));
        Ok(Self {
            providers,
            schemas,
            sandboxes: Sandboxes::new(baseline, setup.bounds),
            require_sandbox: setup.require_sandbox,
            guard,
            credential_headers,
            public_url,
            trust_proxy: setup.trust_proxy,
            max_body: setup.max_body,
            head_timeout: setup.head_timeout,
            body_timeout: setup.body_timeout,
            unread_timeout: setup.unread_timeout,
            cors: setup.cors.clone(),
            journals,
            subscribers: Subscribers::default(),
            counts,
            documents: Documents::default(),
            dropped_log_lines: setup.dropped_log_lines.clone(),
            watched: Mutex::default(),
        })
    }

    /// The descriptors of the providers that are served.
    pub fn descriptors(&self) -> impl Iterator<Item = &'static Descriptor> {
        self.providers.iter().map(|provider| provider.descriptor())
    }

    /// The options in force for a provider in the default sandbox.
    #[must_use]
    pub fn options(&self, provider: usize) -> Arc<Options> {
        self.options_in(self.sandboxes.default(), provider)
    }

    pub(crate) fn options_in(&self, sandbox: &Sandbox, provider: usize) -> Arc<Options> {
        sandbox.slot(provider).map(|slot| slot.options()).unwrap_or_default()
    }

    /// Every mount that is in force in the default sandbox and that a base URL can end in: a mount of one path
    /// is no base.
    #[must_use]
    pub(crate) fn mounts(&self) -> Vec<Mounted> {
        self.mounts_in(self.sandboxes.default())
    }

    pub(crate) fn mounts_in(&self, sandbox: &Sandbox) -> Vec<Mounted> {
        let mut entries = Vec::new();
        for (number, descriptor) in self.descriptors().enumerate() {
            for mount in descriptor.mounts.iter().filter(|mount| mount.with_paths_below) {
                if is_in_force(sandbox, number, mount.when) {
                    entries.push((mount, descriptor));
                }
            }
        }
        entries
    }

    /// For each provider, a request that answers 200 on the present state.
    pub fn samples(&self) -> impl Iterator<Item = (&'static Descriptor, Option<Sample>)> {
        self.providers.iter().enumerate().map(|(number, provider)| {
            let slot = self.sandboxes.default().slot(number);
            let sample = slot.and_then(|slot| provider.sample(&slot.state.root(), &slot.options()));
            (provider.descriptor(), sample)
        })
    }

    /// The text of the fixture file that loads to a provider's present state. It names the schema
    /// that its own file named, else `schema`.
    ///
    /// # Errors
    ///
    /// A state without a JSON form, which no provider has.
    pub fn export(&self, provider: &str, schema: &str) -> Option<Result<String, serde_json::Error>> {
        let number = self.descriptors().position(|descriptor| descriptor.id == provider)?;
        let slot = self.sandboxes.default().slot(number)?;
        let schema = self.schemas.get(number)?.as_deref().unwrap_or(schema);
        Some(self.providers.get(number)?.export(&slot.state.root(), Some(schema)))
    }

    /// The sandbox of every request that names none.
    #[must_use]
    pub fn default_sandbox(&self) -> &Sandbox {
        self.sandboxes.default()
    }

    /// Puts the default sandbox back to where it started.
    pub fn reset(&self) {
        self.sandboxes.default().reset();
    }

    /// The documents that were read for this server's sandboxes.
    #[must_use]
    pub fn documents(&self) -> &Documents {
        &self.documents
    }

    /// The document of a served provider under these options; nothing where no such provider is served.
    pub fn document(&self, provider: usize, options: &Options) -> Option<Result<Arc<Document>, DocumentError>> {
        self.providers.get(provider).map(|provider| self.documents.of(*provider, options))
    }

    /// Who refuses a provider's operations in its words under these options; nothing where it is not served.
    pub fn refuser<'a>(&self, provider: usize, options: &'a Options) -> Option<Result<Refuser<'a>, DocumentError>> {
        let provider = *self.providers.get(provider)?;
        let document = self.documents.of(provider, options);
        Some(document.map(|document| Refuser { provider, options, document, max_body: self.max_body }))
    }

    /// Who may use the control API.
    pub(crate) fn guard(&self) -> &Guard {
        &self.guard
    }

    /// The header fields in which a credential may name a sandbox.
    pub(crate) fn credential_headers(&self) -> &[&'static str] {
        &self.credential_headers
    }

    pub(crate) fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref()
    }

    /// The longest mount that takes a decoded path.
    pub(crate) fn address(&self, path: &str, sandbox: &Sandbox) -> Option<Address> {
        let mut best: Option<Address> = None;
        for (provider, registered) in self.providers.iter().enumerate() {
            for mount in registered.descriptor().mounts {
                let longer = best.is_none_or(|best| mount.path.len() > best.mount.len());
                if longer && mount.takes(path) && is_in_force(sandbox, provider, mount.when) {
                    best = Some(Address { provider, mount: mount.path, exact_case: mount.exact_case });
                }
            }
        }
        best
    }

    /// Whether an operation of the provider can be asked for in a sandbox at a path that fits a pattern: where its
    /// document has it, below another mount of the provider, or, where a mount leaves out the first, without that.
    pub(crate) fn can_be_at(
        &self,
        sandbox: &Sandbox,
        provider: usize,
        operation: &Operation,
        pattern: &PathPattern,
    ) -> bool {
        let mounts = self.providers.get(provider).map_or(&[][..], |provider| provider.descriptor().mounts);
        let below = mounts.iter().filter_map(|mount| operation.path.strip_prefix(mount.path));
        let below = below.min_by_key(|rest| rest.len()).unwrap_or(operation.path);
        let mut templates = mounts.iter().map(|mount| format!("{}{below}", mount.path)).chain([below.to_owned()]);
        templates.any(|template| {
            pattern.meets(&PathPattern::template(&template), self.is_exact_case(provider, &template))
                && self.is_routed(sandbox, provider, operation, &template)
        })
    }

    /// Whether the paths of a template mean an operation in a sandbox, by the provider's own router.
    fn is_routed(&self, sandbox: &Sandbox, provider: usize, operation: &Operation, template: &str) -> bool {
        let segments = template.split('/').map(|segment| if segment.starts_with('{') { "1" } else { segment });
        let path = segments.collect::<Vec<_>>().join("/");
        let Some(address) = self.address(&path, sandbox).filter(|address| address.provider == provider) else {
            return false;
        };
        let Some(view) = sandbox.view(provider) else { return false };
        let request = Request {
            method: operation.method,
            raw_path: &path,
            path: &path,
            mount: address.mount,
            rest: path.get(address.mount.len()..).unwrap_or_default(),
            query: None,
            headers: &Headers::new(),
            body: &[],
            base: Base::Host("localhost"),
        };
        // What shares a path and a method differs in its body alone.
        matches!(self.route(address, &request, &view), Routed::Operation(found, _) if found.path == operation.path)
    }

    /// Whether letter case counts in a provider's path.
    pub(crate) fn is_exact_case(&self, provider: usize, path: &str) -> bool {
        let mounts = self.providers.get(provider).map_or(&[][..], |provider| provider.descriptor().mounts);
        let holding = mounts.iter().filter(|mount| mount.takes(path));
        holding.max_by_key(|mount| mount.path.len()).is_none_or(|mount| mount.exact_case)
    }

    /// Which operation of the provider a request means.
    pub(crate) fn route<'r>(&self, address: Address, request: &Request<'r>, view: &View<'_>) -> Routed<'r> {
        match self.providers.get(address.provider) {
            Some(provider) => provider.route(request, &view.options),
            None => Routed::Refused(Refusal::NoRoute),
        }
    }

    /// The provider's answer to an operation.
    pub(crate) fn handle(
        &self,
        address: Address,
        request: &Request<'_>,
        operation: &'static Operation,
        params: &[&str],
        view: &View<'_>,
    ) -> Response {
        match self.providers.get(address.provider) {
            Some(provider) => provider.handle(*request, operation, params, view),
            None => Response::new(404),
        }
    }

    /// What the server must say, in the provider's words.
    pub(crate) fn refuse(
        &self,
        address: Address,
        refusal: &Refusal,
        request: &Request<'_>,
        options: &Options,
    ) -> Response {
        match self.providers.get(address.provider) {
            Some(provider) => provider.refuse(refusal, request, options),
            None => Response::new(404),
        }
    }
}

fn is_in_force(sandbox: &Sandbox, provider: usize, when: Option<(&str, &str)>) -> bool {
    let Some((key, value)) = when else { return true };
    sandbox.slot(provider).is_some_and(|slot| slot.options().setting(key) == value)
}
