//! The operations on personas.

use super::auth::{self, Right};
use super::error::VendorError;
use super::state::{Save, Site};
use super::wire::PersonaModel;
use super::{routes, rules, wire};
use crate::provider::{Call, Response};

type Answer = Result<Response, VendorError>;

/// Answers the operation that the routes named.
pub(super) fn handle(call: &Call<'_, Site>) -> Answer {
    match *call.operation {
        routes::CREATE_PERSONA => save(call, create_persona),
        routes::UPDATE_PERSONA => save(call, update_persona),
        routes::GET_PERSONA => get_persona(call),
        routes::DELETE_PERSONA => delete_persona(call),
        _ => list_personas(call),
    }
}

fn create_persona(call: &Call<'_, Site>, model: Option<PersonaModel>, save: Save) -> Answer {
    let (name, changes) = rules::addition(model)?;
    let persona = call.write(|site| site.add(name, changes, save))?;
    Ok(wire::saved(call, &persona))
}

fn update_persona(call: &Call<'_, Site>, model: Option<PersonaModel>, save: Save) -> Answer {
    let id = rules::persona_id(call.param(0))?;
    let changes = rules::update(id, model)?;
    let persona = call.write(|site| site.update(id, changes, save))?;
    Ok(wire::saved(call, &persona))
}

/// A save of the body's model. The framework reads the body before it finds out that the address has no integer.
///
/// What of the body binds to nothing does not change the answer (inferred), which then has a hint.
fn save(call: &Call<'_, Site>, save: impl FnOnce(&Call<'_, Site>, Option<PersonaModel>, Save) -> Answer) -> Answer {
    let by = auth::caller(call, &call.read(), Right::Write)?;
    let model = wire::persona_model(&call.request, call.options)?;
    let hint = model.as_ref().and_then(|model| model.misplaced.hint());
    let answer = save(call, model, Save { by, at: call.now });
    match hint {
        Some(hint) => Ok(answer.unwrap_or_else(|error| error.answer(call.options)).hint(hint)),
        None => answer,
    }
}

fn get_persona(call: &Call<'_, Site>) -> Answer {
    let site = call.read();
    auth::caller(call, &site, Right::Read)?;
    let id = rules::persona_id(call.param(0))?;
    Ok(wire::found(call, &site, site.persona(id)?))
}

fn list_personas(call: &Call<'_, Site>) -> Answer {
    let site = call.read();
    auth::caller(call, &site, Right::Read)?;
    let page = rules::page(call.request.query_pairs())?;
    Ok(wire::listed(call, &site, &page.take(site.personas())))
}

fn delete_persona(call: &Call<'_, Site>) -> Answer {
    auth::caller(call, &call.read(), Right::Write)?;
    let id = rules::persona_id(call.param(0))?;
    call.write(|site| site.delete(id))?;
    Ok(wire::deleted())
}
