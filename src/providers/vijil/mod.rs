//! Vijil Console: its personas, and the sign-in that its published clients need.
//!
//! A FastAPI service. Paths, bodies and schemas follow the vendor's published OpenAPI document; what
//! it answers to a wrong request follows FastAPI 0.128.0 with pydantic 2.12.5 on Python 3.11,
//! measured (`tools/record/vijil`, `tests/recordings/vijil.jsonl`). `docs/providers/vijil.md` names
//! the source of every fact, the guesses and the known gaps.

mod access;
mod accounts;
mod auth;
mod claims;
mod directory;
mod document;
mod error;
mod fixture;
mod generate;
mod health;
mod hints;
mod jwt;
mod persona;
mod personas;
mod query;
mod reading;
mod records;
mod routes;
mod rules;
mod state;
mod wire;

use jiff::Timestamp;
use serde_json::Value;

use crate::api::ProviderCredentials;
use crate::provider::generate::Generators;
use crate::provider::records::Records;
use crate::provider::{
    AuthMode, Descriptor, Loading, Matched, Options, Provider, Refusal, Request, Response, Route, Routed, Sample,
    Setting, TrackedOptions,
};
use crate::world::fixture::ready_made;
use error::VijilError;
use fixture::Fixture;
use state::State;

/// The provider.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vijil;

impl Provider for Vijil {
    type State = State;
    type Fixture = Fixture;
    type Error = VijilError;

    fn descriptor(&self) -> Descriptor {
        Descriptor {
            id: "vijil".into(),
            title: "Vijil".into(),
            mounts: routes::mounts(),
            settings: vec![Setting::new(
                routes::UNPREFIXED.0,
                &["off", routes::UNPREFIXED.1],
                "Also serve every path without `/v1`, as some of the vendor's guides write it.",
            )],
            credentials: vec!["authorization".into()],
            rate_limit: None,
            fixture: include_str!("../../../fixtures/vijil.json").into(),
            document: include_str!("openapi.json").into(),
        }
    }

    fn routes(&self) -> &[Route<State, VijilError>] {
        &routes::ROUTES
    }

    fn load(&self, fixture: Fixture, loading: &mut Loading<'_>) -> State {
        State::load(fixture, loading)
    }

    fn export(&self, state: &State) -> Fixture {
        state.export()
    }

    fn generators(&self, embedded: &Fixture) -> Generators {
        generate::generators(embedded)
    }

    fn fixture_schema() -> Value {
        ready_made::<Fixture>()
    }

    fn drop_shared(&self, one: &mut Self::State, other: &mut Self::State) {
        one.drop_shared(other);
    }

    fn records(&self) -> &'static [Records<State>] {
        &records::LISTS
    }

    fn route<'r>(&'r self, request: &Request<'r>, _options: &Options) -> Routed<Matched<'r, State, VijilError>> {
        routes::find(request)
    }

    fn refuse(&self, refusal: &Refusal, request: &Request<'_>, options: &Options) -> Response {
        error::refuse(refusal, request, options)
    }

    fn credentials(&self, state: &State, options: &Options, now: Timestamp) -> ProviderCredentials {
        auth::listing(state, options.auth, now)
    }

    fn lists(&self, state: &State, credential: &str) -> bool {
        state.directory.tokens.names(credential) || state.directory.api_keys.names(credential)
    }

    fn sample(&self, state: &State, options: &Options) -> Option<Sample> {
        let user = state.directory.users.first()?;
        let team = state.directory.own_memberships(user.id).next()?.team_id;
        let listed = state.directory.tokens.iter().find(|token| token.user_id == user.id && token.expires.is_none());
        let token = match (options.auth, listed) {
            (AuthMode::Strict, listed) => listed?.token.as_str(),
            (AuthMode::Any | AuthMode::Off, Some(listed)) => listed.token.as_str(),
            (AuthMode::Any | AuthMode::Off, None) => "any-token",
        };
        Some(Sample {
            method: "GET".into(),
            target: format!("/v1/personas/?team_id={team}&limit=1"),
            headers: vec![("Authorization".into(), format!("Bearer {token}"))],
            body: None,
        })
    }

    fn named_sandbox(&self, request: &Request<'_>) -> Option<String> {
        if routes::signs_in(request) { accounts::named_sandbox(request.body) } else { auth::sandbox(request) }
    }

    fn adapt_document(&self, document: &mut serde_json::Value, options: &TrackedOptions<'_>) {
        document::adapt(document, options);
    }
}
