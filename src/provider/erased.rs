//! A provider whatever the type of its state, as the server and the control API hold it.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::generate::{self, Generation};
use super::slot::{Slot, TypedSlot};
use super::{Descriptor, Operation, Options, Provider, Refusal, Request, Response, TrackedOptions};
use crate::world::fixture::{self, FixtureError, Loading};
use crate::world::wanted::{self, Unwritten};

/// A provider in the registry, as [`register`] makes it. It is no trait for other crates to implement: they implement
/// [`Provider`].
pub type Registered = Arc<dyn AnyProvider>;

/// What the server asks of any provider.
pub trait AnyProvider: Send + Sync {
    /// Who this is and what it serves.
    fn descriptor(&self) -> &Descriptor;

    /// Every operation, in the order of the vendor's document.
    fn operations(&self) -> Vec<&Operation>;

    /// A slot for a server that starts now at a fixture file.
    ///
    /// # Errors
    ///
    /// Every fault of the file.
    fn slot(
        self: Arc<Self>,
        file: &str,
        text: Cow<'_, str>,
        now: Timestamp,
        options: Arc<Options>,
    ) -> Result<Arc<dyn Slot>, Vec<FixtureError>>;

    /// The same at the embedded fixture.
    ///
    /// # Errors
    ///
    /// Every fault of the file.
    fn embedded_slot(
        self: Arc<Self>,
        now: Timestamp,
        options: Arc<Options>,
    ) -> Result<Arc<dyn Slot>, Vec<FixtureError>>;

    /// What loads of a fixture file and is hardly meant, where it is served under these options.
    ///
    /// # Errors
    ///
    /// Every fault of the file.
    fn check(
        &self,
        file: &str,
        text: Cow<'_, str>,
        now: Timestamp,
        options: Arc<Options>,
    ) -> Result<Vec<FixtureError>, Vec<FixtureError>>;

    /// The JSON Schema of the fixture file.
    fn fixture_schema(&self) -> Value;

    /// Writes the embedded fixture with further rows.
    ///
    /// # Errors
    ///
    /// What the writer says.
    fn generate(&self, asked: &Generation, out: &mut dyn Write) -> io::Result<()>;

    /// Phrases what never reached an operation.
    fn refuse(&self, refusal: &Refusal, request: &Request<'_>, options: &Options) -> Response;

    /// The sandbox that a request's credential names in a way only the vendor knows.
    fn named_sandbox(&self, request: &Request<'_>) -> Option<String>;

    /// Changes the document as the settings in force demand.
    fn adapt_document(&self, document: &mut Value, options: &TrackedOptions<'_>);
}

/// A loaded fixture.
pub(super) struct Loaded<S> {
    pub(super) state: S,
    /// How many bytes its text has.
    pub(super) size: u64,
    /// The `$schema` that the file named.
    pub(super) schema: Option<String>,
    /// What loads and is hardly meant.
    pub(super) warnings: Vec<FixtureError>,
}

/// How many warnings of one file are logged.
const LOGGED: usize = 5;

impl<S> Loaded<S> {
    /// Says in the log what is hardly meant: who serves a file may never have checked it.
    pub(super) fn logged(self) -> Self {
        let (first, rest) = self.warnings.split_at(self.warnings.len().min(LOGGED));
        for warning in first {
            tracing::warn!("a fixture loads, but holds what is hardly meant: {warning}");
        }
        if let Some(one) = rest.first() {
            let (file, many) = (&one.file, FixtureError::count(rest));
            tracing::warn!(
                "{file}: warnings like these that are not written here: {many}; `persona-mock check DIR` tells those of files"
            );
        }
        self
    }
}

/// A fixture file as it is written: `$schema` first.
#[derive(Serialize)]
struct Exported<'a, F> {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
    #[serde(flatten)]
    fixture: F,
}

/// The registry's entry for a provider.
#[must_use]
pub fn register<P: Provider>(provider: P) -> Registered {
    Arc::new(Typed { descriptor: provider.descriptor(), provider })
}

/// A provider with what it says of itself.
pub(super) struct Typed<P> {
    provider: P,
    descriptor: Descriptor,
}

impl<P: Provider> Typed<P> {
    pub(super) fn vendor(&self) -> &P {
        &self.provider
    }

    /// What a fixture file states. Its text is let go of before its rows become a state.
    pub(super) fn load(
        &self,
        file: &str,
        text: Cow<'_, str>,
        now: Timestamp,
        options: Arc<Options>,
    ) -> Result<Loaded<P::State>, Vec<FixtureError>> {
        let size = u64::try_from(text.len()).unwrap_or(u64::MAX);
        let parsed = fixture::read::<P::Fixture>(file, text, now, P::fixture_schema)?;
        let mut loading = Loading::new(file, now).under(options);
        let state = self.provider.load(parsed.fixture, &mut loading);
        if let Some(progress) = fixture::progress::present() {
            progress.end();
        }
        let warnings = loading.finish()?;
        Ok(Loaded { state, size, schema: parsed.schema, warnings })
    }

    /// What the embedded fixture states.
    pub(super) fn load_embedded(
        &self,
        now: Timestamp,
        options: Arc<Options>,
    ) -> Result<Loaded<P::State>, Vec<FixtureError>> {
        let Descriptor { id, fixture, .. } = &self.descriptor;
        self.load(&format!("{id}.json"), Cow::Borrowed(fixture), now, options)
    }

    /// The text of the fixture file that loads to an equal state.
    pub(super) fn export(&self, state: &P::State, schema: Option<&str>, most: usize) -> Result<String, Unwritten> {
        let fixture = self.provider.export(state);
        wanted::pretty(&Exported { schema, fixture }, most)
    }
}

impl<P: Provider> AnyProvider for Typed<P> {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }

    fn operations(&self) -> Vec<&Operation> {
        self.provider.routes().iter().map(|route| &route.operation).collect()
    }

    fn slot(
        self: Arc<Self>,
        file: &str,
        text: Cow<'_, str>,
        now: Timestamp,
        options: Arc<Options>,
    ) -> Result<Arc<dyn Slot>, Vec<FixtureError>> {
        let loaded = self.load(file, text, now, options.clone())?.logged();
        Ok(TypedSlot::first(self, loaded, false, options))
    }

    fn embedded_slot(
        self: Arc<Self>,
        now: Timestamp,
        options: Arc<Options>,
    ) -> Result<Arc<dyn Slot>, Vec<FixtureError>> {
        let loaded = self.load_embedded(now, options.clone())?.logged();
        Ok(TypedSlot::first(self, loaded, true, options))
    }

    fn check(
        &self,
        file: &str,
        text: Cow<'_, str>,
        now: Timestamp,
        options: Arc<Options>,
    ) -> Result<Vec<FixtureError>, Vec<FixtureError>> {
        self.load(file, text, now, options).map(|loaded| loaded.warnings)
    }

    fn fixture_schema(&self) -> Value {
        P::fixture_schema()
    }

    fn generate(&self, asked: &Generation, out: &mut dyn Write) -> io::Result<()> {
        generate::write(&self.provider, &self.descriptor, asked, out)
    }

    fn refuse(&self, refusal: &Refusal, request: &Request<'_>, options: &Options) -> Response {
        self.provider.refuse(refusal, request, options)
    }

    fn named_sandbox(&self, request: &Request<'_>) -> Option<String> {
        self.provider.named_sandbox(request)
    }

    fn adapt_document(&self, document: &mut Value, options: &TrackedOptions<'_>) {
        self.provider.adapt_document(document, options);
    }
}
