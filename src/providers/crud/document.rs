//! What the OpenAPI document says under `columns=row`, beyond what its `x-when` can.

use serde_json::Value;

use super::persona::FURTHER;
use super::wire::{COLUMNS, TIMES};
use crate::provider::TrackedOptions;

/// The time of the newer page's sample.
const SAMPLE_TIME: &str = "2026-03-15T10:30:00Z";

/// Requires the further columns of an answered persona, and shows them in its examples.
pub(super) fn adapt(document: &mut Value, options: &TrackedOptions<'_>) {
    if options.setting(COLUMNS) != "row" {
        return;
    }
    if let Some(Value::Array(required)) = document.pointer_mut("/components/schemas/Persona/required") {
        required.extend(FURTHER.iter().copied().chain(TIMES).map(Value::from));
    }
    for part in ["/paths", "/components/responses"] {
        if let Some(part) = document.pointer_mut(part) {
            complete(part);
        }
    }
}

/// Adds the columns to every persona of an example: it alone has an `id` and a `narrative` that is no schema.
fn complete(node: &mut Value) {
    match node {
        Value::Object(members) => {
            if members.contains_key("id") && members.contains_key("narrative") {
                let blocks = FURTHER.iter().map(|block| (*block, Value::Null));
                let times = TIMES.into_iter().map(|time| (time, Value::from(SAMPLE_TIME)));
                members.extend(blocks.chain(times).map(|(name, value)| (name.to_owned(), value)));
            }
            members.values_mut().for_each(complete);
        }
        Value::Array(items) => items.iter_mut().for_each(complete),
        _ => {}
    }
}
