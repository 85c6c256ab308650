//! Equals Money: people and their personas.
//!
//! Emulated are the two documented persona operations and the operations on people and roles that
//! make, show and invite personas. A persona is created by `POST /v2/people`, read inside
//! `GET /v2/people` and taken out of use by the status `deactivated`: the vendor documents no other
//! way, and neither has the mock one.
//!
//! Sources and every guess stand in `docs/providers/equals-money.md` and, in place, as
//! `x-provenance` in `openapi.yaml`.
//!
//! Known gaps: the vendor documents no error body, no framework and no limit of its rates; the
//! address, team and budget operations are left out, their records come from the fixture.

mod auth;
mod error;
mod filter;
mod fixture;
mod generate;
mod model;
mod people;
mod personas;
#[cfg(test)]
mod properties;
mod records;
mod roles;
mod routes;
mod rules;
mod state;
#[cfg(test)]
mod unread_tests;
mod wire;
mod words;

use jiff::Timestamp;
use serde_json::Value;

use crate::api::ProviderCredentials;
use crate::provider::generate::Generators;
use crate::provider::records::Records;
use crate::provider::{
    AuthMode, Descriptor, Loading, Matched, Mount, Options, Provider, Refusal, Request, Response, Route, Routed,
    Sample, Setting,
};
use crate::world::fixture::ready_made;

use error::VendorError;
pub(super) use fixture::Fixture;
pub(super) use state::State;

/// The vendor.
#[derive(Debug)]
pub(super) struct EqualsMoney;

impl Provider for EqualsMoney {
    type State = State;
    type Fixture = Fixture;
    type Error = VendorError;

    fn descriptor(&self) -> Descriptor {
        Descriptor {
            id: "equals_money".into(),
            title: "Equals Money".into(),
            mounts: vec![Mount::at(routes::MOUNT)],
            settings: vec![Setting::new(
                "invalid_status",
                &["400", "422"],
                "The status of every rejected body or query value; malformed JSON and business rules stay 400",
            )],
            credentials: vec!["authorization".into()],
            rate_limit: None,
            fixture: include_str!("../../../fixtures/equals_money.json").into(),
            document: include_str!("openapi.json").into(),
        }
    }

    fn routes(&self) -> &[Route<State, VendorError>] {
        &routes::ROUTES
    }

    fn load(&self, fixture: Fixture, loading: &mut Loading<'_>) -> State {
        fixture::load(fixture, loading)
    }

    fn export(&self, state: &State) -> Fixture {
        fixture::export(state)
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

    fn records(&self) -> &'static [Records<Self::State>] {
        &records::LISTS
    }

    fn route<'r>(&'r self, request: &Request<'r>, options: &Options) -> Routed<Matched<'r, State, VendorError>> {
        routes::find(request, options)
    }

    fn refuse(&self, refusal: &Refusal, request: &Request<'_>, _options: &Options) -> Response {
        error::refuse(refusal, request.method, request.path)
    }

    fn credentials(&self, state: &State, options: &Options, now: Timestamp) -> ProviderCredentials {
        auth::listing(state, options.auth, now)
    }

    fn lists(&self, state: &State, credential: &str) -> bool {
        wire::uuid(credential).is_some_and(|key| state.directory.keys.contains(&key))
    }

    fn sample(&self, state: &State, options: &Options) -> Option<Sample> {
        let key = state.directory.keys.iter().find(|key| key.expires.is_none())?;
        let account =
            key.account_ids.first().or_else(|| state.directory.accounts.first().map(|account| &account.id))?;
        let headers = match options.auth {
            AuthMode::Off => Vec::new(),
            AuthMode::Any | AuthMode::Strict => vec![("Authorization".into(), format!("ApiKey {}", key.key))],
        };
        Some(Sample { method: "GET".into(), target: routes::list_people(account), headers, body: None })
    }
}
