//! The operations on personas.

use std::sync::Arc;

use super::auth::{self, Right};
use super::entities::{Persona, PersonaModel};
use super::error::VendorError;
use super::state::{Save, Site};
use super::{rules, wire};
use crate::provider::{Call, IntoResponse, Response, Unread, WrongPart, pass_over_body};

type Answer = Result<Response, VendorError>;

/// `POST /api/personas`
pub(super) fn create(call: &Call<'_, Site>, unread: &mut Unread) -> Answer {
    save(call, unread, |body, save| {
        let changes = rules::addition(body)?;
        call.write(|site| site.add(changes, save))
    })
}

/// `PUT /api/personas/{PersonaID}`
pub(super) fn update(call: &Call<'_, Site>, unread: &mut Unread) -> Answer {
    save(call, unread, |body, save| {
        let id = rules::persona_id(call.param(0))?;
        let changes = rules::update(id, body)?;
        call.write(|site| site.update(id, changes, save))
    })
}

/// A save of the body's model. The framework reads the body before it finds out that the address has no integer.
///
/// What of the body binds to nothing does not change the answer (inferred), which then has a hint.
fn save(
    call: &Call<'_, Site>,
    unread: &mut Unread,
    save: impl FnOnce(Result<PersonaModel, WrongPart>, Save) -> Result<Arc<Persona>, VendorError>,
) -> Answer {
    let by = auth::caller(call, &call.read(), Right::Write)?;
    rules::no_parameters(call.request.query_pairs(), unread);
    let body = wire::body(&call.request, call.options, unread)?;
    let (body, hint) = match body {
        Ok(body) => {
            let hint = body.misplaced.hint();
            (Ok(body), hint)
        }
        Err(unbound) => {
            let hint = unbound.hint(call.request.body);
            (Err(unbound.part), hint)
        }
    };
    let persona = save(body.map(|body| body.persona), Save { by, at: call.now });
    let answer = persona.map(|persona| wire::saved(call, &persona));
    match hint {
        Some(hint) => Ok(answer.unwrap_or_else(|error| error.into_hinted(&call.request, call.options)).hint(hint)),
        None => answer,
    }
}

/// `GET /api/personas/{PersonaID}`
pub(super) fn get(call: &Call<'_, Site>, unread: &mut Unread) -> Answer {
    let site = call.read();
    auth::caller(call, &site, Right::Read)?;
    takes_nothing(call, unread);
    let id = rules::persona_id(call.param(0))?;
    Ok(wire::found(call, &site, site.persona(id)?))
}

/// `GET /api/personas`
pub(super) fn list(call: &Call<'_, Site>, unread: &mut Unread) -> Answer {
    let site = call.read();
    auth::caller(call, &site, Right::Read)?;
    pass_over_body(call.request.body, unread);
    let (page, outweighed) = rules::page(call.request.query_pairs(), unread)?;
    let answer = wire::listed(call, &site, &page.take(site.personas()));
    Ok(match outweighed {
        Some(outweighed) => answer.hint(outweighed.to_string()),
        None => answer,
    })
}

/// `DELETE /api/personas/{PersonaID}`
pub(super) fn delete(call: &Call<'_, Site>, unread: &mut Unread) -> Answer {
    auth::caller(call, &call.read(), Right::Write)?;
    takes_nothing(call, unread);
    let id = rules::persona_id(call.param(0))?;
    call.write(|site| site.delete(id))?;
    Ok(wire::deleted())
}

/// Notes what a request has for an operation that looks at the address alone.
fn takes_nothing(call: &Call<'_, Site>, unread: &mut Unread) {
    rules::no_parameters(call.request.query_pairs(), unread);
    pass_over_body(call.request.body, unread);
}
