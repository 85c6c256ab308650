//! What is acceptable: the vendor's schemas, in the order in which they find faults.

use uuid::Uuid;

use super::error::VendorError;
use super::persona::Content;
use super::reading::{Reading, Sent};
use super::state::{Change, Listing, NewPersona};
use super::wire::Query;
use crate::dialects::ecma_json::Value;
use crate::dialects::zod::{Findings, Version, optional};
use crate::provider::{Options, Unread};

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
pub(super) fn id_of(zod: Version, sent: Sent<'_>, unread: &mut Unread) -> Result<Uuid, VendorError> {
    let mut shape = sent.shape()?;
    let id = shape.take("id");
    sent.note_stripped(&shape, &[&["id"]], unread);
    zod.uuid(required_id(id)?).map_err(|text| VendorError::Invalid(Findings::of("id", text)))
}

/// A persona that may be made. An `id` is not read: the vendor chooses it.
pub(super) fn new_persona(zod: Version, sent: Sent<'_>, unread: &mut Unread) -> Result<NewPersona, VendorError> {
    let mut shape = sent.shape()?;
    let mut findings = Findings::default();
    let project = findings.note("project_id", zod.uuid(shape.take("project_id")));
    let name = findings.note("name", zod.filled_string(shape.take("name")));
    let content = Content::read(Reading { zod, shape: &mut shape, findings: &mut findings });
    sent.note_stripped(&shape, &[&["project_id", "name"], Content::FIELDS], unread);
    match (project, name, content?) {
        (Some(project), Some(name), content) if findings.is_empty() => Ok(NewPersona { project, name, content }),
        _ => Err(VendorError::Invalid(findings)),
    }
}

/// A change that may be made, if the persona is there.
pub(super) fn change(zod: Version, sent: Sent<'_>, unread: &mut Unread) -> Result<Change, VendorError> {
    let mut shape = sent.shape()?;
    let sent_id = shape.take("id");
    let mut findings = Findings::default();
    let id = findings.note("id", zod.uuid(sent_id));
    let project = findings.note("project_id", optional(shape.take("project_id"), |id| zod.uuid(id))).flatten();
    let name = findings.note("name", optional(shape.take("name"), |name| zod.filled_string(name))).flatten();
    let content = Content::read(Reading { zod, shape: &mut shape, findings: &mut findings });
    sent.note_stripped(&shape, &[&["id", "project_id", "name"], Content::FIELDS], unread);
    required_id(sent_id)?;
    match (id, content?) {
        (Some(id), content) if findings.is_empty() => Ok(Change { id, project, name, content }),
        _ => Err(VendorError::Invalid(findings)),
    }
}

fn required_id(id: Option<Value<'_>>) -> Result<Option<Value<'_>>, VendorError> {
    match id {
        None | Some(Value::Null) => Err(VendorError::IdRequired),
        Some(Value::Text(text)) if text.is_empty() => Err(VendorError::IdRequired),
        id => Ok(id),
    }
}
