//! CRUD personas: the persona API of VibeMap, a tool for product specifications.
//!
//! Emulated: list, get, create, update and delete of personas, and the three batch forms, all on one
//! path at two mounts, behind a Zod-validated Next.js route handler.
//!
//! Sources: the vendor's API reference (fields, parameters, methods, statuses, error body) and its own
//! client (bare objects, snake case, further columns). The reference shows no bodies, so envelopes,
//! texts and the batch answer are inferred; `docs/providers/crud.md` says which, and why.
//!
//! Known gap: the sibling resources (projects, features, user stories, …) are not served.

mod auth;
mod batch;
mod caller;
mod document;
mod error;
mod fixture;
mod generate;
mod persona;
mod personas;
mod printed;
mod reading;
mod records;
mod routes;
mod rules;
mod state;
mod verbatim;
mod wire;

#[cfg(test)]
mod state_tests;
#[cfg(test)]
mod unread_tests;

use jiff::Timestamp;
use serde_json::Value;

use crate::api::ProviderCredentials;
use crate::dialects::zod::Version;
use crate::provider::generate::Generators;
use crate::provider::records::Records;
use crate::provider::{
    AuthMode, Descriptor, Loading, Matched, Mount, Options, Provider, RateLimit, Refusal, Request, Response, Route,
    Routed, Sample, Setting, TrackedOptions,
};
use crate::world::fixture::ready_made;

/// The CRUD persona provider.
#[derive(Debug)]
pub(super) struct Crud;

impl Provider for Crud {
    type State = state::State;
    type Fixture = fixture::Fixture;
    type Error = error::VendorError;

    fn descriptor(&self) -> Descriptor {
        Descriptor {
            id: "crud".into(),
            title: "CRUD personas (VibeMap)".into(),
            mounts: vec![Mount::at("/crud"), Mount::at("/api/crud")],
            settings: vec![
                Setting::new(
                    wire::ENVELOPE,
                    &["resource", "data", "bare"],
                    "what a list and a single persona are wrapped in",
                ),
                Setting::new(
                    wire::COLUMNS,
                    &["documented", "row"],
                    "which columns of a persona are answered: the twelve of the page, or all that the row has",
                ),
                Setting::new(
                    wire::DELETE,
                    &["200", "204"],
                    "how the delete of one persona is answered: with a body, or without",
                ),
                Setting::new(
                    rules::ZOD,
                    &Version::NAMES,
                    "which version of Zod validates: its texts, the UUIDs and the query numbers that it takes",
                ),
            ],
            credentials: vec!["authorization".into()],
            // "Above 100 requests a minute contact support": the only number that is given, and not strictly enforced.
            rate_limit: Some(RateLimit::a_minute(100)),
            fixture: include_str!("../../../fixtures/crud.json").into(),
            document: include_str!("openapi.json").into(),
        }
    }

    fn routes(&self) -> &[Route<Self::State, Self::Error>] {
        &routes::ROUTES
    }

    fn load(&self, fixture: Self::Fixture, loading: &mut Loading<'_>) -> Self::State {
        fixture::load(fixture, loading)
    }

    fn export(&self, state: &Self::State) -> Self::Fixture {
        fixture::export(state)
    }

    fn generators(&self, embedded: &Self::Fixture) -> Generators {
        generate::generators(embedded)
    }

    fn fixture_schema() -> Value {
        ready_made::<fixture::Fixture>()
    }

    fn drop_shared(&self, one: &mut Self::State, other: &mut Self::State) {
        one.drop_shared(other);
    }

    fn records(&self) -> &'static [Records<Self::State>] {
        &records::LISTS
    }

    fn route<'r>(&'r self, request: &Request<'r>, _options: &Options) -> Routed<Matched<'r, Self::State, Self::Error>> {
        routes::find(request)
    }

    fn refuse(&self, refusal: &Refusal, request: &Request<'_>, options: &Options) -> Response {
        error::refuse(refusal, request, options)
    }

    fn adapt_document(&self, document: &mut serde_json::Value, options: &TrackedOptions<'_>) {
        document::adapt(document, options);
    }

    fn credentials(&self, state: &Self::State, options: &Options, now: Timestamp) -> ProviderCredentials {
        auth::listing(state, options.auth, now)
    }

    fn lists(&self, state: &Self::State, credential: &str) -> bool {
        state.lists(credential)
    }

    fn sample(&self, state: &Self::State, options: &Options) -> Option<Sample> {
        let token = match options.auth {
            AuthMode::Off => None,
            AuthMode::Any => Some("vm_anything"),
            AuthMode::Strict => Some(state.lasting_token()?),
        };
        let headers = token.map(|token| ("Authorization".into(), format!("Bearer {token}"))).into_iter().collect();
        Some(Sample { method: "GET".into(), target: format!("{}?limit=1", routes::PERSONAS), headers, body: None })
    }
}
