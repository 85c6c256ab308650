//! How a body states a field that a persona need not have.

use std::fmt;

use super::error::VendorError;
use super::verbatim::Block;
use crate::dialects::ecma_json::{Text, Value};
use crate::dialects::zod::{Findings, Nullish, Shape, Version, nullish};
use crate::provider::Unread;

/// A value of a body, and where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent<'d> {
    pub(super) value: Value<'d>,
    pub(super) place: Place,
}

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the body.
    Body,
    /// It is the item of this number of a batch.
    Item(usize),
}

impl<'d> Sent<'d> {
    /// Its members, if it is an object. What Zod finds on a root value names no field, so there are no details.
    pub(super) fn shape(self) -> Result<Shape<'d>, VendorError> {
        match self.value {
            Value::Object(object) => Ok(Shape::of(object)),
            _ => Err(VendorError::Invalid(Findings::default())),
        }
    }

    /// Notes the members that are stripped, which is all but `named`.
    pub(super) fn note_stripped(self, shape: &Shape<'_>, named: &[&[&str]], unread: &mut Unread) {
        for name in shape.stripped(named) {
            unread.note(|| format!("{}.{name}", self.place));
        }
    }
}

/// As the journal spells it.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body => f.write_str("$"),
            Self::Item(number) => write!(f, "$[{number}]"),
        }
    }
}

/// The fields of a body, one after the other.
pub(super) struct Reading<'f, 'd> {
    pub(super) zod: Version,
    pub(super) shape: &'f mut Shape<'d>,
    pub(super) findings: &'f mut Findings,
}

/// A text that may be absent or null.
pub(super) fn text(reading: &mut Reading<'_, '_>, field: &'static str) -> Result<Nullish<Text>, VendorError> {
    let zod = reading.zod;
    let text = nullish(reading.shape.take(field), |value| zod.string(value).cloned());
    Ok(reading.findings.note(field, text).unwrap_or_default())
}

/// A JSON object that may be absent or null.
pub(super) fn block(reading: &mut Reading<'_, '_>, field: &'static str) -> Result<Nullish<Block>, VendorError> {
    let zod = reading.zod;
    let block = nullish(reading.shape.take(field), |value| zod.record(value));
    Ok(match reading.findings.note(field, block).unwrap_or_default() {
        Nullish::Given(record) => Nullish::Given(Block::of(record)?),
        Nullish::Null => Nullish::Null,
        Nullish::Absent => Nullish::Absent,
    })
}
