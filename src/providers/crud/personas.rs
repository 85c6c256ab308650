//! One persona at a time.

use super::error::VendorError;
use super::state::{Moment, State};
use super::{auth, rules, wire};
use crate::dialects::ecma_json::Value;
use crate::provider::{Call, IntoResponse, Response};

pub(super) fn list(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let state = call.read();
    let caller = auth::caller(call, &state)?;
    let query = wire::query(&call.request);
    let listing = rules::listing(rules::zod(call.options), &query)?;
    let (personas, total) = state.list(&caller, &listing)?;
    let answer = wire::list(&personas, total, &listing, call.options);
    Ok(match query.hint() {
        Some(hint) => answer.hint(hint),
        None => answer,
    })
}

pub(super) fn get(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let state = call.read();
    let caller = auth::caller(call, &state)?;
    let id = rules::query_id(rules::zod(call.options), &wire::query(&call.request))?;
    Ok(wire::one(200, state.find(&caller, id)?, call.options))
}

pub(super) fn create(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let caller = auth::caller(call, &call.read())?;
    let body = wire::body(call.request.body)?;
    let new = rules::new_persona(rules::zod(call.options), body.root())?;
    let persona = call.write(|state| state.create(&caller, new, Moment::of(call)))?;
    Ok(wire::one(201, &persona, call.options))
}

pub(super) fn update(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let caller = auth::caller(call, &call.read())?;
    let body = wire::body(call.request.body)?;
    let change = match rules::change(rules::zod(call.options), body.root()) {
        // The other operations on one persona have it in the query.
        Err(error @ VendorError::IdRequired) if wire::query(&call.request).id.is_some() => {
            let hint = "id in the query is not read here: the vendor's page wants it in the body";
            return Ok(error.into_response(&call.request, call.options).hint(hint));
        }
        change => change?,
    };
    let persona = call.write(|state| state.update(&caller, change, Moment::of(call)))?;
    Ok(wire::one(200, &persona, call.options))
}

/// The id stands in the query; a body `{"id": …}` is taken where it does not.
pub(super) fn delete(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let caller = auth::caller(call, &call.read())?;
    let query = wire::query(&call.request);
    let id = if query.id.is_some() {
        rules::query_id(rules::zod(call.options), &query)?
    } else {
        let body = wire::optional_body(call.request.body)?;
        match body.as_ref().map(|body| body.root()) {
            Some(object @ Value::Object(_)) => rules::id_of(rules::zod(call.options), object)?,
            _ => return Err(VendorError::IdRequired),
        }
    };
    call.write(|state| state.delete(&caller, id))?;
    Ok(wire::deleted(call.options))
}
