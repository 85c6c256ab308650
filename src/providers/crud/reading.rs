//! How a body states a field that a persona need not have.

use super::error::VendorError;
use super::verbatim::Block;
use crate::dialects::ecma_json::{Object, Text};
use crate::dialects::zod::{Findings, Nullish, Version, nullish};

/// The fields of a body, one after the other.
pub(super) struct Reading<'f, 'd> {
    pub(super) zod: Version,
    pub(super) object: Object<'d>,
    pub(super) findings: &'f mut Findings,
}

/// A text that may be absent or null.
pub(super) fn text(reading: &mut Reading<'_, '_>, field: &'static str) -> Result<Nullish<Text>, VendorError> {
    let zod = reading.zod;
    let text = nullish(reading.object.get(field), |value| zod.string(value).cloned());
    Ok(reading.findings.note(field, text).unwrap_or_default())
}

/// A JSON object that may be absent or null.
pub(super) fn block(reading: &mut Reading<'_, '_>, field: &'static str) -> Result<Nullish<Block>, VendorError> {
    let zod = reading.zod;
    let block = nullish(reading.object.get(field), |value| zod.record(value));
    Ok(match reading.findings.note(field, block).unwrap_or_default() {
        Nullish::Given(record) => Nullish::Given(Block::of(record)?),
        Nullish::Null => Nullish::Null,
        Nullish::Absent => Nullish::Absent,
    })
}
