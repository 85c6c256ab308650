//! The vendor's JSON: how requests are read and answers are spelled.

mod answers;
mod bodies;
mod countries;
mod headers;
mod members;
mod query;
mod reader;
mod times;
mod values;

use serde::Serialize;
use uuid::Uuid;

use crate::provider::Response;

use super::error::{Finding, Found, Quoted, VendorError};

pub(super) use answers::{Listing, RoleGiven, Success, people, person};
pub(super) use bodies::{new_person, optional_account, person_patch, persona_patch, required_account, role_change};
pub(super) use headers::{ALLOW, AUTHORIZATION, JSON, RETRY_AFTER};
pub(super) use query::Query;
pub(super) use reader::{Body, Reader};
pub(super) use times::{Millisecond, Second};
pub(super) use values::uuid;

/// An answer with a body.
pub(super) fn answer(status: u16, body: &impl Serialize) -> Response {
    Response::new(status).json_of_own(JSON, body)
}

/// Reads an id of the path, which an error calls `name`.
pub(super) fn path_id(name: &'static str, text: &str) -> Result<Uuid, VendorError> {
    uuid(text).ok_or_else(|| {
        let expected = reader::UUID.to_owned();
        VendorError::PathId(Finding { name, expected, found: Found::Text(Quoted::text(text)) })
    })
}
