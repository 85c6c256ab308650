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
mod personas;
mod routes;
mod rules;
mod state;
mod verbatim;
mod wire;

#[cfg(test)]
mod state_tests;

use crate::dialects::zod::Version;
use crate::provider::{
    AuthMode, Call, Descriptor, Loading, Mount, Options, Provider, RateLimit, Refusal, Request, Response, Routed,
    Sample, Setting, TrackedOptions,
};

/// The CRUD persona provider.
#[derive(Debug)]
pub(super) struct Crud;

static DESCRIPTOR: Descriptor = Descriptor {
    id: "crud",
    title: "CRUD personas (VibeMap)",
    mounts: &[Mount::at("/crud"), Mount::at("/api/crud")],
    operations: &routes::OPERATIONS,
    settings: &[
        Setting {
            key: wire::ENVELOPE,
            values: &["resource", "data", "bare"],
            summary: "what a list and a single persona are wrapped in",
        },
        Setting {
            key: wire::COLUMNS,
            values: &["documented", "row"],
            summary: "which columns of a persona are answered: the twelve of the page, or all that the row has",
        },
        Setting {
            key: wire::DELETE,
            values: &["200", "204"],
            summary: "how the delete of one persona is answered: with a body, or without",
        },
        Setting {
            key: rules::ZOD,
            values: &Version::NAMES,
            summary: "which version of Zod validates: its texts, the UUIDs and the query numbers that it takes",
        },
    ],
    fixture: include_str!("../../../fixtures/crud.json"),
    document: include_str!("openapi.json"),
};

impl Provider for Crud {
    type State = state::State;
    type Fixture = fixture::Fixture;

    fn descriptor() -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn load(fixture: Self::Fixture, loading: &mut Loading<'_>) -> Self::State {
        fixture::load(fixture, loading)
    }

    fn export(state: &Self::State) -> Self::Fixture {
        fixture::export(state)
    }

    fn route<'r>(request: &Request<'r>, _options: &Options) -> Routed<'r> {
        routes::route(request)
    }

    fn handle(call: &Call<'_, Self::State>) -> Response {
        routes::handle(call).unwrap_or_else(|error| error.response(call.operation))
    }

    fn refuse(refusal: &Refusal, request: &Request<'_>, _options: &Options) -> Response {
        error::refuse(refusal, request)
    }

    /// "Above 100 requests a minute contact support": the only number that is given, and not strictly enforced.
    fn rate_limit() -> Option<RateLimit> {
        Some(RateLimit::a_minute(100))
    }

    fn adapt_document(document: &mut serde_json::Value, options: &TrackedOptions<'_>) {
        document::adapt(document, options);
    }

    fn sample(state: &Self::State, options: &Options) -> Option<Sample> {
        let token = match options.auth {
            AuthMode::Off => None,
            AuthMode::Any => Some("vm_anything"),
            AuthMode::Strict => Some(state.lasting_token()?),
        };
        let headers = token.map(|token| ("Authorization", format!("Bearer {token}"))).into_iter().collect();
        Some(Sample { method: "GET", target: format!("{}?limit=1", routes::PERSONAS), headers, body: None })
    }
}
