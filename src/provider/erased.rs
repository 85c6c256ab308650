//! A provider with its types erased, as the server and the control API hold it.

use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::provider::{
    Call, Descriptor, Operation, Options, Provider, RateLimit, Refusal, Request, Response, Routed, Sample,
    TrackedOptions,
};
use crate::world::fixture::{self, FixtureError, Loading};
use crate::world::sandbox::View;
use crate::world::state::Root;

/// A provider in the registry.
pub type Registered = &'static dyn AnyProvider;

/// What the server asks of any provider.
pub trait AnyProvider: Send + Sync {
    /// Who this is and what it serves.
    fn descriptor(&self) -> &'static Descriptor;

    /// Loads a fixture file.
    ///
    /// # Errors
    ///
    /// Every fault of the file.
    fn load(&self, file: &str, text: &str, now: jiff::Timestamp) -> Result<Loaded, Vec<FixtureError>>;

    /// The text of the fixture file that loads to a state equal to this one, naming `schema`.
    ///
    /// # Errors
    ///
    /// A state that has no JSON form, which no provider's has.
    fn export(&self, state: &Root, schema: Option<&str>) -> Result<String, serde_json::Error>;

    /// Whether two states are equal.
    fn equal(&self, one: &Root, other: &Root) -> bool;

    /// The JSON Schema of the fixture file.
    fn fixture_schema(&self) -> Value;

    /// Which operation a request means.
    fn route<'r>(&self, request: &Request<'r>, options: &Options) -> Routed<'r>;

    /// Answers an operation on what a request sees of a sandbox.
    fn handle(&self, request: Request<'_>, operation: &'static Operation, params: &[&str], view: &View<'_>)
    -> Response;

    /// Phrases what never reached an operation.
    fn refuse(&self, refusal: &Refusal, request: &Request<'_>, options: &Options) -> Response;

    /// A request that answers 200 on this state.
    fn sample(&self, state: &Root, options: &Options) -> Option<Sample>;

    /// The header fields in which a credential of this vendor comes, in lower case.
    fn credential_headers(&self) -> &'static [&'static str];

    /// The sandbox that a request's credential names in a way only the vendor knows.
    fn named_sandbox(&self, request: &Request<'_>) -> Option<String>;

    /// How many requests the vendor's documents let a caller make, where they name a number.
    fn rate_limit(&self) -> Option<RateLimit>;

    /// Changes the document as the settings in force demand.
    fn adapt_document(&self, document: &mut Value, options: &TrackedOptions<'_>);
}

/// A loaded fixture.
pub struct Loaded {
    /// The state.
    pub root: Root,
    /// The `$schema` that the file named.
    pub schema: Option<String>,
    /// What loads and is hardly meant.
    pub warnings: Vec<FixtureError>,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loaded").field("schema", &self.schema).finish_non_exhaustive()
    }
}

/// A fixture file as it is written: `$schema` first.
#[derive(Serialize)]
struct Exported<'a, F> {
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    schema: Option<&'a str>,
    #[serde(flatten)]
    fixture: Option<F>,
}

/// The registry's entry for a provider.
#[must_use]
pub const fn register<P: Provider>() -> Registered {
    &Erased::<P>(PhantomData)
}

struct Erased<P>(PhantomData<fn() -> P>);

impl<P: Provider> AnyProvider for Erased<P> {
    fn descriptor(&self) -> &'static Descriptor {
        P::descriptor()
    }

    fn load(&self, file: &str, text: &str, now: jiff::Timestamp) -> Result<Loaded, Vec<FixtureError>> {
        let parsed = fixture::read::<P::Fixture>(file, text)?;
        let mut loading = Loading::new(file, now);
        let state = P::load(parsed.fixture, &mut loading);
        let warnings = loading.finish()?;
        Ok(Loaded { root: Arc::new(state), schema: parsed.schema, warnings })
    }

    fn export(&self, state: &Root, schema: Option<&str>) -> Result<String, serde_json::Error> {
        let exported = state.downcast_ref::<P::State>().map(P::export);
        let mut text = serde_json::to_string_pretty(&Exported { schema, fixture: exported })?;
        text.push('\n');
        Ok(text)
    }

    fn equal(&self, one: &Root, other: &Root) -> bool {
        match (one.downcast_ref::<P::State>(), other.downcast_ref::<P::State>()) {
            (Some(one), Some(other)) => one == other,
            _ => false,
        }
    }

    fn fixture_schema(&self) -> Value {
        fixture::schema::<P::Fixture>()
    }

    fn route<'r>(&self, request: &Request<'r>, options: &Options) -> Routed<'r> {
        P::route(request, options)
    }

    fn handle(
        &self,
        request: Request<'_>,
        operation: &'static Operation,
        params: &[&str],
        view: &View<'_>,
    ) -> Response {
        P::handle(&Call::<P::State>::new(request, operation, params, view))
    }

    fn refuse(&self, refusal: &Refusal, request: &Request<'_>, options: &Options) -> Response {
        P::refuse(refusal, request, options)
    }

    fn sample(&self, state: &Root, options: &Options) -> Option<Sample> {
        P::sample(state.downcast_ref::<P::State>()?, options)
    }

    fn credential_headers(&self) -> &'static [&'static str] {
        P::credential_headers()
    }

    fn named_sandbox(&self, request: &Request<'_>) -> Option<String> {
        P::named_sandbox(request)
    }

    fn rate_limit(&self) -> Option<RateLimit> {
        P::rate_limit()
    }

    fn adapt_document(&self, document: &mut Value, options: &TrackedOptions<'_>) {
        P::adapt_document(document, options);
    }
}
