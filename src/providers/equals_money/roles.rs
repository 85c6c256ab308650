//! `/v2/roles`: the roles that personas can have.

use super::auth;
use super::error::VendorError;
use super::state::State;
use super::wire::{self, Body, Listing, Query};
use crate::provider::entity::Shown;
use crate::provider::{Call, Response, Unread, pass_over_body};

/// `GET /v2/roles`
///
/// `accountId` is there and "not used yet", says the vendor: it is not looked at. Roles come by name, each
/// with the account that has it (documented in the tutorial). One that the fixture gives to every account is
/// listed for each (inferred).
pub(super) fn list(call: &Call<'_, State>, unread: &mut Unread) -> Result<Response, VendorError> {
    let caller = auth::identify(call)?;
    Body::check_type(&call.request)?;
    pass_over_body(call.request.body, unread);
    let page = Query::of(&call.request).roles(unread)?;
    let state = call.read();
    let directory = &state.directory;
    let roles = directory.sorted_roles();
    let places = roles.into_iter().flat_map(|role| directory.accounts_with(role).map(move |account| (role, account)));
    let (places, count) = page.of(places.filter(|(_, account)| caller.sees(account)));
    let rows = places.iter().map(|(role, account)| Shown(*role, account)).collect();
    Ok(wire::answer(200, &Listing { count, limit: page.limit, offset: page.offset, rows, search: None }))
}
