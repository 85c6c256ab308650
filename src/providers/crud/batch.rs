//! Many personas at a time. Items are independent: what one is refused for does not touch the others. A batch
//! of which every item is refused changes nothing, and so does one whose answer would be too large.

use super::caller::Caller;
use super::error::VendorError;
use super::reading::{Place, Sent};
use super::state::{Moment, State};
use super::wire::{self, Batch, Failed};
use super::{auth, rules};
use crate::dialects::ecma_json::Value;
use crate::provider::{Call, Response, Unread};
use crate::world::weight::{self, MOST_ANSWER};

pub(super) fn create(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let (zod, moment) = (rules::zod(call.options), Moment::of(call));
    let read = |item: Sent<'_>, unread: &mut Unread| rules::new_persona(zod, item, unread);
    let batch = each(call, unread, read, |state, caller, new| state.create(caller, new, moment))?;
    let hint = wire::own_id(unread).filter(|_| batch.is_done());
    Ok(wire::with_hint(wire::batch(201, &batch, wire::Naming::ByIndex, call.options), hint))
}

pub(super) fn update(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let (zod, moment) = (rules::zod(call.options), Moment::of(call));
    let read = |item: Sent<'_>, unread: &mut Unread| rules::change(zod, item, unread);
    let batch = each(call, unread, read, |state, caller, change| state.update(caller, change, moment))?;
    Ok(wire::batch(200, &batch, wire::Naming::ById, call.options))
}

pub(super) fn delete(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let zod = rules::zod(call.options);
    let read = |item: Sent<'_>, unread: &mut Unread| rules::id_of(zod, item, unread);
    let batch = each(call, unread, read, |state, caller, id| state.delete(caller, id))?;
    Ok(wire::deleted_batch(&batch))
}

/// Reads each item of the body's array, applies it as a change, in order, and keeps what each came to.
fn each<I, T>(
    call: &Call<'_, State>,
    unread: &mut Unread,
    read: impl Fn(Sent<'_>, &mut Unread) -> Result<I, VendorError>,
    apply: impl Fn(&mut State, &Caller, I) -> Result<T, VendorError>,
) -> Result<Batch<T>, VendorError> {
    let caller = auth::caller(call, &call.read())?;
    call.request.pass_over_query(unread);
    let body = wire::body(call.request.body, unread)?;
    let items = match body.root() {
        Value::Array(items) if !items.is_empty() => items,
        _ => return Err(VendorError::EmptyBatch),
    };
    let mut inputs = Vec::new();
    let mut failed_bytes = 0;
    for (number, value) in items.iter().enumerate() {
        let item = Sent { value, place: Place::Item(number) };
        let input = match read(item, unread) {
            Ok(input) => Ok(input),
            Err(error) => {
                let failed = Failed::of(item, error, failed_bytes == 0)?;
                failed_bytes += failed.bytes();
                Err(failed)
            }
        };
        inputs.push((item, input));
        if failed_bytes > MOST_ANSWER {
            call.refuse_answer();
            return Ok(Batch::default());
        }
    }
    let written = call.write(|state| {
        let mut batch = Batch::default();
        for (item, input) in inputs {
            match input {
                Ok(input) => batch.note(item, apply(state, &caller, input)).map_err(Unwritten::Failed)?,
                Err(failed) => batch.note_failed(failed),
            }
            // The answer shows all that was written: a short body can name a large persona over and over.
            if weight::is_too_much() {
                break;
            }
            if batch.failed_bytes() > MOST_ANSWER {
                return Err(Unwritten::TooLarge);
            }
        }
        if batch.is_refused() { Err(Unwritten::Refused(batch)) } else { Ok(batch) }
    });
    match written {
        // Its answer would be thrown away, and may be large.
        Ok(_) if call.is_full() => Ok(Batch::default()),
        Ok(batch) | Err(Unwritten::Refused(batch)) => Ok(batch),
        Err(Unwritten::TooLarge) => {
            call.refuse_answer();
            Ok(Batch::default())
        }
        Err(Unwritten::Failed(error)) => Err(error),
    }
}

/// Why a batch left the state as it was.
enum Unwritten<T> {
    /// Every item was refused.
    Refused(Batch<T>),
    /// Its answer would be too large.
    TooLarge,
    /// It failed as a whole.
    Failed(VendorError),
}
