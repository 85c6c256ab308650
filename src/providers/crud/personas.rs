//! One persona at a time.

use super::error::VendorError;
use super::reading::{Place, Sent};
use super::state::{Moment, State};
use super::{auth, rules, wire};
use crate::dialects::ecma_json::{Document, Value};
use crate::provider::{Call, IntoResponse, Response, Unread, pass_over_body};

pub(super) fn list(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let state = call.read();
    let caller = auth::caller(call, &state)?;
    let query = wire::query(&call.request);
    unread.clone_from(&query.unread);
    pass_over_body(call.request.body, unread);
    let listing = rules::listing(rules::zod(call.options), &query)?;
    let (personas, total) = state.list(&caller, &listing)?;
    Ok(wire::with_hint(wire::list(&personas, total, &listing, call.options), query.hint()))
}

pub(super) fn get(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let state = call.read();
    let caller = auth::caller(call, &state)?;
    let query = wire::query(&call.request);
    query.note_beside_id(unread);
    pass_over_body(call.request.body, unread);
    let id = rules::query_id(rules::zod(call.options), &query)?;
    Ok(wire::with_hint(wire::one(200, state.find(&caller, id)?, call.options), query.hint_beside_id()))
}

pub(super) fn create(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let caller = auth::caller(call, &call.read())?;
    call.request.pass_over_query(unread);
    let body = wire::body(call.request.body, unread)?;
    let new = rules::new_persona(rules::zod(call.options), whole(&body), unread)?;
    let persona = call.write(|state| state.create(&caller, new, Moment::of(call)))?;
    Ok(wire::with_hint(wire::one(201, &persona, call.options), wire::own_id(unread)))
}

pub(super) fn update(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let caller = auth::caller(call, &call.read())?;
    call.request.pass_over_query(unread);
    let body = wire::body(call.request.body, unread)?;
    let change = match rules::change(rules::zod(call.options), whole(&body), unread) {
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
pub(super) fn delete(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let caller = auth::caller(call, &call.read())?;
    let query = wire::query(&call.request);
    query.note_beside_id(unread);
    let id = if query.id.is_some() {
        pass_over_body(call.request.body, unread);
        rules::query_id(rules::zod(call.options), &query)?
    } else {
        let body = wire::optional_body(call.request.body, unread)?;
        match body.as_ref().map(whole) {
            Some(sent @ Sent { value: Value::Object(_), .. }) => rules::id_of(rules::zod(call.options), sent, unread)?,
            _ => return Err(VendorError::IdRequired),
        }
    };
    call.write(|state| state.delete(&caller, id))?;
    Ok(wire::with_hint(wire::deleted(call.options), query.hint_beside_id()))
}

fn whole(body: &Document) -> Sent<'_> {
    Sent { value: body.root(), place: Place::Body }
}
