//! Axero's persona API: `/api/personas`.
//!
//! Emulated: adding and updating personas as Axero's two pages show them, in the envelope that every
//! answer wears; ASP.NET Web API's reading of addresses, media types and JSON, and its default texts
//! outside the envelope. Reading, listing and deleting are extensions in the vendor's manner.
//!
//! Sources: Axero's pages on adding and updating a persona and on tokens, what published clients send
//! and look at, and measurements of the framework. `docs/providers/axero.md` has each fact with its
//! provenance, and the known gaps.

mod auth;
mod directory;
mod entities;
mod error;
mod fixture;
mod generate;
mod moving;
mod personas;
mod records;
mod routes;
mod rules;
mod state;
mod view;
mod wire;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::api::ProviderCredentials;
use crate::provider::generate::Generators;
use crate::provider::records::Records;
use crate::provider::{
    Descriptor, Loading, Matched, Options, Provider, Refusal, Request, Response, Route, Routed, Sample, Setting,
};
use crate::world::fixture::ready_made;

use error::VendorError;
pub(super) use fixture::AxeroFixture;
pub(super) use state::Site;

/// The provider.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axero;

impl Provider for Axero {
    type State = Site;
    type Fixture = AxeroFixture;
    type Error = VendorError;

    fn descriptor(&self) -> Descriptor {
        Descriptor {
            id: "axero".into(),
            title: "Axero".into(),
            mounts: routes::mounts(),
            settings: vec![Setting::new(
                error::STATUS_SETTING,
                &["200", "400"],
                "The HTTP status of an envelope whose IsError is true.",
            )],
            credentials: vec!["authorization".into(), auth::LEGACY_KEY.into()],
            rate_limit: None,
            fixture: include_str!("../../../fixtures/axero.json").into(),
            document: include_str!("openapi.json").into(),
        }
    }

    fn routes(&self) -> &[Route<Site, VendorError>] {
        &routes::ROUTES
    }

    fn load(&self, fixture: AxeroFixture, loading: &mut Loading<'_>) -> Site {
        fixture.load(loading)
    }

    fn export(&self, state: &Site) -> AxeroFixture {
        AxeroFixture::of(state)
    }

    fn generators(&self, embedded: &AxeroFixture) -> Generators {
        generate::generators(embedded)
    }

    fn fixture_schema() -> Value {
        ready_made::<AxeroFixture>()
    }

    fn drop_shared(&self, one: &mut Self::State, other: &mut Self::State) {
        one.drop_shared(other);
    }

    fn records(&self) -> &'static [Records<Self::State>] {
        &records::LISTS
    }

    fn route<'r>(&'r self, request: &Request<'r>, options: &Options) -> Routed<Matched<'r, Site, VendorError>> {
        routes::find(request, options)
    }

    fn refuse(&self, refusal: &Refusal, request: &Request<'_>, _options: &Options) -> Response {
        error::refuse(refusal, request)
    }

    fn credentials(&self, state: &Site, options: &Options, now: Timestamp) -> ProviderCredentials {
        auth::listing(state, options.auth, now)
    }

    fn lists(&self, state: &Site, credential: &str) -> bool {
        let directory = state.directory();
        directory.tokens.names(credential) || directory.legacy_keys.names(credential)
    }

    fn sample(&self, state: &Site, options: &Options) -> Option<Sample> {
        let persona = state.personas().next();
        let (method, target, body) = match persona {
            Some(persona) if options.documented_only => {
                let body = json!({ wire::NAME: persona.name }).to_string();
                ("PUT", routes::persona_path(persona.id), Some(body))
            }
            _ if options.documented_only => {
                ("POST", routes::PERSONAS.to_owned(), Some(json!({ wire::NAME: "First" }).to_string()))
            }
            Some(persona) => ("GET", routes::persona_path(persona.id), None),
            None => ("GET", routes::PERSONAS.to_owned(), None),
        };
        let token = state.directory().lasting_tokens().next().unwrap_or("YOUR_TOKEN");
        Some(Sample {
            method: method.into(),
            target,
            headers: vec![("Authorization".into(), format!("Bearer {token}"))],
            body,
        })
    }
}
