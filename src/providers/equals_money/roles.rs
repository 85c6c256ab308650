//! `/v2/roles`: the roles that personas can have.

use super::EqualsMoney;
use super::auth;
use super::error::VendorError;
use super::wire::{self, Body, Listing, Query, RoleRow};
use crate::http::provider::{Call, Response};

/// `GET /v2/roles`
///
/// `accountId` is there and "not used yet", says the vendor: it is not looked at.
pub(super) fn list(call: &Call<'_, EqualsMoney>) -> Result<Response, VendorError> {
    let caller = auth::identify(call)?;
    Body::check_type(&call.request)?;
    let page = Query::of(&call.request).page()?;
    let state = call.read();
    let visible = state.roles.iter().filter(|role| caller.sees(role.account.as_deref()));
    let (roles, count) = page.of(visible);
    let rows = roles.into_iter().map(RoleRow).collect();
    Ok(wire::answer(200, &Listing { count, limit: page.limit, offset: page.offset, rows, search: None }))
}
