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
mod personas;
mod routes;
mod rules;
mod state;
mod view;
mod wire;

use serde_json::json;

use crate::provider::{
    Descriptor, Loading, Matched, Options, Provider, Refusal, Request, Response, Route, Routed, Sample, Setting,
};

use error::VendorError;
pub(super) use fixture::AxeroFixture;
pub(super) use state::Site;

/// The provider.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axero;

static DESCRIPTOR: Descriptor = Descriptor {
    id: "axero",
    title: "Axero",
    mounts: routes::MOUNTS,
    settings: &[Setting {
        key: error::STATUS_SETTING,
        values: &["200", "400"],
        summary: "The HTTP status of an envelope whose IsError is true.",
    }],
    fixture: include_str!("../../../fixtures/axero.json"),
    document: include_str!("openapi.json"),
};

impl Provider for Axero {
    type State = Site;
    type Fixture = AxeroFixture;
    type Error = VendorError;

    fn descriptor() -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn routes() -> &'static [Route<Site, VendorError>] {
        &routes::ROUTES
    }

    fn load(fixture: AxeroFixture, loading: &mut Loading<'_>) -> Site {
        fixture.load(loading)
    }

    fn export(state: &Site) -> AxeroFixture {
        AxeroFixture::of(state)
    }

    fn route<'r>(request: &Request<'r>, options: &Options) -> Routed<Matched<'r, Site, VendorError>> {
        routes::find(request, options)
    }

    fn refuse(refusal: &Refusal, request: &Request<'_>, _options: &Options) -> Response {
        error::refuse(refusal, request)
    }

    fn sample(state: &Site, options: &Options) -> Option<Sample> {
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
        let token = state.directory().lasting_token().unwrap_or("YOUR_TOKEN");
        Some(Sample { method, target, headers: vec![("Authorization", format!("Bearer {token}"))], body })
    }

    fn credential_headers() -> &'static [&'static str] {
        &["authorization", auth::LEGACY_KEY]
    }
}
