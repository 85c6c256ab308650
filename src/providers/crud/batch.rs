//! Many personas at a time. Items are independent: what one is refused for does not touch the others. A batch
//! of which every item is refused changes nothing.

use super::caller::Caller;
use super::error::VendorError;
use super::state::{Moment, State};
use super::wire::{self, Batch};
use super::{auth, rules};
use crate::dialects::ecma_json::Value;
use crate::dialects::zod::Findings;
use crate::provider::{Call, Response};

pub(super) fn create(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let (zod, moment) = (rules::zod(call.options), Moment::of(call));
    let batch = each(call, |state, caller, item| state.create(caller, rules::new_persona(zod, item)?, moment))?;
    Ok(wire::batch(201, &batch, wire::Naming::ByIndex, call.options))
}

pub(super) fn update(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let (zod, moment) = (rules::zod(call.options), Moment::of(call));
    let batch = each(call, |state, caller, item| state.update(caller, rules::change(zod, item)?, moment))?;
    Ok(wire::batch(200, &batch, wire::Naming::ById, call.options))
}

pub(super) fn delete(call: &Call<'_, State>) -> Result<Response, VendorError> {
    let zod = rules::zod(call.options);
    let batch = each(call, |state, caller, item| state.delete(caller, rules::id_of(zod, item)?))?;
    Ok(wire::deleted_batch(&batch))
}

/// Applies a change to each item of the body's array, in order, and keeps what each came to.
fn each<T>(
    call: &Call<'_, State>,
    apply: impl Fn(&mut State, &Caller, Value<'_>) -> Result<T, VendorError>,
) -> Result<Batch<T>, VendorError> {
    let caller = auth::caller(call, &call.read())?;
    let body = wire::body(call.request.body)?;
    let items = match body.root() {
        Value::Array(items) if !items.is_empty() => items,
        _ => return Err(VendorError::Invalid(Findings::default())),
    };
    let written = call.write(|state| {
        let mut batch = Batch::default();
        for item in items.iter() {
            batch.note(item, apply(state, &caller, item)).map_err(Unwritten::Failed)?;
        }
        if batch.is_refused() { Err(Unwritten::Refused(batch)) } else { Ok(batch) }
    });
    match written {
        Ok(batch) | Err(Unwritten::Refused(batch)) => Ok(batch),
        Err(Unwritten::Failed(error)) => Err(error),
    }
}

/// Why a batch left the state as it was.
enum Unwritten<T> {
    /// Every item was refused.
    Refused(Batch<T>),
    /// It failed as a whole.
    Failed(VendorError),
}
