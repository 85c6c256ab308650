//! What Axero answers of personas.

use std::sync::Arc;

use super::envelope::{around, succeeded};
use crate::dialects::json_net;
use crate::provider::entity::Shown;
use crate::provider::kept::{Pieces, Texts};
use crate::provider::{Call, Response};
use crate::providers::axero::entities::Persona;
use crate::providers::axero::state::Site;
use crate::providers::axero::view::View;

/// The JSON of the personas that were shown last.
static SHOWN: Texts<Persona> = Texts::new();

/// A persona that was added or changed.
pub(crate) fn saved(call: &Call<'_, Site>, persona: &Arc<Persona>) -> Response {
    one(call, &call.read(), CHANGED, persona)
}

/// A persona that was asked for.
pub(crate) fn found(call: &Call<'_, Site>, site: &Site, persona: &Arc<Persona>) -> Response {
    one(call, site, READ, persona)
}

/// A page of personas.
pub(crate) fn listed(call: &Call<'_, Site>, site: &Site, page: &[&Arc<Persona>]) -> Response {
    let texts: Vec<_> = page.iter().map(|persona| text(persona)).collect();
    let bytes: usize = texts.iter().map(|text| text.text().len() + MOVING).sum();
    let mut view = view(call, site);
    around(READ, Some(site.count()), bytes, |body| {
        body.push("[");
        for (number, (persona, text)) in page.iter().zip(&texts).enumerate() {
            if number > 0 {
                body.push_sign(b',');
            }
            body.push_record(text, |body, gap| view.fill(body, persona, gap));
        }
        body.push("]");
    })
}

/// A persona that was deleted.
pub(crate) fn deleted() -> Response {
    succeeded(CHANGED, true)
}

/// Axero's text for a change, which is also what its own interface shows after a save.
const CHANGED: &str = "Changes saved successfully";

/// The text on reads is not known.
const READ: &str = "";

/// About how much moves in a persona.
const MOVING: usize = 192;

fn one(call: &Call<'_, Site>, site: &Site, message: &str, persona: &Arc<Persona>) -> Response {
    let text = text(persona);
    let mut view = view(call, site);
    around(message, None, text.text().len() + MOVING, |body| {
        body.push_record(&text, |body, gap| view.fill(body, persona, gap));
    })
}

fn text(persona: &Arc<Persona>) -> Arc<Pieces> {
    SHOWN.get(persona, || Pieces::of_written(json_net::written(&Shown(&**persona, &()))))
}

fn view<'a>(call: &Call<'a, Site>, site: &'a Site) -> View<'a> {
    View::of(site.directory(), &call.request.base_url(), call.now)
}
