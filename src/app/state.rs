//! The app state: the providers that are served, their sandboxes, and what every request shares.

use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use parking_lot::Mutex;

use crate::api::{Coverage, SandboxStart};
use crate::app::counts::Counts;
use crate::app::record::Record;
use crate::app::room::Room;
use crate::app::sandbox::{Sandbox, Sandboxes, Start};
use crate::app::setup::{FixtureText, Serving, Setup, SetupError, chosen, host_of, public_url, settled};
use crate::app::subscribers::Subscribers;
use crate::app::{Guard, reload};
use crate::contract::answers::Refuser;
use crate::contract::{Document, DocumentError, Documents, Served};
use crate::evidence::{Run, Table};
use crate::provider::{AnyProvider, Descriptor, Name, Operation, Options, Registered, Sample, Slot};
use crate::world::discard::Discards;
use crate::world::journal::Journals;
use crate::world::wanted::Unwritten;
use crate::world::weight::Budget;

/// The providers that are served, and the world they play in.
pub struct AppState {
    pub(crate) sandboxes: Sandboxes,
    discards: Discards,
    guard: Guard,
    credential_headers: Vec<Name>,
    public_url: Option<String>,
    pub(crate) serving: Serving,
    pub(crate) journals: Journals,
    /// The exchanges that are to be written down, where anybody does.
    pub(crate) record: Record,
    /// What the sandboxes hold beyond the fixtures.
    pub(crate) held: Arc<Budget>,
    /// The bodies of requests that arrive or are worked on.
    pub(crate) bodies: Arc<Room>,
    /// The answers that wait for their clients.
    pub(crate) answers: Arc<Room>,
    pub(crate) subscribers: Subscribers,
    pub(crate) counts: Counts,
    /// What the run exercised of the documents.
    pub(crate) run: Run,
    documents: Documents,
    /// The control API's own document, once it was asked for: it depends on what is served and on no sandbox.
    pub(crate) control_document: OnceLock<Served>,
    /// The provider states that a Pact verifier may ask for, by name.
    pub(crate) provider_states: IndexMap<String, SandboxStart>,
    pub(crate) watched: Mutex<Option<crate::api::WatchedFixtures>>,
}

impl std::fmt::Debug for AppState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let providers: Vec<_> = self.descriptors().map(|descriptor| &*descriptor.id).collect();
        f.debug_struct("AppState")
            .field("providers", &providers)
            .field("sandboxes", &self.sandboxes)
            .finish_non_exhaustive()
    }
}

impl AppState {
    /// Loads the fixtures and settles the settings.
    ///
    /// # Errors
    ///
    /// A [`SetupError`] that names what is wrong; faults of fixtures all at once.
    pub fn build(registry: &[Registered], setup: &Setup) -> Result<Self, SetupError> {
        Self::build_with(registry, setup, setup.fixtures.clone())
    }

    /// The same with these fixture texts in place of those of the setup. Each is let go of as soon as it is read.
    ///
    /// # Errors
    ///
    /// As above.
    pub(crate) fn build_with(
        registry: &[Registered],
        setup: &Setup,
        texts: Vec<FixtureText>,
    ) -> Result<Self, SetupError> {
        let providers = chosen(registry, setup.only.as_deref())?;
        let options = settled(registry, &providers, setup)?;
        let slots = reload::start(&providers, setup, texts, options).map_err(SetupError::Fixture)?;
        let discards = Discards::default();
        let held = Budget::new(setup.state, setup.history, discards.clone());
        let account = held.account();
        let slots = slots.iter().map(|slot| slot.fresh(&account)).collect();
        let journals = Journals::new(setup.journal);
        let start = Start {
            clock: setup.clock,
            seed: setup.seed,
            slots,
            journals: journals.clone(),
            discards: discards.clone(),
        };
        let mut credential_headers: Vec<_> =
            providers.iter().flat_map(|provider| provider.descriptor().credentials.clone()).collect();
        credential_headers.sort_unstable();
        credential_headers.dedup();
        let counts = Counts::of(&providers);
        let public_url = setup.public_url.as_deref().map(public_url).transpose()?;
        let mut guard = setup.guard.clone();
        guard.hosts.extend(public_url.as_deref().and_then(host_of));
        Ok(Self {
            sandboxes: Sandboxes::new(start, setup.bounds),
            discards,
            guard,
            credential_headers,
            public_url,
            serving: setup.serving.clone(),
            journals,
            record: Record::default(),
            held,
            bodies: Room::for_bodies(setup.serving.max_bodies),
            answers: Room::for_answers(setup.serving.max_answers),
            subscribers: Subscribers::new(setup.streams),
            counts,
            run: Run::new(setup.coverage),
            documents: Documents::default(),
            control_document: OnceLock::new(),
            provider_states: setup.provider_states.clone(),
            watched: Mutex::default(),
        })
    }

    /// The descriptors of the providers that are served.
    pub fn descriptors(&self) -> impl Iterator<Item = &Descriptor> {
        self.slots().map(|slot| slot.provider().descriptor())
    }

    /// Every operation of the providers that are served.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.slots().flat_map(|slot| slot.provider().operations())
    }

    /// The default sandbox's part of each provider that is served.
    pub fn slots(&self) -> impl Iterator<Item = &dyn Slot> {
        self.sandboxes.default().slots().iter().map(|slot| &**slot)
    }

    /// The default sandbox's part of the provider of this id.
    #[must_use]
    pub fn slot(&self, provider: &str) -> Option<&dyn Slot> {
        self.sandboxes.default().slot(provider).map(|slot| &**slot)
    }

    /// For each provider, a request that answers 200 on the present state.
    pub fn samples(&self) -> impl Iterator<Item = (&Descriptor, Option<Sample>)> {
        self.slots().map(|slot| (slot.provider().descriptor(), slot.sample()))
    }

    /// Whether everybody may see the credentials of a provider: they are those of its embedded fixture, and the control
    /// API wants no token.
    #[must_use]
    pub fn shows_credentials(&self, provider: &str) -> bool {
        self.guard().token.is_none() && self.default_sandbox().slot(provider).is_some_and(|slot| slot.is_embedded())
    }

    /// The text of the fixture file that loads to a provider's present state. It names the schema
    /// that its own file named, else `schema`.
    ///
    /// # Errors
    ///
    /// A state without a JSON form, which no provider has.
    pub fn export(&self, provider: &str, schema: &str) -> Option<Result<String, Unwritten>> {
        let slot = self.sandboxes.default().slot(provider)?;
        Some(slot.clone().present().export(Some(slot.schema().unwrap_or(schema)), usize::MAX))
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

    /// The document of a provider under these options.
    ///
    /// # Errors
    ///
    /// The provider's text is no JSON.
    pub fn document(&self, provider: &dyn AnyProvider, options: &Options) -> Result<Arc<Document>, DocumentError> {
        self.documents.of(provider, options)
    }

    /// The cells of a provider's document under these options; nothing where there is none.
    pub(crate) fn table(&self, provider: &dyn AnyProvider, options: &Options) -> Option<Arc<Table>> {
        self.document(provider, options).ok().map(|document| self.run.table(provider, &document))
    }

    /// What the run exercised of what the documents promise.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        self.run.report(&self.tables(&self.sandboxes.start().slots))
    }

    /// What a sandbox exercised.
    pub(crate) fn coverage_of(&self, sandbox: &Sandbox) -> Coverage {
        self.run.report_of(sandbox.name().as_str(), sandbox.coverage(), &self.tables(sandbox.slots()))
    }

    /// The cells of the documents that are in force in slots.
    fn tables(&self, slots: &[Arc<dyn Slot>]) -> Vec<Arc<Table>> {
        slots.iter().filter_map(|slot| self.table(slot.provider(), &slot.options())).collect()
    }

    /// Who refuses a provider's operations in its words under these options.
    ///
    /// # Errors
    ///
    /// The provider's text is no JSON.
    pub fn refuser<'a>(
        &self,
        provider: &'a dyn AnyProvider,
        options: &'a Options,
    ) -> Result<Refuser<'a>, DocumentError> {
        let document = self.document(provider, options)?;
        Ok(Refuser { provider, options, document, max_body: self.serving.max_body })
    }

    /// Who lets go of worlds, states and snapshots that were replaced.
    #[cfg_attr(not(feature = "server"), expect(dead_code, reason = "only a server has a thread for it"))]
    pub(crate) fn discards(&self) -> &Discards {
        &self.discards
    }

    /// Who may use the control API.
    pub(crate) fn guard(&self) -> &Guard {
        &self.guard
    }

    /// The header fields in which a credential may name a sandbox.
    pub(crate) fn credential_headers(&self) -> &[Name] {
        &self.credential_headers
    }

    pub(crate) fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref()
    }
}
