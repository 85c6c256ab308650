//! What Axero answers of personas.

use std::sync::Arc;

use super::envelope::succeeded;
use crate::provider::entity::Shown;
use crate::provider::{Call, Response};
use crate::providers::axero::entities::Persona;
use crate::providers::axero::state::Site;
use crate::providers::axero::view::View;

/// A persona that was added or changed.
pub(crate) fn saved(call: &Call<'_, Site>, persona: &Persona) -> Response {
    succeeded(CHANGED, Shown(persona, &view(call, &call.read())), None)
}

/// A persona that was asked for.
pub(crate) fn found(call: &Call<'_, Site>, site: &Site, persona: &Persona) -> Response {
    succeeded(READ, Shown(persona, &view(call, site)), None)
}

/// A page of personas.
pub(crate) fn listed(call: &Call<'_, Site>, site: &Site, page: &[&Arc<Persona>]) -> Response {
    let view = view(call, site);
    let personas: Vec<_> = page.iter().map(|persona| Shown(persona.as_ref(), &view)).collect();
    succeeded(READ, personas, Some(site.count()))
}

/// A persona that was deleted.
pub(crate) fn deleted() -> Response {
    succeeded(CHANGED, true, None)
}

/// Axero's text for a change, which is also what its own interface shows after a save.
const CHANGED: &str = "Changes saved successfully";

/// The text on reads is not known.
const READ: &str = "";

fn view<'a>(call: &Call<'a, Site>, site: &'a Site) -> View<'a> {
    View { directory: site.directory(), base_url: call.request.base_url(), now: call.now }
}
