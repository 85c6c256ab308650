//! What is acceptable: the vendor's schemas, in the order in which they find faults.

use uuid::Uuid;

use super::error::VendorError;
use super::state::{Block, Change, Content, Listing, NewPersona};
use super::wire::{BLOCKS, Query, TEXTS};
use crate::dialects::ecma_json::{Object, Text, Value};
use crate::dialects::zod::{Findings, Nullish, Version, nullish, optional};
use crate::provider::Options;

/// The most personas a page has; a larger `limit` is cut to it.
const LARGEST_LIMIT: f64 = 1_000.0;
const DEFAULT_LIMIT: f64 = 100.0;

/// The setting that says with which version of Zod the vendor validates.
pub(super) const ZOD: &str = "zod";

/// The version of Zod that the vendor validates with.
pub(super) fn zod(options: &Options) -> Version {
    Version::named(options.setting(ZOD))
}

/// The list that a query asks for. A parameter without a value counts as absent.
pub(super) fn listing(zod: Version, query: &Query<'_>) -> Result<Listing, VendorError> {
    let mut findings = Findings::default();
    let project = query.project_id.as_deref().map(|text| zod.uuid_text(text)).transpose();
    let project = findings.note("project_id", project).flatten();
    let newer = query.project_id_of_newer_page.as_deref().map(|text| zod.uuid_text(text)).transpose();
    let newer = findings.note("projectId", newer).flatten();
    let limit = query.limit.as_deref().map_or(Ok(DEFAULT_LIMIT), |text| zod.coerced_integer(text, 1));
    let limit = findings.note("limit", limit);
    let offset = query.offset.as_deref().map_or(Ok(0.0), |text| zod.coerced_integer(text, 0));
    let offset = findings.note("offset", offset);
    match (limit, offset) {
        (Some(limit), Some(offset)) if findings.is_empty() => {
            if project.zip(newer).is_some_and(|(project, newer)| project != newer) {
                return Err(VendorError::Invalid(Findings::of("projectId", VendorError::TWO_PROJECTS)));
            }
            let search = query.search.as_deref().map(str::to_lowercase);
            Ok(Listing { project: project.or(newer), search, limit: limit.min(LARGEST_LIMIT), offset })
        }
        _ => Err(VendorError::Invalid(findings)),
    }
}

/// The id that a query names.
pub(super) fn query_id(zod: Version, query: &Query<'_>) -> Result<Uuid, VendorError> {
    let id = query.id.as_deref().ok_or(VendorError::IdRequired)?;
    zod.uuid_text(id).map_err(|text| VendorError::Invalid(Findings::of("id", text)))
}

/// The id that an object names. Absent, null and empty are one and the same lack.
pub(super) fn id_of(zod: Version, value: Value<'_>) -> Result<Uuid, VendorError> {
    let object = required_id(value)?;
    zod.uuid(object.get("id")).map_err(|text| VendorError::Invalid(Findings::of("id", text)))
}

/// A persona that may be made.
pub(super) fn new_persona(zod: Version, value: Value<'_>) -> Result<NewPersona, VendorError> {
    let object = object(value)?;
    let mut findings = Findings::default();
    let project = findings.note("project_id", zod.uuid(object.get("project_id")));
    let name = findings.note("name", zod.filled_string(object.get("name")));
    let content = content(zod, object, &mut findings)?;
    match (project, name) {
        (Some(project), Some(name)) if findings.is_empty() => Ok(NewPersona { project, name, content }),
        _ => Err(VendorError::Invalid(findings)),
    }
}

/// A change that may be made, if the persona is there.
pub(super) fn change(zod: Version, value: Value<'_>) -> Result<Change, VendorError> {
    let object = required_id(value)?;
    let mut findings = Findings::default();
    let id = findings.note("id", zod.uuid(object.get("id")));
    let project = findings.note("project_id", optional(object.get("project_id"), |id| zod.uuid(id))).flatten();
    let name = findings.note("name", optional(object.get("name"), |name| zod.filled_string(name))).flatten();
    let content = content(zod, object, &mut findings)?;
    match id {
        Some(id) if findings.is_empty() => Ok(Change { id, project, name, content }),
        _ => Err(VendorError::Invalid(findings)),
    }
}

fn content(
    zod: Version,
    object: Object<'_>,
    findings: &mut Findings,
) -> Result<Content<Nullish<Text>, Nullish<Block>>, VendorError> {
    let mut content = Content::default();
    for (field, slot) in TEXTS.into_iter().zip(&mut content.texts) {
        let text = nullish(object.get(field), |value| zod.string(value).cloned());
        *slot = findings.note(field, text).unwrap_or_default();
    }
    for (field, slot) in BLOCKS.into_iter().zip(&mut content.blocks) {
        *slot = match findings.note(field, nullish(object.get(field), |value| zod.record(value))).unwrap_or_default() {
            Nullish::Given(record) => Nullish::Given(Block::from_printed(record.print()?)),
            Nullish::Null => Nullish::Null,
            Nullish::Absent => Nullish::Absent,
        };
    }
    Ok(content)
}

fn required_id(value: Value<'_>) -> Result<Object<'_>, VendorError> {
    let object = object(value)?;
    match object.get("id") {
        None | Some(Value::Null) => Err(VendorError::IdRequired),
        Some(Value::Text(text)) if text.is_empty() => Err(VendorError::IdRequired),
        Some(_) => Ok(object),
    }
}

/// An object. What Zod finds on a root value names no field, so there are no details.
fn object(value: Value<'_>) -> Result<Object<'_>, VendorError> {
    match value {
        Value::Object(object) => Ok(object),
        _ => Err(VendorError::Invalid(Findings::default())),
    }
}
